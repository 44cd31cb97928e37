"""Running one simulated station on the terminal, until it is told to stop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass

from borne.station_cli.hints import hint_for, token_hint
from borne.station_cli.keyboard import typed_lines
from borne.station_cli.log_lines import Lines
from borne.station_cli.typed_commands import FOR_EVER_S, TypedCommandError, TypedCommands
from runtime.clock import SystemClock
from runtime.lifecycle import Stop
from simulator.errors import SimulatorError, StateFileError
from simulator.model.station_log import LogEntry, Topic
from simulator.station.charging import TokenOutcome
from simulator.station.station import Station

DONE, FAILED, CANNOT_RUN, STOPPED = 0, 1, 3, 130
Keys = Callable[[], AsyncIterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRunOptions:
    """What the station is to do by itself, and for how long (None: until told otherwise)."""

    is_plugged: bool = False
    id_token: str | None = None
    seconds: float | None = None


class StationRun:
    """One station, its log and its keyboard."""

    def __init__(
        self, station: Station, lines: Lines, options: StationRunOptions, *, keys: Keys = typed_lines
    ) -> None:
        self._station = station
        self._lines = lines
        self._options = options
        self._keys = keys
        self._hinted: set[str] = set()
        self._was_connected = False
        self._was_accepted = False
        self._is_refused = options.id_token is not None
        """The token was presented and did not start a charge, or not presented yet."""

    async def run(self, stop: Stop) -> int:
        """The exit code: 0 quit or done, 1 not accepted or refused, 3 never connected, 130 stopped."""
        end: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        with self._listening():
            try:
                async with asyncio.TaskGroup() as group:
                    work = (
                        self._station.run(),
                        self._fulfil(),
                        self._run_typed_lines(end),
                        self._wait_for_stop(stop, end),
                        self._wait_for_time(end),
                    )
                    tasks = [group.create_task(part) for part in work]
                    code = await end
                    self._lines.result(self._station.snapshot())
                    for task in tasks:
                        task.cancel()
            except* StateFileError as problems:
                self._lines.print_text(str(problems.exceptions[0]), is_trouble=True)
                code = CANNOT_RUN
        return code

    @contextmanager
    def _listening(self) -> Iterator[None]:
        leave = (self._station.tap.listen(self._lines.frame), self._station.log.listen(self._entry))
        try:
            yield
        finally:
            for go in leave:
                go()

    def _entry(self, entry: LogEntry) -> None:
        self._lines.entry(entry)
        now = self._station.snapshot()
        self._was_connected |= now.is_connected
        self._was_accepted |= now.is_accepted
        trouble = self._station.trouble
        if entry.topic is Topic.LINK and entry.is_trouble and trouble is not None:
            hint = hint_for(trouble)
            if hint is not None and hint not in self._hinted:
                self._hinted.add(hint)
                self._lines.print_text(hint, is_trouble=True)

    # What goes on at the same time

    async def _fulfil(self) -> None:
        """Plug in and present the token, once the station is accepted."""
        if not self._options.is_plugged and self._options.id_token is None:
            return
        await self._station.wait_until(lambda now: now.is_accepted, FOR_EVER_S)
        if self._options.is_plugged:
            self._station.plug()
        if self._options.id_token is not None:
            await self._present(self._options.id_token)

    async def _present(self, id_token: str) -> None:
        try:
            result = await self._station.present(id_token)
        except SimulatorError as error:
            self._lines.print_text(str(error), is_trouble=True)
            return
        self._is_refused = result.outcome is TokenOutcome.REFUSED
        if self._is_refused:
            status = result.status.value if result.status is not None else "refused"
            self._lines.print_text(f"{id_token}: {status}, {result.reason}", is_trouble=True)
            hint = token_hint(id_token, result.status)
            if hint is not None:
                self._lines.print_text(hint, is_trouble=True)

    async def _run_typed_lines(self, end: "asyncio.Future[int]") -> None:
        commands = TypedCommands(self._station, SystemClock())
        async with aclosing(self._keys()) as typed:  # type: ignore[type-var] # every keyboard is a generator
            async for line in typed:
                if line in ("quit", "exit", "q"):
                    _finish(end, DONE)
                elif line == "status":
                    self._lines.result(self._station.snapshot())
                else:
                    await self._run_line(commands, line)

    async def _run_line(self, commands: TypedCommands, line: str) -> None:
        try:
            self._lines.print_text(await commands.run(line))
        except TypedCommandError as error:
            self._lines.print_text(str(error), is_trouble=True)

    async def _wait_for_stop(self, stop: Stop, end: "asyncio.Future[int]") -> None:
        await stop.wait()
        _finish(end, STOPPED)

    async def _wait_for_time(self, end: "asyncio.Future[int]") -> None:
        if self._options.seconds is None:
            return
        await SystemClock().sleep(self._options.seconds)
        if not self._was_connected:
            _finish(end, CANNOT_RUN)
        else:
            _finish(end, DONE if self._was_accepted and not self._is_refused else FAILED)


def _finish(end: "asyncio.Future[int]", code: int) -> None:
    if not end.done():
        end.set_result(code)
