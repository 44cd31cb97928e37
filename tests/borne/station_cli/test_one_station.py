"""One station on the terminal: wishes, keys, hints and exit codes. On real sockets, faster than real time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from borne.station_cli.one_station import CANNOT_RUN, DONE, FAILED, STOPPED, StationRun, StationRunOptions
from ocppj.aio.endpoint import Refuse
from ocppj.session import Request
from runtime.chance import SeededChance
from runtime.clock import ScaledClock
from runtime.lifecycle import Background, Stop
from simulator.connection.tap import Frame
from simulator.model.station_log import LogEntry
from simulator.model.stored_state import StateFile
from simulator.model.template import identify
from simulator.station.snapshot import StationSnapshot
from simulator.station.station import Station
from tests.support.answering import NOW, AnsweringLink, agree, answering
from tests.support.simulated import MAC, changed_template
from tests.support.waiting import PATIENCE_S

FAST = 50.0


class Heard:
    """Implements `Lines` and remembers."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.entries: list[str] = []
        self.said: list[str] = []
        self.results: list[StationSnapshot] = []

    def frame(self, frame: Frame) -> None:
        self.frames.append(frame)

    def entry(self, entry: LogEntry) -> None:
        self.entries.append(entry.text)

    def print_text(self, text: str, *, is_trouble: bool = False) -> None:
        self.said.append(text)

    def result(self, snapshot: StationSnapshot) -> None:
        self.results.append(snapshot)


def made(url: str, **options: Any) -> Station:
    """A station for that address."""
    kind = changed_template(start_s=0.1)
    return Station(
        kind, identify(kind, mac=MAC), url=url, clock=ScaledClock(FAST), chance=SeededChance(), **options
    )


def typing(station: Station, *lines: str) -> Any:
    """A keyboard on which these are typed once the station is accepted."""

    async def keys() -> AsyncIterator[str]:
        await station.wait_until(lambda now: now.is_accepted, 60 * FAST)
        for line in lines:
            yield line

    return keys


async def no_keys() -> AsyncIterator[str]:
    """Nobody types."""
    nothing: tuple[str, ...] = ()
    for line in nothing:
        yield line


async def run(
    station: Station, options: StationRunOptions, keys: Any = no_keys, stop: Stop | None = None
) -> tuple[int, Heard]:
    """The exit code, and what was told."""
    heard = Heard()
    async with asyncio.timeout(PATIENCE_S):
        code = await StationRun(station, heard, options, keys=keys).run(stop or Stop())
    return code, heard


async def test_hand_commands_and_quit() -> None:
    """What each came to is said; a wrong one is no end."""
    async with answering() as central:
        station = made(central.url)
        keys = typing(station, "plug", "token TAG1", "dance", "status", "quit")
        code, heard = await run(station, StationRunOptions(), keys)
    assert code == DONE
    assert heard.said == ["cable in", "TAG1: started (Accepted)", "dance is no command here; type help"]
    assert [now.evse().id_token for now in heard.results] == ["TAG1", "TAG1"]
    assert heard.frames[0].action == "BootNotification"


async def test_wishes_come_true() -> None:
    """--plug --token TAG --seconds 1: 0, and the charge runs."""
    async with answering() as central:
        options = StationRunOptions(is_plugged=True, id_token="TAG1", seconds=1.0)
        code, heard = await run(made(central.url), options)
    assert code == DONE
    assert heard.results[-1].evse().id_token == "TAG1"
    assert "EVSE 1 charges for TAG1" in heard.entries


async def test_refused_token_is_a_failure() -> None:
    """1, and the reason is said."""

    def script(link: AnsweringLink, request: Request) -> Any:
        return {"idTagInfo": {"status": "Blocked"}} if request.action == "Authorize" else agree(link, request)

    async with answering(script) as central:
        options = StationRunOptions(is_plugged=True, id_token="TAG1", seconds=1.0)
        code, heard = await run(made(central.url), options)
    assert code == FAILED
    assert heard.said == ["TAG1: Blocked, the token may not charge here"]


async def test_unknown_token_can_be_made_known() -> None:
    """The command is said."""

    def script(link: AnsweringLink, request: Request) -> Any:
        return {"idTagInfo": {"status": "Invalid"}} if request.action == "Authorize" else agree(link, request)

    async with answering(script) as central:
        options = StationRunOptions(is_plugged=True, id_token="TAG1", seconds=1.0)
        code, heard = await run(made(central.url), options)
    assert code == FAILED
    assert heard.said[0] == "TAG1: Invalid, the token may not charge here"
    assert "borne ctl post /tokens" in heard.said[1]


async def test_token_that_cannot_be_read_is_a_failure() -> None:
    """1.6 has 20 characters."""
    async with answering() as central:
        code, heard = await run(made(central.url), StationRunOptions(id_token="X" * 30, seconds=0.5))
    assert code == FAILED
    assert "no such token" in heard.said[0]


async def test_station_that_is_never_accepted_is_a_failure() -> None:
    """1."""

    def script(link: AnsweringLink, request: Request) -> Any:
        return {"status": "Rejected", "currentTime": NOW, "interval": 500}

    async with answering(script) as central:
        code, _ = await run(made(central.url), StationRunOptions(is_plugged=True, seconds=0.5))
    assert code == FAILED


@pytest.mark.parametrize(
    ("refusal", "hint"), [(None, "Is the server running?"), (Refuse(401, "who are you"), "give --password")]
)
async def test_never_connected_says_what_to_do_once(refusal: Refuse | None, hint: str) -> None:
    """3; the hint comes with the first failure of its kind."""
    async with answering() as central:
        central.door.decision = refusal
        url = central.url if refusal is not None else "ws://127.0.0.1:1/ocpp"
        code, heard = await run(made(url), StationRunOptions(seconds=1.0))
    assert code == CANNOT_RUN
    assert len(heard.said) == 1
    assert hint in heard.said[0]
    assert sum("next attempt" in text for text in heard.entries) > 1


async def test_ctrl_c() -> None:
    """130, with a goodbye to the server."""
    async with answering() as central:
        station, stop = made(central.url), Stop()
        async with Background("hand") as tasks:
            running = tasks.start(run(station, StationRunOptions(), stop=stop))
            await station.wait_until(lambda now: now.is_accepted, 60 * FAST)
            stop.request()
            code, heard = await cast("asyncio.Task[Any]", running)
        assert code == STOPPED
        assert heard.entries[-1] == "switched off"
        assert await central.links[0].until_closed() == (1001, "switched off")


async def test_state_that_cannot_be_kept(tmp_path: Path) -> None:
    """3, before the power is on."""
    folder = tmp_path / "folder"
    station = made("ws://127.0.0.1:1/ocpp", state_file=StateFile(folder / "state.json"))
    folder.write_text("a file where the folder should be")
    code, heard = await run(station, StationRunOptions())
    assert code == CANNOT_RUN
    assert "cannot write the state file" in heard.said[0]
