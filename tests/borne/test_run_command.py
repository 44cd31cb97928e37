"""`borne run` as people and CI call it: exit codes, what it prints, what it writes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest
from typer.testing import CliRunner, Result

from borne.cli import app
from simulator.scenario.files import shipped_names
from tests.support.waiting import PATIENCE_S

PLUG = "scenario: x\ntitle: X\nsteps:\n  - plug:\n"
WAIT_S = PATIENCE_S


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of our own, English, no server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_CA.UTF-8")
    for name in ("BORNE_API", "BORNE_TOKEN", "BORNE_VAR"):
        monkeypatch.delenv(name, raising=False)


def borne_run(*arguments: str) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, ["run", *arguments])


def environment() -> dict[str, str]:
    """For a process of its own: this checkout, whatever the folder; nothing of the tests' surroundings."""
    root = str(Path(__file__).parents[2])
    return {"PATH": os.environ["PATH"], "PYTHONPATH": root, "LC_ALL": "C.UTF-8", "HOME": str(Path.cwd())}


def test_power_up_just_works_anywhere() -> None:
    """Without a server, from an empty folder, which stays empty but for what was asked for."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "borne", "run", "power-up", "--own-server", "--bind", "a=sim:ac-16"),
            *("--junit", "out.xml", "--json", "--seed", "5", "--set", "charge_wh=5"),
        ],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    assert (run["scenario"], run["verdict"], run["seed"]) == ("power-up", "passed", 5)
    assert "✓ passed" in done.stderr
    suite = parse("out.xml").getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    assert [path.name for path in Path().iterdir()] == ["out.xml"]


def test_a_failure_is_told_and_counted(tmp_path: Path) -> None:
    """Exit code 1; what was expected, what came, what to do."""
    path = tmp_path / "fails.yaml"
    path.write_text(
        "scenario: fails\ntitle: {en: Fails, fr: Échoue}\nsteps:\n  - connect:\n"
        "  - expect: {event: boot, registration: Rejected}\n    within: 1 s\n"
    )
    found = borne_run(str(path), "--own-server", "--bind", "a=sim:ac-16", "--lang", "fr")
    assert found.exit_code == 1, found.output
    assert "Échoue" in found.output
    assert 'registration: expected "Rejected", found "Accepted"' in found.output
    assert "✗ échoué" in found.output
    assert "le journal du serveur sont dans borne-run" in found.output
    assert sorted(each.name for each in (tmp_path / "borne-run" / "fails-1").iterdir()) == [
        "a.jsonl",
        "server.log",
    ]


def test_nothing_is_kept_where_nobody_wants_it(tmp_path: Path) -> None:
    """--no-keep; what central systems elsewhere have logged is theirs."""
    path = tmp_path / "fails.yaml"
    path.write_text("scenario: fails\ntitle: X\nsteps:\n  - check: 1\n    is: 2\n")
    for arguments, kept in ((("--no-keep",), False), ((), True)):
        found = borne_run(str(path), "--url", "ws://127.0.0.1:9/ocpp", *arguments)
        assert found.exit_code == 1, found.output
        assert Path("borne-run").exists() is kept
        assert ("What was seen on the wire is in borne-run." in found.output) is kept


def test_a_bad_file_is_one_line(tmp_path: Path) -> None:
    """File, line, column, rule and what to do; exit code 2."""
    path = tmp_path / "bad.yaml"
    path.write_text(PLUG.replace("plug", "plog"))
    found = borne_run(str(path))
    assert found.exit_code == 2
    assert found.stderr.splitlines() == [f"borne: {path}:4:5: there is no step `plog`; did you mean `plug`?"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["nothing-like-it"], 2, "there is no scenario of this name"),
        (["power-up", "--bind", "a"], 2, "write a=sim:<template>"),
        (["power-up", "--bind", "a=sim:zz"], 2, "there is no template"),
        (["power-up", "--set", "tokn=1"], 2, "did you mean token"),
        (["power-up", "--bind", "a=wire:X", "--fast", "5"], 2, "lives in real time"),
        (["power-up", "--lang", "de"], 2, "--lang is fr or en"),
        (["power-up", "--junit", "no/where/x.xml"], 2, "there is no folder"),
        (["power-up", "--own-server", "--url", "ws://x/ocpp"], 3, "--own-server"),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: list[str], code: int, text: str) -> None:
    """Before anything is started."""
    found = borne_run(*arguments)
    assert found.exit_code == code
    assert text in " ".join(found.stderr.replace("│", " ").split())


def test_the_scenarios_that_ship_are_listed() -> None:
    """In the terminal's language; naming none is wrong usage, and shows them too."""
    listed = borne_run("--list", "--lang", "fr")
    assert listed.exit_code == 0
    assert all(name in listed.output for name in shipped_names())
    assert "Liaison" in listed.output
    assert borne_run().exit_code == 2


def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    """130, and no traceback."""
    (tmp_path / "long.yaml").write_text("scenario: x\ntitle: X\nsteps:\n  - wait: 5 h\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "borne", "run", "long.yaml", "--own-server", "--bind", "a=sim:ac-16"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    while "sim:ac-16" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130, err
    assert "Traceback" not in out + err
