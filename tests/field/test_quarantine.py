"""Messages in quarantine, over real sockets: listed, read, taken in again, corrected, dismissed."""

import json
from typing import Any

import pytest

from tests.field.test_salvage import AT, LATER, start_v16, stopped
from tests.support.server import LiveServer

pytestmark = pytest.mark.asyncio(loop_scope="module")
WHY = {"reason": "the firmware is known to do this"}


async def waiting(server: LiveServer, station_id: str) -> list[dict[str, Any]]:
    """What waits of a station."""
    return list(await server.get("/quarantine", station=station_id, state="waiting"))


async def refuse(server: LiveServer, station_id: str, frame: str) -> dict[str, Any]:
    """A message that is refused; how it lies in quarantine."""
    async with server.station(station_id) as station:
        await station.send(frame)
        assert (await station.until_frames(2))[1][0] == 4
    (found,) = await waiting(server, station_id)
    return found


async def test_what_was_refused_can_be_read_as_it_came(server: LiveServer) -> None:
    """In a list with its beginning, alone with all of it, and why it is there."""
    frame = '[2,"q1","StopTransaction",{"meterStop":}]'
    listed = await refuse(server, "read", frame)
    assert listed["beginning"] == frame
    assert (listed["cause"], listed["state"], listed["version"]) == ("refused", "waiting", "1.6")
    one = await server.get(f"/quarantine/{listed['quarantine_id']}")
    assert one["raw"] == frame
    assert one["reason"].startswith("FormationViolation: ")


async def test_pages_of_quarantine_follow_each_other(server: LiveServer) -> None:
    """Newest first, each page begins behind the one before."""
    async with server.station("pages") as station:
        for number in range(5):
            await station.send(f'[2,"q{number}","StopTransaction",{{}}]')
        await station.until_frames(6)
    first = await server.get("/quarantine", station="pages", limit=3)
    rest = await server.get("/quarantine", station="pages", limit=3, before=first[-1]["quarantine_id"])
    ids = [each["quarantine_id"] for each in (*first, *rest)]
    assert len(set(ids)) == 5
    assert ids == sorted(ids, reverse=True)
    assert await server.get("/quarantine", station="pages", state="dismissed") == []


async def test_a_corrected_message_is_read_and_counted(server: LiveServer) -> None:
    """With who, when, why and what; a second time it is refused, and nothing counts twice."""
    async with server.station("corrected") as station:
        number = await start_v16(station)
        await station.send(f'[2,"q","StopTransaction",{{"transactionId":{number},"meterStop":}}]')
        await station.until_frames(3)
    (kept,) = await waiting(server, "corrected")
    path = f"/quarantine/{kept['quarantine_id']}/take-in"
    refused = await server.post(path, WHY, 409)
    assert refused["code"] == "quarantine_not_taken_in"
    assert "still cannot be read" in refused["detail"]
    payload = {"transactionId": number, "meterStop": 3000, "timestamp": LATER}
    body = WHY | {"correction": {"action": "StopTransaction", "payload": payload}}
    taken = await server.post(path, body)
    assert (taken["state"], taken["decided_by"], taken["decision"]) == ("taken-in", "first", WHY["reason"])
    assert '"meterStop": 3000' in taken["corrected"]
    assert taken["raw"].endswith('"meterStop":}]'), "what came stays as it came"
    found = await stopped(server, "corrected", number)
    assert (found["is_open"], found["energy_wh"]) == (False, 2000.0)
    assert (await server.post(path, body, 409))["detail"].endswith("taken-in by first")
    assert await waiting(server, "corrected") == []


