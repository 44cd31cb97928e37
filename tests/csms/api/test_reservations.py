"""/reservations on a real server: asked, answered, listed, used, cancelled, refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.server import LiveServer, live_server
from tests.support.waiting import until
from tests.support.wire_station import VERSIONS

AT = "2026-05-01T10:00:00Z"
UNTIL = "2090-01-01T00:00:00Z"
AGREES: dict[str, Any] = {
    "ReserveNow": {"status": "Accepted"},
    "CancelReservation": {"status": "Accepted"},
}


async def reserve(server: LiveServer, station: str = "cp1", **more: Any) -> dict[str, Any]:
    """POST; the reservation."""
    body = {"station": station, "id_token": "MINE", "evse_id": 1, "expires_at": UNTIL} | more
    return await server.post("/reservations", body, 201)


async def problem(server: LiveServer, method: str, path: str, **more: Any) -> tuple[int, str]:
    """Status and code of what is refused."""
    answer = await server.api.request(method, path, **more)
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_reservation_is_asked_listed_and_cancelled(version: str, tmp_path: Path) -> None:
    """The number comes from the database and is on the wire; by a name of any spelling, and of a group."""
    async with live_server(tmp_path) as server, server.station("cp1", version, answers=AGREES) as station:
        made = await reserve(server, "CP1", group_id_token="FLEET")
        assert (made["number"], made["state"], made["is_open"]) == (1, "active", True)
        assert (made["id_token"]["value"], made["group_id_token"]) == (
            "MINE",
            {"value": "FLEET", "type": "Central"},
        )
        [_, _, _, sent] = await station.until_asked("ReserveNow")
        assert sent.get("reservationId", sent.get("id")) == 1
        assert sent.get("expiryDate", sent.get("expiryDateTime")) == "2090-01-01T00:00:00.000Z"
        assert await server.get("/reservations", station="cp1", state="active", id_token="mine") == [made]
        assert await server.get("/reservations", open=False) == []
        cancelled = await server.api.delete("/reservations/1")
        assert cancelled.json()["state"] == "cancelled"
        assert await problem(server, "DELETE", "/reservations/1") == (409, "reservation_over")
        assert (await reserve(server))["number"] == 2


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_station_that_has_no_room_leaves_it_refused(version: str, tmp_path: Path) -> None:
    """With its own word; one that is away was never asked."""
    answers = {"ReserveNow": {"status": "Occupied"}}
    async with live_server(tmp_path) as server:
        async with server.station("cp1", version, answers=answers):
            refused = await reserve(server)
            assert (refused["state"], refused["reason"]) == ("refused", "Occupied")
            # the neutral command says the same in a command's words
            outcome = await server.command("cp1", "reserve", id_token="MINE", expires_at=UNTIL)
            assert (outcome["is_accepted"], outcome["answer"]["status"]) == (False, "Occupied")
        await server.until_offline("cp1")
        away = await reserve(server)
        assert (away["number"], away["state"]) == (3, "refused")


async def test_the_same_number_replaces_and_no_other_is_taken(tmp_path: Path) -> None:
    """H01.FR.02; what the database has not given out would be somebody else's tomorrow."""
    async with live_server(tmp_path) as server, server.station("cp1", answers=AGREES):
        await reserve(server)
        again = await reserve(server, reservation_id=1, id_token="OTHER")
        assert (again["number"], again["state"]) == (1, "active")
        assert (await server.get("/reservations/1"))["id_token"]["value"] == "OTHER"
        found = await server.get("/reservations", station="cp1")
        assert [each["state"] for each in found] == ["active", "replaced"]
        body = {"station": "cp1", "id_token": "X", "expires_at": UNTIL, "reservation_id": 99}
        assert await problem(server, "POST", "/reservations", json=body) == (422, "number_not_given")


async def test_a_number_belongs_to_the_station_that_it_was_given_for(tmp_path: Path) -> None:
    """Another station's reservation by that number would hide it: numbers name one reservation each."""
    async with live_server(tmp_path) as server, server.station("cp1", answers=AGREES):
        await reserve(server)
        body = {"station": "cp2", "id_token": "X", "expires_at": UNTIL, "reservation_id": 1}
        async with server.station("cp2", answers=AGREES):
            assert await problem(server, "POST", "/reservations", json=body) == (422, "number_not_given")
        assert (await server.get("/reservations/1"))["station_id"] == "cp1"


async def test_a_lost_link_leaves_it_unknown_until_the_station_tells(tmp_path: Path) -> None:
    """A transaction that names it, whoever started it."""
    async with live_server(tmp_path) as server:
        await server.add_token("FRIEND")
        async with server.station("cp1", answers={"ReserveNow": None}) as station:
            unanswered = await reserve(server, timeout_s=0.2)
            assert unanswered["state"] == "unknown"
            start = {
                "connectorId": 1,
                "idTag": "FRIEND",
                "meterStart": 5,
                "timestamp": "2026-05-01T10:00:00Z",
            }
            await station.ask("StartTransaction", start | {"reservationId": 1})
        used = await server.get("/reservations/1")
        assert (used["state"], used["transaction_id"]) == ("used", "1")


async def test_what_cannot_be(tmp_path: Path) -> None:
    """No such reservation, no such state, a type of connector in 1.6."""
    async with live_server(tmp_path) as server, server.station("cp1", answers=AGREES):
        assert await problem(server, "GET", "/reservations/5") == (404, "reservation_unknown")
        assert (await server.api.get("/reservations?state=lost")).status_code == 422
        body = {"station": "cp1", "id_token": "X", "expires_at": UNTIL, "connector_type": "cCCS2"}
        assert await problem(server, "POST", "/reservations", json=body) == (409, "command_unsupported")
        assert await problem(server, "POST", "/reservations", json=body | {"station": "cp9"}) == (
            404,
            "station_unknown",
        )
        await until(lambda: server.rows("SELECT 1 FROM commands") == [])


RAW_NUMBER = 77
RAW: dict[str, dict[str, Any]] = {
    "1.6": {"connectorId": 1, "expiryDate": UNTIL, "idTag": "MINE", "reservationId": RAW_NUMBER},
    "2.x": {
        "id": RAW_NUMBER,
        "expiryDateTime": UNTIL,
        "idToken": {"idToken": "MINE", "type": "Central"},
        "evseId": 1,
    },
}


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_raw_call_reserves_too(version: str, tmp_path: Path) -> None:
    """What a station was asked counts, however it was written (rule 15)."""
    reserves = RAW.get(version, RAW["2.x"])
    async with live_server(tmp_path) as server, server.station("cp1", version, answers=AGREES):
        said = await server.post("/stations/cp1/calls", {"action": "ReserveNow", "payload": reserves})
        assert (said["payload"], said["is_accepted"], said["answer"]) == ({"status": "Accepted"}, True, None)
        made = await server.get(f"/reservations/{RAW_NUMBER}")
        assert (made["state"], made["id_token"]["value"], made["evse_id"]) == ("active", "MINE", 1)
        cancels = {"reservationId": RAW_NUMBER}
        await server.post("/stations/cp1/calls", {"action": "CancelReservation", "payload": cancels})
        assert (await server.get(f"/reservations/{RAW_NUMBER}"))["state"] == "cancelled"
