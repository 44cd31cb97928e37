"""What keeps a server from starting on this machine is found without starting one."""

import os
import socket
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from borne.doctor.machine import examine_machine
from borne.doctor.remarks import Level, Remark
from borne.settings import ServerSettings
from runtime.clock import ManualClock, SystemClock
from runtime.database import Database
from runtime.database.sqlite import locked, unwritable
from tests.support.process import free_port
from tests.support.server import seed_secrets


def settings_for(var: Path, **changes: Any) -> ServerSettings:
    """On ports that are free."""
    usual: dict[str, Any] = {"var": var, "ocpp_port": free_port(), "http_port": free_port()}
    return ServerSettings(**(usual | changes))


def examine(
    settings: ServerSettings, *, is_serving: bool = False, at: datetime | None = None
) -> list[Remark]:
    """Everything there is to say."""
    clock = SystemClock() if at is None else ManualClock(at)
    return examine_machine(settings, clock, is_serving=is_serving)


def problems(remarks: list[Remark]) -> list[str]:
    """What would keep a server from starting; the disk's space is another matter."""
    return [each.text for each in remarks if each.level is Level.PROBLEM and "MiB free" not in each.text]


def said(remarks: list[Remark], words: str) -> Remark:
    """The one remark with these words."""
    (found,) = [each for each in remarks if words in each.text]
    return found


def test_a_fresh_machine_is_fit(tmp_path: Path) -> None:
    """The folder need not be there."""
    remarks = examine(settings_for(tmp_path / "new" / "var"))
    assert problems(remarks) == []
    assert said(remarks, "is not there yet").level is Level.GOOD


def test_a_taken_port_is_named_with_its_holder(tmp_path: Path) -> None:
    """And the option that gives another one."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        remark = said(examine(settings_for(tmp_path, ocpp_port=port)), f"Port {port}")
        assert remark.level is Level.PROBLEM
        assert f"process {os.getpid()}" in remark.text
        assert remark.way_out is not None
        assert f"--ocpp-port {port + 1}" in remark.way_out
        assert problems(examine(settings_for(tmp_path, ocpp_port=port), is_serving=True)) == []


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    """192.0.2.1 is nobody's (RFC 5737)."""
    assert any("192.0.2.1" in text for text in problems(examine(settings_for(tmp_path, listen="192.0.2.1"))))


def test_the_addresses_that_stations_can_be_given(tmp_path: Path) -> None:
    """Loopback alone is worth a note; open to the network, each address is one URL."""
    closed = said(examine(settings_for(tmp_path)), "only programs on this machine")
    assert closed.way_out == "To take real stations: borne up --listen 0.0.0.0"
    opened = examine(settings_for(tmp_path, listen="0.0.0.0"))
    assert any("ws://127.0.0.1:" in each.text for each in opened)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    """The nearest folder that exists must be writable."""
    tmp_path.chmod(0o500)
    try:
        assert any("cannot be written" in text for text in problems(examine(settings_for(tmp_path / "var"))))
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_folder_s_place(tmp_path: Path) -> None:
    """Nothing can be put into it."""
    (tmp_path / "var").write_text("")
    assert any(
        "is a file, not a folder" in text for text in problems(examine(settings_for(tmp_path / "var")))
    )


async def test_a_database_of_this_version_can_be_read(tmp_path: Path) -> None:
    """Without changing it; while a process has it, that is said."""
    database = await Database.open(f"sqlite:///{tmp_path / 'borne.db'}", migrations="borne.migrations")
    try:
        locked = said(examine(settings_for(tmp_path)), "in use by another process")
        assert locked.level is Level.NOTE
    finally:
        await database.close()
    assert said(examine(settings_for(tmp_path)), "can be read").level is Level.GOOD


async def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    """Its revision is named, and it is left alone."""
    path = tmp_path / "borne.db"
    await (await Database.open(f"sqlite:///{path}", migrations="borne.migrations")).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert any(
        "newer version" in text and "9999" in text for text in problems(examine(settings_for(tmp_path)))
    )


@pytest.mark.parametrize(
    ("content", "words"), [(b"nonsense" * 100, "is not a database"), (None, "another program")]
)
def test_a_file_that_is_no_database_of_ours(tmp_path: Path, content: bytes | None, words: str) -> None:
    """Garbage, and somebody else's tables."""
    path = tmp_path / "borne.db"
    if content is not None:
        path.write_bytes(content)
    else:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE songs (name TEXT)")
        connection.close()
    assert any(words in text for text in problems(examine(settings_for(tmp_path))))


def test_another_kind_of_database(tmp_path: Path) -> None:
    """What the server would say, said before."""
    settings = settings_for(tmp_path, database_url="mysql://host/borne")
    assert any("mysql" in text for text in problems(examine(settings)))


def test_a_clock_that_went_back(tmp_path: Path) -> None:
    """Files from the future tell."""
    (tmp_path / "borne.db-old").write_text("")
    past = datetime.now(UTC) - timedelta(days=1)
    assert any("it went back" in text for text in problems(examine(settings_for(tmp_path), at=past)))


async def test_a_database_without_its_pepper(tmp_path: Path) -> None:
    """The server would not start: it is told before, with what to restore."""
    await seed_secrets(tmp_path, {"cp1": b"0123456789abcdefghij"})
    assert problems(examine(settings_for(tmp_path))) == []
    (tmp_path / "pepper").unlink()
    (trouble,) = problems(examine(settings_for(tmp_path)))
    assert "from the backup" in trouble
    assert "borne new-pepper" in trouble


def test_a_problem_of_the_database_is_told_in_french_too(tmp_path: Path) -> None:
    """As doctor and `borne up` say it; the name of the file and of the option stay."""
    for told in (locked(tmp_path / "x.db"), unwritable(tmp_path / "x.db", "disk full")):
        assert told.words.fr != told.words.en
        assert "x.db" in told.words.fr
        assert "--var" in told.words.fr