async def test_what_was_refused_by_older_code_is_taken_in_as_it_came(server: LiveServer) -> None:
    """The message reads today: no correction is needed, and the station's own retry is the same message."""
    async with server.station("older") as station:
        number = await start_v16(station)
        stop = {"transactionId": number, "meterStop": 3000.7, "timestamp": LATER}
        raw = json.dumps([2, "old", "StopTransaction", stop])
        server.write(
            "INSERT INTO quarantine (station_id, epoch, raw, reason, received_at) "
            f"VALUES ('older', 1, CAST('{raw}' AS BLOB), 'TypeConstraintViolation', 1764000000000000)"
        )
        (kept,) = await waiting(server, "older")
        await server.post(f"/quarantine/{kept['quarantine_id']}/take-in", WHY)
        found = await stopped(server, "older", number)
        assert (found["is_open"], found["energy_wh"]) == (False, pytest.approx(2000.7))
        await station.ask("StopTransaction", stop)
        assert (await stopped(server, "older", number))["flags"] == found["flags"]


async def test_what_contradicts_is_not_taken_in_as_it_came(server: LiveServer) -> None:
    """A second, other stop: it was answered and kept; the first one counts until somebody corrects."""
    async with server.station("conflict") as station:
        number = await start_v16(station)
        stop = {"transactionId": number, "meterStop": 3000, "timestamp": LATER}
        await station.ask("StopTransaction", stop)
        await station.ask("StopTransaction", stop | {"meterStop": 9000, "timestamp": AT})
    (kept,) = await waiting(server, "conflict")
    assert kept["cause"] == "conflict"
    refused = await server.post(f"/quarantine/{kept['quarantine_id']}/take-in", WHY, 409)
    assert "it has ended already" in refused["detail"]
    assert (await stopped(server, "conflict", number))["energy_wh"] == 2000.0
    assert len(await waiting(server, "conflict")) == 1, "nor is it kept twice"


async def test_a_dismissed_message_stays_with_who_and_why(server: LiveServer) -> None:
    """It waits no longer; a reason is required, typing errors are refused, an unknown id is said."""
    kept = await refuse(server, "dismissed", '[2,"q","StopTransaction",{}]')
    path = f"/quarantine/{kept['quarantine_id']}/dismiss"
    await server.post(path, {}, 422)
    await server.post(path, WHY | {"raeson": "x"}, 422)
    gone = await server.post(path, WHY)
    assert (gone["state"], gone["decided_by"], gone["decision"]) == ("dismissed", "first", WHY["reason"])
    assert gone["decided_at"] is not None
    assert (await server.post(path, WHY, 409))["code"] == "quarantine_decided"
    assert await waiting(server, "dismissed") == []
    assert (await server.api.get("/quarantine/999999")).json()["code"] == "quarantine_unknown"


async def test_what_was_used_in_part_does_not_wait(server: LiveServer) -> None:
    """It can be read and corrected; nobody has to do anything."""
    async with server.station("used") as station:
        number = await start_v16(station)
        stop = {"transactionId": number, "meterStop": 3000, "timestamp": LATER, "idTag": {}}
        await station.ask("StopTransaction", stop)
    assert await waiting(server, "used") == []
    ((each,)) = await server.get("/quarantine", station="used")
    assert (each["cause"], each["state"]) == ("partly-read", "used")


async def test_only_managers_read_and_decide(server: LiveServer) -> None:
    """The messages hold drivers' id tokens."""
    for role, status in (("viewer", 403), ("installer", 403), ("manager", 200)):
        made = await server.api.put(f"/access/programs/q-{role}", json={"role": role})
        headers = {"Authorization": f"Bearer {made.json()['token']}"}
        assert (await server.api.get("/quarantine", headers=headers)).status_code == status
        answer = await server.api.post("/quarantine/1/dismiss", headers=headers, json={"reason": "no"})
        assert answer.status_code == (403 if status == 403 else 422)


async def test_a_stranger_pushes_no_genuine_message_out(server: LiveServer) -> None:
    """What a station that was not accepted sends is told apart, and bounded apart."""
    async with server.station("stranger", "2.0.1", boots=False) as station:
        for number in range(3):
            await station.send(f'[2,"s{number}","TransactionEvent",{{"seqNo":{number}}}]')
        await station.until_frames(3)
    found = server.rows("SELECT DISTINCT was_accepted FROM quarantine WHERE station_id = 'stranger'")
    assert found == [(0,)]
