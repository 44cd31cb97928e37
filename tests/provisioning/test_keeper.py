"""Passwords that are changed by hand: the server knows each before the station does; nobody is locked out."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
import websockets

from tests.support.server import LiveServer, live_server
from tests.support.wire_station import AGREED, VERSIONS, basic

NEW = "0123456789abcdef0123456789abcdef01234567"
OLD = b"the-one-before-this!"
CASES = [(version, name) for version in VERSIONS for name in ("raw", "odd-case", "command")]


KNOWN = [f"known-{number}" for number in range(40)]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server that accepts everybody, for all tests; each has stations of its own."""
    async with live_server(tmp_path_factory.mktemp("var"), secrets=dict.fromkeys(KNOWN, OLD)) as live:
        yield live


@pytest.fixture(scope="module")
def unused() -> Iterator[str]:
    """Stations that no test has had."""
    return iter(KNOWN)


@pytest.fixture
def known(unused: Iterator[str]) -> str:
    """A station that has a secret."""
    return next(unused)


@pytest.fixture
def new(known: str) -> str:
    """A station that nobody has seen."""
    return known.replace("known", "new")


def _answers(version: str, status: str = "Accepted") -> dict[str, Any]:
    result = {
        "attributeStatus": status,
        "component": {"name": "SecurityCtrlr"},
        "variable": {"name": "BasicAuthPassword"},
    }
    return {
        "ChangeConfiguration": {"status": status},
        "SetVariables": {"setVariableResult": [result]},
        "SetNetworkProfile": {"status": status},
    }


async def _change(bench: LiveServer, station_id: str, version: str, how: str, password: str = NEW) -> Any:
    """Give the station a password, by one of the ways there are."""
    if how == "command":
        body: dict[str, Any] = {
            "variables": [{"component": "SecurityCtrlr", "variable": "BasicAuthPassword", "value": password}]
        }
        return await bench.api.post(f"/stations/{station_id}/commands/set-variables", json=body)
    odd = how == "odd-case"
    if version == "1.6":
        payload: dict[str, Any] = {
            "key": "AUTHORIZATIONKEY" if odd else "AuthorizationKey",
            "value": password,
        }
        action = "ChangeConfiguration"
    else:
        component = {"name": "SecurityCtrlr"}
        variable = {"name": "basicauthpassword" if odd else "BasicAuthPassword"}
        entry = {"component": component, "variable": variable, "attributeValue": password}
        action, payload = "SetVariables", {"setVariableData": [entry]}
    body = {"action": action, "payload": payload}
    return await bench.api.post(f"/stations/{station_id}/calls", json=body)


def _sent(version: str, password: str = NEW) -> bytes:
    """What a station that took it puts into Basic auth: 1.6 the bytes, 2.x the text."""
    return bytes.fromhex(password) if version == "1.6" else password.encode()


async def _is_let_in(bench: LiveServer, station_id: str, version: str, password: bytes | None) -> bool:
    headers = basic(station_id, password) if password is not None else {}
    try:
        async with bench.station(station_id, version, additional_headers=headers):
            return True
    except websockets.InvalidStatus as refused:
        return refused.response.status_code != 401


@pytest.mark.parametrize(("version", "how"), CASES)
async def test_a_station_that_nobody_ordered_is_not_locked_out_by_its_new_password(
    bench: LiveServer, new: str, version: str, how: str
) -> None:
    """On a bench too: it comes with it, and from then on nothing else will do."""
    async with bench.station(new, version, answers=_answers(version)) as station:
        response = await _change(bench, new, version, how)
        assert response.status_code == 200, response.text
        assert response.json()["outcome"] == "result"
        assert NEW not in response.text
        assert station.asked[0][2] in ("ChangeConfiguration", "SetVariables")
    async with bench.station(new, version, additional_headers=basic(new, _sent(version))):
        link = await bench.link(new)
        assert link is not None
        assert link["security"] == "basic_auth"
    assert not await _is_let_in(bench, new, version, None)
    assert not await _is_let_in(bench, new, version, b"some other password")
    assert NEW not in repr(bench.logs)


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_old_password_is_valid_until_the_new_one_has_worked(
    bench: LiveServer, known: str, version: str
) -> None:
    """Whether the station uses it at once, after a restart, or never: it gets in."""
    headers = basic(known, OLD)
    async with bench.station(known, version, answers=_answers(version), additional_headers=headers):
        assert (await _change(bench, known, version, "raw")).status_code == 200
    assert await _is_let_in(bench, known, version, OLD)
    assert not await _is_let_in(bench, known, version, None)
    assert await _is_let_in(bench, known, version, _sent(version))
    assert not await _is_let_in(bench, known, version, OLD)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_refused_password_lets_nobody_in(bench: LiveServer, known: str, version: str) -> None:
    """A01.FR.04: the old one stays, and the refused one never counts."""
    headers = basic(known, OLD)
    answers = _answers(version, "Rejected")
    async with bench.station(known, version, answers=answers, additional_headers=headers):
        assert (await _change(bench, known, version, "raw")).status_code == 200
    assert not await _is_let_in(bench, known, version, _sent(version))
    assert await _is_let_in(bench, known, version, OLD)


