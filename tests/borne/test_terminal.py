"""What a stranger sends can neither steer a person's terminal nor pass for a line of ours, anywhere."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from typer.testing import CliRunner

from borne.cli import app
from borne.language import speech_of
from borne.live_table import Hints, LineScreen, TableScreen
from borne.station_cli.log_lines import JsonLines, PeopleLines
from borne.station_table import station_row
from borne.terminal import Terminal, complain, joined, lines_of, one_line, print_json, print_text
from ocppj.session import Direction
from runtime.clock import SystemClock
from runtime.texts import printable
from simulator.connection.tap import Frame
from simulator.model.station_log import LogEntry, Topic
from tests.support.server import LiveServer, live_server
from tests.support.sources import ROOT, project_files
from tests.support.wire_station import VERSIONS, basic

EVIL = "\x1b[2J\u202e[b]\nFORGED"
"""Clears the screen, turns the line around, is markup, begins a line of its own; fits into 20 characters."""
SHOWN = "\\u001b[2J\\u202e[b]\\u000aFORGED"
STATION = "0024b10000029f81"
UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

BOOTS: dict[str, dict[str, Any]] = {
    "1.6": {
        "chargePointVendor": EVIL, "chargePointModel": EVIL, "chargePointSerialNumber": EVIL,
        "firmwareVersion": EVIL, "iccid": EVIL, "imsi": EVIL, "meterType": EVIL, "meterSerialNumber": EVIL,
    },
    "2.0.1": {
        "reason": "PowerUp",
        "chargingStation": {"vendorName": EVIL, "model": EVIL, "serialNumber": EVIL, "firmwareVersion": EVIL,
                            "modem": {"iccid": EVIL, "imsi": EVIL}},
    },
}  # fmt: skip
BOOTS["2.1"] = BOOTS["2.0.1"]
NOW = "2026-05-01T10:00:00Z"
MESSAGES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "1.6": [
        ("StatusNotification", {"connectorId": 1, "errorCode": EVIL, "status": "Faulted", "info": EVIL,
                                "vendorId": EVIL, "vendorErrorCode": EVIL}),
        ("StatusNotification", {"connectorId": 2, "errorCode": "NoError", "status": EVIL}),
        ("Authorize", {"idTag": EVIL}),
        ("StartTransaction", {"connectorId": 1, "idTag": EVIL, "meterStart": 0, "timestamp": NOW}),
        ("DataTransfer", {"vendorId": EVIL, "messageId": EVIL, "data": EVIL}),
        ("SecurityEventNotification", {"type": EVIL, "timestamp": NOW, "techInfo": EVIL}),
        ("FirmwareStatusNotification", {"status": EVIL}),
    ],
    "2.0.1": [
        ("StatusNotification", {"timestamp": NOW, "connectorStatus": EVIL, "evseId": 1, "connectorId": 1}),
        ("SecurityEventNotification", {"type": EVIL, "timestamp": NOW, "techInfo": EVIL}),
        ("TransactionEvent", {"eventType": "Started", "timestamp": NOW, "triggerReason": "Authorized",
                              "seqNo": 0, "transactionInfo": {"transactionId": EVIL},
                              "idToken": {"idToken": EVIL, "type": "Central"}}),
    ],
}  # fmt: skip
MESSAGES["2.1"] = MESSAGES["2.0.1"]
COMMANDS: list[list[str]] = [
    ["doctor"],
    ["doctor", STATION],
    ["ctl", "stations"],
    ["ctl", "stations", "--json"],
    ["ctl", "station", STATION],
    ["ctl", "attempts"],
    ["ctl", "attempts", "--json"],
    ["ctl", "get", f"/stations/{STATION}/messages"],
    ["ctl", "get", "/transactions"],
    ["ctl", "get", "/nowhere/" + quote(EVIL)],
    ["ctl", "call", STATION, "GetConfiguration"],
    ["ctl", "call", STATION, "Reset", '{"type": "Soft"}'],
    ["ctl", "command", STATION, "clear-cache"],
    ["ctl", "adopt", STATION],
]


def is_harmless(text: str) -> bool:
    """Nothing unseen but line ends, and none of them a stranger's."""
    return not UNSEEN.search(text) and not any(
        each.lstrip().startswith("FORGED") for each in text.splitlines()
    )


@asynccontextmanager
async def hostile(version: str, folder: Path) -> AsyncIterator[LiveServer]:
    """A server with a station that puts hostile words into every field it has, and one that is refused."""
    answers: dict[str, Any] = {
        "GetConfiguration": {"configurationKey": [{"key": EVIL, "readonly": False, "value": EVIL}]},
        "Reset": ("InternalError", EVIL),
        "ClearCache": {"status": EVIL},
    }
    async with (
        live_server(folder, unknown="quarantine") as server,
        server.station(STATION, version, answers=answers, boots=False) as station,
    ):
        await station.call("BootNotification", BOOTS[version])
        await server.post("/adoptions", {"station_id": STATION}, 201)
        await station.call("BootNotification", BOOTS[version])
        for action, payload in MESSAGES[version]:
            await station.call(action, payload)
        for name in (EVIL, f"{EVIL}/x", "\u202e"):
            with pytest.raises(websockets.InvalidStatus):
                async with server.station(quote(name), additional_headers=basic("x", EVIL)):
                    pass
        yield server


