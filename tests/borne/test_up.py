"""`borne up` greets with what somebody needs next, and says in one line why it cannot start."""

import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from borne.app import RunningServer
from borne.settings import ServerSettings
from borne.up import _greet
from csms.domain.records import UnknownPolicy
from ocppj.aio.endpoint import Listening
from runtime.database import Database
from tests.support.process import free_port
from tests.support.waiting import PATIENCE_S


def greeting(
    capsys: pytest.CaptureFixture[str], listen: str, unknown: UnknownPolicy | None = None, **places: Any
) -> str:
    """What stands on the screen."""
    settings = ServerSettings(listen=listen, unknown=unknown, **places)
    server = RunningServer(
        "ws://127.0.0.1:9000/ocpp",
        "http://127.0.0.1:8080",
        token="secret",
        listening=(Listening(listen, 9000, False),),
    )
    _greet(server, settings)
    return capsys.readouterr().out


def test_the_greeting_names_addresses_and_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    """The exact text to type into a station; the token stays in its file."""
    text = greeting(capsys, "127.0.0.1")
    assert "ws://127.0.0.1:9000/ocpp/<station id>" in text
    assert "http://127.0.0.1:8080/api/docs" in text
    assert "secret" not in text
    assert "up --listen 0.0.0.0" in text
    assert "up --listen 0.0.0.0" not in greeting(capsys, "0.0.0.0")


def test_one_url_is_told_for_a_phone(capsys: pytest.CaptureFixture[str]) -> None:
    """Only where one can get there; and what it lacks without https."""
    assert "Open on a phone" not in greeting(capsys, "127.0.0.1")
    text = greeting(capsys, "192.0.2.1")
    assert "http://192.0.2.1:8080/install" in text
    assert "Not https" in text
    secure = greeting(capsys, "192.0.2.1", public_url="https://borne.example")
    assert "https://borne.example/install" in secure
    assert "Not https" not in secure


def test_the_way_to_open_it_keeps_ports_and_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """Else a second server starts beside the first."""
    text = greeting(capsys, "127.0.0.1", http_port=8081, var=Path("/srv/borne"))
    assert "up --listen 0.0.0.0 --http-port 8081 --var /srv/borne\n" in text


@pytest.mark.parametrize(
    ("listen", "unknown", "words"),
    [
        ("127.0.0.1", None, "waits in quarantine"),
        ("0.0.0.0", None, "is refused: order it, or start with --unknown quarantine"),
        ("0.0.0.0", "quarantine", "ctl adopt ID lets it in"),
        ("127.0.0.1", "accept", "Every station is accepted."),
        ("127.0.0.1", "reject", "is rejected"),
    ],
)
def test_the_greeting_says_what_becomes_of_strangers(
    listen: str, unknown: UnknownPolicy | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new user's first station is one."""
    assert words in greeting(capsys, listen, unknown)


def up(*options: str, **ports: int) -> subprocess.CompletedProcess[str]:
    """`borne up` where it cannot start."""
    chosen = {"ocpp": free_port(), "http": free_port()} | ports
    command = [sys.executable, "-m", "borne", "up", *options]
    command += [f"--ocpp-port={chosen['ocpp']}", f"--http-port={chosen['http']}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """On standard error, exit code 3."""
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize(("port", "demo"), [("ocpp", ()), ("http", ("--demo",))])
def test_a_taken_port(port: str, demo: tuple[str, ...], tmp_path: Path) -> None:
    """Which one, and how to choose another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        done = up("--var", str(tmp_path), *demo, **{port: taken})
    assert_one_line(done, str(taken), f"--{port}-port", "doctor")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A file in its place stands for all the reasons there are."""
    (tmp_path / "var").write_text("")
    assert_one_line(up("--var", str(tmp_path / "var")), str(tmp_path / "var"), "--var")


async def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    """It is left alone."""
    path = tmp_path / "borne.db"
    await (await Database.open(f"sqlite:///{path}", migrations="borne.migrations")).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert_one_line(up("--var", str(tmp_path)), "newer version", "9999")


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    """192.0.2.1 is nobody's (RFC 5737)."""
    assert_one_line(up("--var", str(tmp_path), "--listen", "192.0.2.1"), "192.0.2.1")


def test_the_greeting_speaks_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of it: nothing of the English one is left under LANG=fr."""
    monkeypatch.setenv("LANG", "en_CA.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    english = greeting(capsys, "127.0.0.1")
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    french = greeting(capsys, "127.0.0.1")
    assert "Adresse des bornes" in french
    assert "attend en quarantaine" in french
    assert "Seule cette machine" in french
    sentences = {line.strip() for line in english.splitlines() if line.strip()}
    same = {line.strip() for line in french.splitlines()} & sentences
    assert all(line.startswith("Console") for line in same), same
