"""The whole examination, with and without a server."""

from pathlib import Path

import pytest

from access.principals import Role
from borne.doctor.examination import examine
from borne.settings import ServerSettings
from tests.support.central import A16, ServedCentral
from tests.support.process import free_port


def settings_in(var: Path) -> ServerSettings:
    """On ports that are free."""
    return ServerSettings(var=var, ocpp_port=free_port(), http_port=free_port())


async def test_without_a_server_the_machine_is_examined(tmp_path: Path) -> None:
    """Whether a station was named or not: exit code 3."""
    for station in (None, A16):
        code, chapters = await examine(settings_in(tmp_path), station, None)
        assert code == 3
        assert [str(chapter.title) for chapter in chapters] == ["Server", "This machine"]


async def test_a_server_here_is_asked_and_the_machine_looked_at(
    api: ServedCentral, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own ports and database are no problem; here nothing listens for stations, which is one."""
    monkeypatch.setenv("BORNE_TOKEN", api.client(Role.ADMIN).headers["authorization"].removeprefix("Bearer "))
    code, chapters = await examine(settings_in(tmp_path), None, api.url)
    assert [str(chapter.title) for chapter in chapters] == [
        "Server", "Station port", "Failed connections", "Stations", "This machine",
    ]  # fmt: skip
    assert code == 1
    assert "Nothing listens for stations" in chapters[1].remarks[0].text


async def test_one_station_is_not_about_this_machine(
    api: ServedCentral, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the server and the station."""
    monkeypatch.setenv("BORNE_TOKEN", api.client(Role.ADMIN).headers["authorization"].removeprefix("Bearer "))
    code, chapters = await examine(settings_in(tmp_path), A16, api.url)
    assert code == 1
    assert str(chapters[0].title) == "Server"
    assert all(str(chapter.title) != "This machine" for chapter in chapters)


async def test_without_a_token_it_says_where_one_is(
    api: ServedCentral, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API's own words, and the file that was read."""
    monkeypatch.delenv("BORNE_TOKEN", raising=False)
    code, chapters = await examine(settings_in(tmp_path), None, api.url)
    assert code == 1
    (remark,) = next(chapter for chapter in chapters if chapter.title == "API").remarks
    assert remark.way_out is not None
    assert str(tmp_path / "token") in remark.way_out
