"""Which central system is used: the one that is named, the one that runs here, or one for the occasion."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from access.principals import Role
from borne.app import RunningServer
from borne.run_central import CentralSystem, central_system, ocpp_url_of
from borne.settings import ServerSettings
from simulator.scenario.errors import CannotRunError
from simulator.scenario.words import RunTexts
from tests.support.central import ServedCentral

NOWHERE = "http://127.0.0.1:1"
OWN = "ws://own.example/ocpp"


class Starter:
    """Starts no server, but says with which settings it would have."""

    def __init__(self) -> None:
        self.settings: list[ServerSettings] = []

    @asynccontextmanager
    async def __call__(self, settings: ServerSettings) -> AsyncIterator[RunningServer]:
        """One more."""
        assert settings.var.is_dir()
        self.settings.append(settings)
        yield RunningServer(OWN, NOWHERE, "token")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without a server's files; nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("BORNE_API", "BORNE_TOKEN", "BORNE_VAR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("runtime.client.DEFAULT_URL", NOWHERE)


async def used(
    start: Starter, *, url: str | None = None, is_wired: bool = False, wants_own: bool = False
) -> CentralSystem:
    """The central system that would be used."""
    async with central_system(
        url=url, is_wired=is_wired, wants_own=wants_own, words=RunTexts("en"), start=start
    ) as central:
        return central


def token_of(api: ServedCentral, role: Role = Role.ADMIN) -> str:
    """A token that the served API takes."""
    return str(api.client(role).headers["Authorization"]).removeprefix("Bearer ")


def keep_token(token: str) -> None:
    """Where a server that runs in this folder has it."""
    Path("var").mkdir()
    Path("var/token").write_text(token)


async def test_without_a_server_one_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that is gone afterwards, whatever the environment says about others."""
    monkeypatch.setenv("BORNE_DATABASE_URL", "postgresql://elsewhere/borne")
    monkeypatch.setenv("BORNE_MQTT", "mqtt://elsewhere")
    monkeypatch.setenv("BORNE_LISTEN", "0.0.0.0")
    start = Starter()
    central = await used(start)
    (settings,) = start.settings
    assert (central.ocpp_url, settings.listen, settings.ocpp_port, settings.http_port) == (
        OWN,
        "127.0.0.1",
        0,
        0,
    )
    assert (settings.database_url, settings.mqtt) == (None, None)
    assert not settings.var.exists()
    assert central.remark == "No server of yours runs here: one was started for the occasion."


async def test_the_server_that_runs_here_is_used(api: ServedCentral, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the token in var/token; or an own one, if that is wanted."""
    monkeypatch.setattr("runtime.client.DEFAULT_URL", api.url)
    keep_token(token_of(api))
    start = Starter()
    central = await used(start)
    assert central.ocpp_url == "ws://127.0.0.1:9000/ocpp"
    assert central.api is not None
    assert central.api.url == api.url
    assert start.settings == []
    assert (await used(start, wants_own=True)).ocpp_url == OWN


async def test_a_server_that_does_not_know_us_is_left_alone(
    api: ServedCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is somebody else's; but one that is named must let us in."""
    monkeypatch.setattr("runtime.client.DEFAULT_URL", api.url)
    assert (await used(Starter())).ocpp_url == OWN
    with pytest.raises(CannotRunError, match="set BORNE_TOKEN"):
        await used(Starter(), is_wired=True)
    monkeypatch.setenv("BORNE_API", api.url)
    with pytest.raises(CannotRunError, match="set BORNE_TOKEN"):
        await used(Starter())
    monkeypatch.setenv("BORNE_TOKEN", token_of(api, Role.VIEWER))
    assert (await used(Starter(), url="ws://csms.example/ocpp")).ocpp_url == "ws://csms.example/ocpp"


async def test_a_server_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to do."""
    monkeypatch.setenv("BORNE_API", NOWHERE)
    with pytest.raises(CannotRunError, match="start one with `borne up`, or set BORNE_API"):
        await used(Starter())


async def test_any_central_system_takes_simulated_stations() -> None:
    """Then nobody is asked through an API; a station on the wire needs one."""
    central = await used(Starter(), url="ws://csms.example/ocpp")
    assert (central.ocpp_url, central.api) == ("ws://csms.example/ocpp", None)
    with pytest.raises(CannotRunError, match="set BORNE_API"):
        await used(Starter(), url="ws://csms.example/ocpp", is_wired=True)
    with pytest.raises(CannotRunError, match="--own-server"):
        await used(Starter(), url="ws://csms.example/ocpp", wants_own=True)


PLAIN = {"port": 47001, "is_secure": False}
SECURE = {"port": 47002, "is_secure": True}


@pytest.mark.parametrize(
    ("api_url", "ports", "ocpp_url"),
    [
        ("http://127.0.0.1:8080", [PLAIN, SECURE], "ws://127.0.0.1:47001/ocpp"),
        ("http://[::1]:8080", [PLAIN], "ws://[::1]:47001/ocpp"),
        ("https://csms.example", [PLAIN, SECURE], "wss://csms.example:47002/ocpp"),
        ("https://csms.example", [PLAIN], "ws://csms.example:47001/ocpp"),
    ],
)
def test_stations_connect_to_the_same_host(api_url: str, ports: list[dict[str, Any]], ocpp_url: str) -> None:
    """On the ports that the server tells, whatever the usual ones are."""
    assert ocpp_url_of(api_url, {"version": "0", "station_ports": ports}) == ocpp_url


def test_a_server_without_a_port_for_stations() -> None:
    """There is nothing to guess."""
    with pytest.raises(CannotRunError, match="name one with --url"):
        ocpp_url_of("http://127.0.0.1:8080", {"version": "0", "station_ports": []})
