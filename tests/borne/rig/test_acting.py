"""Hands that are commands, requests and functions; and that fail."""

import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from borne.rig.acting import BenchRig, load_function
from borne.rig.config import rig_in
from runtime.clock import SystemClock
from simulator.scenario.hands import HandAction, RigFailedError

PLUG = HandAction(name="plug", station_id="CS 1", arguments={"evse": 2, "connector": 1})
SAVE = "import os,sys; open('said','a').write(repr(sys.argv[1:])+os.environ['BORNE_RIG_EVSE'])"


def rig(folder: Path, hands: str) -> BenchRig:
    """From the mapping of hands."""
    return BenchRig(rig_in(f"hands: {hands}", "rig.yaml"), folder, SystemClock())


@pytest.fixture
def web() -> Iterator[tuple[str, list[str]]]:
    """A server that keeps what it is asked; /no is refused."""
    asked: list[str] = []

    class Keeps(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            asked.append(f"{self.path} {body}")
            self.send_response(500 if self.path == "/no" else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Keeps)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_command_gets_words_and_environment(tmp_path: Path) -> None:
    """In the folder of rig.yaml; what is filled in stays one word, and no shell reads it."""
    one = HandAction(name="plug", station_id="a; rm -rf x", arguments={"evse": 2})
    await rig(tmp_path, f"{{plug: {{command: [{sys.executable}, -c, \"{SAVE}\", '${{station}}']}}}}").act(one)
    assert (tmp_path / "said").read_text() == "['a; rm -rf x']2"


@pytest.mark.parametrize(
    ("hands", "problem"),
    [
        ("{plug: no-such-command-here}", "no-such-command-here cannot be run"),
        ("{plug: sh -c 'echo jammed; exit 4'}", "sh ended with 4: jammed"),
        ("{plug: {command: sleep 60, within: 50 ms}}", "not done within 0.05 s"),
        ("{plug: 'echo ${token}'}", "names \\${token}, which plug does not give"),
        ("{plug: {http: {url: 'http://127.0.0.1:1/'}}}", "cannot be asked"),
        ("{plug: {python: 'no_such_module_here:f'}}", "cannot be used"),
        ("{plug: person}", "has nothing for plug"),
    ],
)
async def test_a_rig_that_fails_says_how(tmp_path: Path, hands: str, problem: str) -> None:
    """Whatever it is."""
    with pytest.raises(RigFailedError, match=problem):
        await rig(tmp_path, hands).act(PLUG)


async def test_a_request(tmp_path: Path, web: tuple[str, list[str]]) -> None:
    """URL and body are filled in; an error is one."""
    url, asked = web
    hands = f"{{plug: {{http: {{url: '{url}/relay/${{evse}}', body: {{c: '${{connector}}'}}}}}}}}"
    await rig(tmp_path, hands).act(PLUG)
    assert asked == ['/relay/2 {"c":1}']
    with pytest.raises(RigFailedError, match="answered with 500"):
        await rig(tmp_path, f"{{plug: {{http: {{url: '{url}/no'}}}}}}").act(PLUG)


async def test_functions(tmp_path: Path) -> None:
    """Of the folder, coroutine or not; what they raise is how the rig failed."""
    (tmp_path / "bench_of_a_test.py").write_text(
        "done = []\ndef plug(action): done.append(action.arguments['evse'])\n"
        "async def unplug(action): done.append('out')\n"
        "class power:\n    @staticmethod\n    def off(action): raise OSError('no power supply')\n",
        encoding="utf-8",
    )
    names = "{plug: {python: 'bench_of_a_test:plug'}, unplug: {python: 'bench_of_a_test:unplug'},"
    one = rig(tmp_path, names + " power_off: {python: 'bench_of_a_test:power.off'}}")
    await one.act(PLUG)
    await one.act(HandAction(name="unplug", station_id="CS-1"))
    assert load_function("bench_of_a_test:done", tmp_path) == [2, "out"]
    with pytest.raises(RigFailedError, match="no power supply"):
        await one.act(HandAction(name="power_off", station_id="CS-1"))
    sys.path.remove(str(tmp_path))


async def test_a_restart_is_off_and_on(tmp_path: Path) -> None:
    """Where it has no entry of its own."""
    hands = "power_off: sh -c 'echo off >> said', power_on: sh -c 'echo on >> said'"
    one = rig(tmp_path, f"{{{hands}}}")
    assert one.can("restart")
    assert not rig(tmp_path, "{power_off: a}").can("restart")
    await one.act(HandAction(name="restart", station_id="CS-1"))
    assert (tmp_path / "said").read_text() == "off\non\n"
