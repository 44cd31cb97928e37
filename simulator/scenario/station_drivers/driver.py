"""What a step can have done at a station, simulated or real."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from ocppj.versions import OcppVersion
from runtime.lifecycle import Background
from simulator.scenario.event_log import EventLog
from simulator.scenario.hands import Rig
from simulator.scenario.pace import RunPace
from simulator.scenario.words import RunTexts

Bound = Literal["sim", "wire"]
HAND_S = 300.0
"""What a person gets for an action of the hand."""
CONNECT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WireAnswer:
    """What answered a CALL: a payload, or a CALLERROR; neither where nobody answered in time."""

    payload: Any = None
    error_code: str | None = None
    error_description: str | None = None

    @property
    def is_open(self) -> bool:
        """Nobody answered."""
        return self.payload is None and self.error_code is None

    @property
    def content(self) -> Any:
        """What is compared with a pattern."""
        if self.error_code is None:
            return self.payload
        return {"code": self.error_code, "description": self.error_description}


class Prompter(Protocol):
    """Asks whoever sits at the terminal."""

    @property
    def is_interactive(self) -> bool:
        """Whether somebody does."""
        ...

    def request(self, text: str) -> Awaitable[None]:
        """Show a text; returns once Enter was pressed. Cancelling takes the text away."""
        ...


@dataclass(frozen=True, slots=True)
class DriverContext:
    """What all drivers of a run share: time, language, and who owns their tasks."""

    pace: RunPace
    words: RunTexts
    tasks: Background
    rig: Rig | None = None
    """Machines that are hands; what it does not do is asked of a person."""


class StationDriver(Protocol):
    """One role. Every method ends the step with an `StepOutcome` where it cannot be done as asked."""

    role: str
    bound: Bound
    station_id: str
    version: OcppVersion
    event_log: EventLog

    @property
    def title(self) -> str:
        """For people: how the role is bound."""
        ...

    @property
    def fields(self) -> dict[str, Any]:
        """What `${role.…}` can be (`vocabulary.ROLE_FIELDS`)."""
        ...

    def connectors(self) -> list[tuple[int, int]]:
        """Every connector that is known: (EVSE, connector)."""
        ...

    def earlier_status(self, place: tuple[int, int]) -> str | None:
        """The status that a connector had before the run began; None where nobody knows."""
        ...

    async def connect(self, *, fresh: bool, within_s: float | None) -> str:
        """See it connected; started anew if `fresh`. Returns what is to be told."""
        ...

    async def disconnect(self, within_s: float | None) -> str:
        """Take it off the network."""
        ...

    async def reconnect(self, within_s: float | None) -> str:
        """Bring the network back."""
        ...

    async def power_cut(self, within_s: float | None) -> str:
        """Take the power away and give it back."""
        ...

    async def plug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:
        """Put a cable in."""
        ...

    async def unplug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:
        """Pull it."""
        ...

    async def present(
        self, token: str, evse_id: int, within_s: float | None, contract: str | None = None
    ) -> str:
        """Hold a token to the reader."""
        ...

    async def prompt(self, text: str, within_s: float | None, hand: str | None = None) -> str:
        """Have something done that no other step names; `hand` is what a rig calls it."""
        ...

    async def fault(self, evse_id: int, connector_id: int, code: str) -> str:
        """Break a connector."""
        ...

    async def clear_fault(self, evse_id: int, connector_id: int) -> str:
        """Repair it."""
        ...

    async def send(self, text: str) -> str:
        """Send a raw frame."""
        ...

    async def request(self, action: str, payload: Mapping[str, Any], within_s: float) -> WireAnswer:
        """Send a CALL and wait for what answers it."""
        ...


@runtime_checkable
class WithCredentials(Protocol):
    """A driver whose station can be made to give other credentials, or to want to be turned away."""

    given: Mapping[str, Any]
    """`user`, `password` and `refused` of the next connection."""