async def test_a_profile_with_a_password_is_a_change_of_it_too(bench: LiveServer, known: str) -> None:
    """2.1: the station will come with it once it uses the profile."""
    profile = {
        "ocppInterface": "Wired0",
        "ocppTransport": "JSON",
        "messageTimeout": 30,
        "ocppCsmsUrl": "ws://127.0.0.1/ocpp",
        "securityProfile": 1,
        "basicAuthPassword": NEW,
    }
    payload = {"configurationSlot": 1, "connectionData": profile}
    headers = basic(known, OLD)
    async with bench.station(known, "2.1", answers=_answers("2.1"), additional_headers=headers):
        assert (await bench.call(known, "SetNetworkProfile", payload))["outcome"] == "result"
    assert await _is_let_in(bench, known, "2.1", NEW.encode())


@pytest.mark.parametrize(("version", "how"), CASES)
async def test_a_password_that_no_station_can_have_is_not_sent(
    bench: LiveServer, new: str, version: str, how: str
) -> None:
    """Refused before the wire, with the reason and the way out, and without repeating it."""
    async with bench.station(new, version, answers=_answers(version)) as station:
        response = await _change(bench, new, version, how, "too-short")
        assert response.status_code == 409, response.text
        assert response.json()["code"] == "password_unfit"
        assert "16" in response.text
        assert "too-short" not in response.text
        assert station.asked == []
    assert await _is_let_in(bench, new, version, None)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_password_that_a_station_has_can_be_told(bench: LiveServer, new: str, version: str) -> None:
    """Typed into its menu: from now on it is demanded; it stands in no answer and no log."""
    async with bench.station(new, version):
        pass
    assert (await bench.api.put("/stations/never-seen/credential", json={"password": NEW})).status_code == 404
    response = await bench.api.put(f"/stations/{new}/credential", json={"password": NEW})
    assert response.status_code == 200, response.text
    assert response.json()["credential"] == "told"
    assert NEW not in response.text
    assert not await _is_let_in(bench, new, version, None)
    assert not await _is_let_in(bench, new, version, b"another one, wrong")
    assert await _is_let_in(bench, new, version, _sent(version))
    assert (await bench.get(f"/stations/{new}"))["credential"] == "verified"
    assert NEW not in repr(bench.logs)


@pytest.mark.parametrize("password", ["short", "x" * 65, "", "line\nbreak-in-the-middle"])
async def test_a_told_password_must_be_one_that_a_station_can_have(
    bench: LiveServer, known: str, password: str
) -> None:
    """A00.FR.205; the answer says why and does not repeat it."""
    response = await bench.api.put(f"/stations/{known}/credential", json={"password": password})
    assert response.status_code == 422
    assert response.json()["code"] == "E_PASSWORD_UNFIT"
    assert not password or password not in response.text
    assert await _is_let_in(bench, known, "1.6", OLD)


async def test_a_told_password_does_not_end_the_one_before_at_once(bench: LiveServer, known: str) -> None:
    """Until the station has come with the new one, both count."""
    response = await bench.api.put(f"/stations/{known}/credential", json={"password": NEW})
    assert response.json()["credential"] == "offered"
    assert await _is_let_in(bench, known, "2.0.1", OLD)
    assert await _is_let_in(bench, known, "2.0.1", NEW.encode())
    assert not await _is_let_in(bench, known, "2.0.1", OLD)


async def test_forgetting_a_secret_keeps_it_acceptable(bench: LiveServer, known: str) -> None:
    """A station that has it all the same comes in with it, and that ends the free entry."""
    assert (await bench.api.delete(f"/stations/{known}/credential")).json()["credential"] == "forgotten"
    async with bench.station(known, "1.6"):
        link = await bench.link(known)
        assert link is not None
        assert link["is_unauthenticated"]
    assert await _is_let_in(bench, known, "1.6", OLD)
    assert not await _is_let_in(bench, known, "1.6", None)


async def test_two_passwords_at_once_are_none(bench: LiveServer, new: str) -> None:
    """A station has one; which of them it would use nobody could say."""
    entries = [
        {
            "component": {"name": component},
            "variable": {"name": "BasicAuthPassword"},
            "attributeValue": f"{component}-0123456789",
        }
        for component in ("SecurityCtrlr", "NetworkConfiguration")
    ]
    body = {"action": "SetVariables", "payload": {"setVariableData": entries}}
    async with bench.station(new, "2.1", answers={"SetVariables": AGREED}) as station:
        response = await bench.api.post(f"/stations/{new}/calls", json=body)
        assert response.status_code == 409
        assert station.asked == []
