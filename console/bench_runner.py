"""What plays for the page of the bench: simulated stations and scenarios, in a process of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from access.principals import Principal
from csms.domain.bench_runs import BenchRun
from runtime.wording import Phrase

Hand = Literal[
    "plug",
    "unplug",
    "present",
    "fault",
    "repair",
    "power-off",
    "power-on",
    "network-off",
    "network-on",
    "restart",
]
EVSE_HANDS: tuple[Hand, ...] = ("plug", "unplug", "fault", "repair")
BOX_HANDS: tuple[Hand, ...] = ("power-off", "power-on", "network-off", "network-on", "restart")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedEvse:
    """An EVSE of a simulated station, as a person in front of it sees it."""

    evse_id: int
    state: str
    is_plugged: bool
    error: str | None
    power_w: float
    energy_wh: float
    transaction_id: str | None
    id_token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedStation:
    """A simulated station, as it was last told of."""

    station_id: str
    template: str
    version: str
    model: str
    is_powered: bool
    is_connected: bool
    is_accepted: bool
    evses: tuple[SimulatedEvse, ...]


@dataclass(frozen=True, slots=True)
class PlayableScenario:
    """A scenario that ships, the roles it has, and what it is about."""

    name: str
    title: Phrase
    roles: tuple[str, ...]
    source: str
    """Its name, or its file."""


class BenchRunner(Protocol):
    """Raises Problem for what cannot be done."""

    @property
    def templates(self) -> Sequence[tuple[str, str]]:
        """Name and version of the stations that can be started."""
        ...

    @property
    def scenarios(self) -> Sequence[PlayableScenario]:
        """Those that can be played."""
        ...

    def stations(self) -> Sequence[SimulatedStation]:
        """Those that run now, by id."""
        ...

    async def start(self, template: str, by: str) -> str:
        """Switch one on; its id."""
        ...

    async def stop(self, station_id: str) -> None:
        """Switch it off."""
        ...

    async def use_hand(self, station_id: str, hand: Hand, evse_id: int, id_token: str) -> None:
        """Do something to it."""
        ...

    async def begin_run(self, who: Principal, scenario: str, bindings: Sequence[str], language: str) -> str:
        """Play a scenario; the id of the run. It may do what they may."""
        ...

    async def end_run(self, run_id: str) -> None:
        """Stop it."""
        ...

    async def prompt_done(self, run_id: str) -> None:
        """A person has done what it was asking for."""
        ...

    async def runs(self, limit: int) -> Sequence[BenchRun]:
        """The latest first."""
        ...

    async def run(self, run_id: str) -> BenchRun | None:
        """One."""
        ...
