"""What was chosen for a station is changed later: its admission, and whether it is under test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.server import LiveServer, live_server
from tests.support.wire_station import VERSIONS


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[LiveServer]:
    """A server that lets nobody charge for whom nothing else is chosen."""
    async with live_server(tmp_path, unknown="quarantine") as live:
        yield live


async def _put(bench: LiveServer, path: str, body: object, status: int = 200) -> dict[str, object]:
    response = await bench.api.put(path, json=body)
    assert response.status_code == status, response.text
    return dict(response.json())


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_pending_station_is_accepted_later(bench: LiveServer, version: str) -> None:
    """It is asked to boot, and that boot is Accepted; it need not be made anew."""
    async with bench.station("cp1", version, boots=False) as station:
        assert (await station.boot())["status"] == "Pending"
        shown = await _put(bench, "/stations/cp1/admission", {"admission": "accept"})
        assert shown["admission"] == "accept"
        assert (await station.until_asked("TriggerMessage"))[3]["requestedMessage"] == "BootNotification"
        assert (await station.boot())["status"] == "Accepted"


async def test_an_accepted_station_that_is_not_welcome_any_more_has_to_come_again(bench: LiveServer) -> None:
    """An accepted one must not be asked to boot (errata of 1.6, §3.40); its next boot has another answer."""
    await bench.post("/stations", {"station_id": "cp2", "admission": "accept"}, 201)
    async with bench.station("cp2") as station:
        await _put(bench, "/stations/cp2/admission", {"admission": "quarantine"})
        assert (await station.until_closed())[0] == 1012
        assert station.asked == []
    async with bench.station("cp2", boots=False) as station:
        assert (await station.boot())["status"] == "Pending"


@pytest.mark.parametrize("body", [{"admission": "acept"}, {"admision": "accept"}, {}])
async def test_a_mistyped_choice_is_refused(bench: LiveServer, body: dict[str, str]) -> None:
    """Nothing is chosen by mistake; nor for a station that nobody has seen."""
    await bench.post("/stations", {"station_id": "cp3", "admission": "reject"}, 201)
    await _put(bench, "/stations/cp3/admission", body, 422)
    await _put(bench, "/stations/cp3/quiet", {"quite": True}, 422)
    await _put(bench, "/stations/nobody-knows/quiet", {"quiet": True}, 404)
    assert (await bench.get("/stations/cp3"))["admission"] == "reject"


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_station_under_test_is_not_asked_to_boot(bench: LiveServer, version: str) -> None:
    """It is shown so, sent what somebody asks for, and nothing else; until that is taken back."""
    shown = await bench.post(
        "/stations", {"station_id": "cp4", "admission": "quarantine", "quiet": True}, 201
    )
    assert shown["quiet"] is True
    async with bench.station("cp4", version, boots=False) as station:
        assert (await station.call("Heartbeat"))[2] == "SecurityError"
        assert (await station.call("Heartbeat"))[2] == "SecurityError"
        assert station.asked == []
        assert (await station.boot())["status"] == "Pending"
        assert (await bench.call("cp4", "ClearCache"))["outcome"] == "error"
        assert [frame[2] for frame in station.asked] == ["ClearCache"]
    assert (await _put(bench, "/stations/cp4/quiet", {"quiet": False}))["quiet"] is False
    assert (await bench.get("/stations/cp4"))["admission"] == "quarantine"


async def test_what_was_chosen_survives_a_restart(tmp_path: Path) -> None:
    """It is stored with the station."""
    async with live_server(tmp_path, unknown="quarantine") as live:
        await live.post("/stations", {"station_id": "cp5", "admission": "reject"}, 201)
        await _put(live, "/stations/cp5/quiet", {"quiet": True})
        await _put(live, "/stations/cp5/admission", {"admission": "accept"})
    async with live_server(tmp_path, unknown="quarantine") as live:
        shown = await live.get("/stations/cp5")
        assert (shown["quiet"], shown["admission"]) == (True, "accept")
        async with live.station("cp5", boots=False) as station:
            assert (await station.boot())["status"] == "Accepted"
            assert station.asked == []
