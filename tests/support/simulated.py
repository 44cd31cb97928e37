"""A simulated station in front of a scripted central system, in memory and on a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from ocppj.aio.pipe import PipeTransport, connect_pipe
from ocppj.session import Request, Response
from runtime.chance import SeededChance
from runtime.clock import ManualClock, settle
from runtime.lifecycle import Background
from simulator.connection.file_client import FileClient
from simulator.model.stored_state import StateFile
from simulator.model.template import StationTemplate, identify, load_template
from simulator.station.station import Station
from tests.support.answering import AnsweringLink, Script, agree
from tests.support.websocket import WAIT_S, Door, serving

T = TypeVar("T")
MAC = "02:B0:16:00:00:01"
TURNS = 120
"""Turns of the loop in which everything that goes over a pipe has come to rest."""


class Stage:
    """The station, the central system's links, and time."""

    def __init__(self, station: Station, door: Door, clock: ManualClock) -> None:
        self.station = station
        self.door = door
        self.clock = clock
        self.pipes: list[PipeTransport] = []
        self.message_store: list[str] = []
        station.log.listen(lambda entry: self.message_store.append(entry.text))

    @property
    def link(self) -> AnsweringLink:
        """The central system's end of the last connection."""
        found = self.door.links[-1]
        assert isinstance(found, AnsweringLink)
        return found

    @property
    def requests(self) -> list[Request]:
        """Everything the station has said, on all connections."""
        return [request for link in self.door.links for request in link.requests]  # type: ignore[attr-defined]

    @property
    def actions(self) -> list[str]:
        """The actions of `requests`."""
        return [request.action for request in self.requests]

    def said(self, action: str) -> list[Any]:
        """The messages of one action."""
        return [request.message for request in self.requests if request.action == action]

    async def rest(self) -> None:
        """Let everything happen that happens without time passing."""
        await settle(TURNS)

    async def advance(self, seconds: float) -> None:
        """Let time pass; whatever is due within it happens, and its messages are answered."""
        for step in _steps(seconds):
            await self.clock.advance(step)
            await self.rest()

    async def boot(self) -> None:
        """From power on to an accepted station at rest."""
        await self.advance(self.station.template.start_s)
        assert self.station.snapshot().is_accepted

    async def meanwhile(self, work: Coroutine[Any, Any, T], seconds: float = 0.0) -> T:
        """Let `work` go on while time passes; what it returns or raises."""
        async with Background("meanwhile") as tasks:
            task = tasks.start(_outcome(work))
            await self.advance(seconds)
            outcome = await asyncio.wait_for(task, WAIT_S)
        if isinstance(outcome, Exception):
            raise outcome
        return cast("T", outcome)

    async def ask(self, action: str, payload: dict[str, Any] | None = None) -> Any:
        """A CALL of the central system: the station's answer, a message or the error's code."""
        link = self.link
        link.ask(action, payload or {})
        count = len(link.heard)
        await self.rest()
        assert len(link.heard) == count + 1, f"{action} was not answered"
        heard = link.heard[-1]
        return heard.message if isinstance(heard, Response) else heard.code


async def _outcome(work: Coroutine[Any, Any, T]) -> T | Exception:
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - handed on to the test
        return error


def _steps(seconds: float) -> list[float]:
    """One jump, or several where much may follow from what happens during it."""
    count = max(1, round(seconds / 30))
    return [seconds / count] * count


@asynccontextmanager
async def simulated(
    template: StationTemplate | str = "ac-16",
    script: Script = agree,
    *,
    state_file: StateFile | None = None,
    password: str | None = None,
    clock: ManualClock | None = None,
    is_running: bool = True,
    files: FileClient | None = None,
) -> AsyncIterator[Stage]:
    """A station that has just been powered on (see `Stage.boot`)."""
    kind = load_template(template) if isinstance(template, str) else template
    clock = clock or ManualClock()
    door = Door(lambda connection: AnsweringLink(connection, script))
    async with serving(door) as site, Background("station") as tasks:
        pipes: list[PipeTransport] = []

        async def dial(factory: Callable[[], asyncio.Protocol], host: str, port: int) -> None:
            pipes.extend(connect_pipe(factory(), site.server.protocol()))

        station = Station(
            kind,
            identify(kind, mac=MAC),
            url="ws://csms.example/ocpp",
            clock=clock,
            chance=SeededChance(1),
            state_file=state_file,
            password=password,
            dial=dial,
            files=files,
        )
        stage = Stage(station, door, clock)
        stage.pipes = pipes
        if is_running:
            tasks.start(station.run())
        yield stage


def changed_template(name: str = "ac-16", **changes: Any) -> StationTemplate:
    """A shipped template with other values; `variables` are added to its own."""
    kind = load_template(name)
    if "variables" in changes:
        changes["variables"] = kind.variables | changes["variables"]
    return StationTemplate.model_validate(kind.model_dump() | changes)
