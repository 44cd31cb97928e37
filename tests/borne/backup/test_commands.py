"""`borne backup`, `borne restore`, `borne new-pepper`, as a person types them."""

from pathlib import Path

import pytest
import websockets
from typer.testing import CliRunner

from borne.cli import app
from tests.support.server import live_server, seed_secrets

SECRET = b"0123456789abcdefghij"


def typed(*words: str, answer: str | None = None, **environment: str) -> tuple[int, str]:
    """Exit code and all that was printed."""
    result = CliRunner().invoke(app, list(words), input=answer, env=environment)
    return result.exit_code, result.output


@pytest.fixture
async def var(tmp_path: Path) -> Path:
    """The folder of a server that was stopped, with one station that has a secret."""
    async with live_server(tmp_path / "var", secrets={"cp1": SECRET}):
        pass
    return tmp_path / "var"


def test_a_backup_and_a_restore_say_what_they_hold(var: Path, tmp_path: Path) -> None:
    """In one line each; what is not borne's is named and left."""
    (var / "holiday.jpg").write_text("")
    code, text = typed("backup", str(tmp_path / "b"), "--var", str(var))
    assert code == 0, text
    assert "3 files" in text
    assert "holiday.jpg" in text
    code, text = typed("restore", str(tmp_path / "b"), "--var", str(tmp_path / "new"))
    assert code == 0, text
    assert f" up --var {tmp_path / 'new'}" in text


def test_a_folder_that_is_no_servers_is_not_backed_up(var: Path, tmp_path: Path) -> None:
    """Also where the database is elsewhere, and is there: what belongs to it is not in that folder."""
    (tmp_path / "empty").mkdir()
    database = ("--database-url", f"sqlite:///{var / 'borne.db'}")
    for wrong in ("empty", "nowhere"):
        for language, words in (
            ("C", "give the --var of the server"),
            ("fr_CA", "donnez le --var du serveur"),
        ):
            place = ("--var", str(tmp_path / wrong), *database)
            code, text = typed("backup", str(tmp_path / "b"), *place, LANG=language)
            assert (code, words in text) == (3, True), text
    assert not (tmp_path / "b").exists()


def test_a_backup_is_not_put_where_it_would_be_lost_too(var: Path) -> None:
    """Inside the folder that it is of."""
    for language, words in (("C", "would be lost with it"), ("fr_CA", "serait perdu avec lui")):
        code, text = typed("backup", str(var / "bk"), "--var", str(var), LANG=language)
        assert (code, words in text) == (3, True), text
    assert not (var / "bk").exists()


def test_what_stands_in_the_way_is_one_line(var: Path, tmp_path: Path) -> None:
    """Exit code 3, no traceback."""
    (tmp_path / "there").mkdir()
    code, text = typed("backup", str(tmp_path / "there"), "--var", str(var))
    assert code == 3
    assert "there already" in text
    code, text = typed("restore", str(tmp_path / "none"), "--var", str(tmp_path / "new"))
    assert code == 3
    assert "is no backup of borne" in text


async def test_a_pepper_that_is_lost_for_good_is_replaced_on_request(var: Path) -> None:
    """The server starts again; the station is let in without proof until it has a new secret."""
    (var / "pepper").unlink()
    code, text = typed("new-pepper", "--var", str(var), answer="n\n")
    assert code == 1
    assert not (var / "pepper").exists()
    code, text = await _in_thread("new-pepper", "--var", str(var), "--yes")
    assert code == 0, text
    assert "1 station gets a new secret" in text
    async with live_server(var) as server, server.station("cp1"):
        assert (await server.link("cp1") or {})["is_unauthenticated"] is True
        (act,) = await server.get("/stations/cp1/audit")
        assert (act["by"], act["what"]) == ("borne new-pepper", "secret-forgotten")
    code, text = await _in_thread("new-pepper", "--var", str(var), "--yes")
    assert code == 3
    assert "fits this database" in text


async def test_a_pepper_is_not_replaced_under_a_running_server(tmp_path: Path) -> None:
    """It holds the old one in memory."""
    await seed_secrets(tmp_path / "var", {"cp1": SECRET})
    async with live_server(tmp_path / "var") as server:
        code, text = await _in_thread("new-pepper", "--var", str(tmp_path / "var"), "--yes")
        assert code == 3
        assert "in use by another process" in text
        with pytest.raises(websockets.InvalidStatus):
            async with server.station("cp1"):
                pass


async def _in_thread(*words: str) -> tuple[int, str]:
    import asyncio

    return await asyncio.to_thread(typed, *words)