@pytest.mark.parametrize("version", VERSIONS)
async def test_no_command_shows_hostile_words_as_they_came(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control characters, turned text, line ends of every field of a station: escaped, on either stream."""
    async with hostile(version, tmp_path / "var") as server:
        monkeypatch.setenv("BORNE_API", server.running.http_url)
        monkeypatch.setenv("BORNE_TOKEN", server.running.token)
        monkeypatch.setenv("COLUMNS", "200")
        shown = ""
        for words in COMMANDS:
            result = await asyncio.to_thread(CliRunner().invoke, app, words)
            assert result.output, words
            assert is_harmless(result.output), (words, result.output)
            shown += result.output
        assert SHOWN in shown


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("width", [200, 60])
async def test_no_live_table_is_steered_by_a_station(version: str, width: int, tmp_path: Path) -> None:
    """On a terminal, where Rich's own sequences are written, and in the lines of a log."""
    async with hostile(version, tmp_path / "var") as server:
        stations = await server.get("/stations")
    speech, hints, clock = speech_of("en"), Hints("borne", (EVIL,)), SystemClock()
    rows = [station_row(each | {"lifecycle": "quarantine"}, speech) for each in stations]
    rows += [replace(row, name=EVIL, blocked=EVIL, clears=EVIL) for row in rows]
    console = terminal(width)
    with TableScreen(console, clock, speech, hints) as screen:
        screen.show(rows, EVIL)
        screen.print_text(EVIL)
    written = console.file.getvalue()  # type: ignore[attr-defined] # what `terminal` writes to
    assert not any(each in written for each in ("\x1b[2J", "\u202e", "\nFORGED"))
    lines: list[str] = []
    log = LineScreen(lines.append, clock, speech, hints)
    log.show(rows, EVIL)
    screen_said = io.StringIO()
    with redirect_stdout(screen_said):
        for each in lines:
            print_text(each)
    assert is_harmless(screen_said.getvalue())


def test_a_bench_is_not_steered_by_the_central_system() -> None:
    """Its frames, whatever they are, and what the station says of them."""
    at = SystemClock().now()
    frames = [EVIL, json.dumps([2, "1", EVIL, {"a": EVIL}]), json.dumps([4, "1", EVIL, EVIL, {}])]
    for make in (PeopleLines, JsonLines):
        console = terminal(80)
        lines = make(console)
        for text in frames:
            lines.frame(Frame(1, Direction.IN, text.encode(), at))
        lines.entry(LogEntry(at, Topic.LINK, EVIL, is_trouble=True))
        written = console.file.getvalue()  # type: ignore[attr-defined]
        assert not any(each in written for each in ("\x1b[2J", "\u202e", "\nFORGED")), make


def terminal(width: int) -> Terminal:
    """One that takes itself for a terminal with colours, and writes into memory."""
    return Terminal(file=io.StringIO(), force_terminal=True, width=width, height=60)


@given(st.text())
def test_whatever_is_shown_is_one_line_of_what_can_be_seen(text: str) -> None:
    """Escaped twice is escaped once; what can be seen stays as it is."""
    shown = printable(text)
    assert not UNSEEN.search(shown)
    assert "\n" not in shown
    assert printable(shown) == shown
    shown.encode()
    if not UNSEEN.search(text) and text.isprintable():
        assert text == shown


@given(st.lists(st.text(), max_size=3))
def test_what_is_laid_out_in_lines_keeps_them(lines: list[str]) -> None:
    """And nothing else."""
    text = "\n".join(lines)
    assert lines_of(text).split("\n") == [printable(each) for each in text.split("\n")]


def test_markup_in_a_strangers_words_is_no_markup() -> None:
    """Neither in a text, nor in a table's cell or title, nor in a plain print."""
    console = terminal(80)
    table = Table("[bold]head[/bold]", title="[red]title[/red]")
    table.add_row("[link=http://x]cell[/link]")
    console.print(table)
    console.print("[blink]plain[/blink] :boom:")
    console.print(one_line("[bold]text[/bold]"), joined("[b]", ("[/b]", "red")))
    written = re.sub(r"\x1b\[[0-9;]*m", "", console.file.getvalue())  # type: ignore[attr-defined]
    told = "[bold]head[/bold] [red]title[/red] [link=http://x]cell[/link] [blink]plain[/blink] :boom:"
    assert all(words in written for words in (*told.split(), "[bold]text[/bold]", "[b][/b]"))
    assert "\x1b]8" not in written


def test_words_of_our_own_go_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines, documents and complaints."""
    print_text(EVIL)
    print_json({"key": EVIL})
    complain(EVIL, EVIL)
    out, err = capsys.readouterr()
    assert is_harmless(out)
    assert is_harmless(err)
    assert json.loads(out.split("\n", 1)[1]) == {"key": EVIL}


def test_nobody_writes_to_a_terminal_past_it() -> None:
    """No console, text, print or echo of anybody else's in the command line's package."""
    past = re.compile(
        r"(?<![\w.])(?:Console|Text|print|input)\(|typer\.echo|Text\.(?:assemble|from_)|\.stdout\.write"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in project_files(".py")
        if path.is_relative_to(ROOT / "borne") and path.name != "terminal.py"
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if past.search(text) and 'Text("\\n").join' not in text
    ]
    assert found == []
