"""Every request that a station can send, in every version, over a real socket: handled, kept or refused.

The payloads are the smallest that the official schemas allow, and every answer is held against its schema.
"""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from csms.gateway.reception import RECEPTIONS
from csms.gateway.refusals import REFUSALS
from ocppj.actions import Sender, actions_of
from ocppj.versions import OcppVersion
from tests.support.payloads import AT
from tests.support.schemas import message_schemas, smallest
from tests.support.server import LiveServer, live_server
from tests.support.waiting import patient_http, until
from tests.support.wire_station import WireStation

EVENT: dict[str, Any] = {
    "eventId": 1,
    "timestamp": AT,
    "trigger": "Alerting",
    "actualValue": "true",
    "eventNotificationType": "HardWiredNotification",
    "component": {"name": "Connector"},
    "variable": {"name": "Problem"},
}
ALSO_READ = {
    "NotifyEvent",
    "NotifyMonitoringReport",
    "NotifyCustomerInformation",
    "ReportChargingProfiles",
    "NotifyChargingLimit",
    "ClearedChargingLimit",
    "NotifyPriorityCharging",
    "NotifyDisplayMessages",
}
"""They are read, and kept for what is not."""
NOTIFY_EVENT: dict[str, Any] = {"generatedAt": AT, "seqNo": 0, "eventData": [EVENT]}
CUSTOMER: dict[str, Any] = {"requestId": 5, "seqNo": 0, "generatedAt": AT, "data": "Ann, 04A1B2C3"}


def requests_of(version: OcppVersion) -> dict[str, Any]:
    """By action: the smallest legal payload of each request that a station sends."""
    actions = actions_of(version)
    return {
        each.action: smallest(each.whole)
        for each in message_schemas()
        if each.version is version and each.is_request and actions[each.action].sender is not Sender.CSMS
    }


async def kept(server: LiveServer, station_id: str, **wanted: Any) -> list[dict[str, Any]]:
    """What is kept of a station, the oldest first."""
    found: list[dict[str, Any]] = await server.get(f"/stations/{station_id}/kept", limit=1000, **wanted)
    return found[::-1]


def listener(server: LiveServer) -> Any:
    """Who hears the events."""
    assert server.running.parts is not None
    return closing(server.running.parts.bus.subscribe())


async def send_everything(station: WireStation, version: OcppVersion) -> dict[str, Any]:
    """By action: the payload of the CALLRESULT to each, None for a SEND."""
    answers: dict[str, Any] = {}
    for action, payload in requests_of(version).items():
        if actions_of(version)[action].response is None:
            await station.send([6, f"send-{action}", action, payload])
            answers[action] = None
        else:
            answers[action] = await station.ask(action, payload, message_id=f"call-{action}")
    return answers


@pytest.mark.parametrize("version", OcppVersion, ids=lambda each: each.label)
async def test_every_request_is_answered_and_what_is_kept_can_be_read(
    version: OcppVersion, tmp_path: Path
) -> None:
    """No CALLERROR at all; reports as they came, over a restart too."""
    reception, payloads = RECEPTIONS[version], requests_of(version)
    expected = {
        action: payload
        for action, payload in payloads.items()
        if reception.keeps(action, is_send=actions_of(version)[action].response is None)
        or action in ALSO_READ
    }
    async with live_server(tmp_path) as server:
        async with server.station("all", version.label) as station:
            answers = await send_everything(station, version)
            for action in expected:
                assert not answers[action]
            for action in REFUSALS[version]:
                assert {"Rejected", "Failed"} & set(json.dumps(answers[action]).split('"')), action
        await server.until_offline("all")
        before = await kept(server, "all")
        metrics = (await server.api.get(f"{server.running.http_url}/metrics")).text
    assert {each["action"]: each["payload"] for each in before} == expected
    assert {each["version"] for each in before} <= {version.label}
    for action in expected:
        counted = f'borne_messages_kept_total{{action="{action}",version="{version.value}"}} 1.0'
        assert counted in metrics
    async with live_server(tmp_path) as server:
        assert await kept(server, "all") == before


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a_report_that_comes_again_is_kept_and_told_once(version: str, tmp_path: Path) -> None:
    """On the same connection, on the next, after a restart; under a new id too, for it has its own time."""
    async with live_server(tmp_path) as server:
        with listener(server) as events:
            async with server.station("again", version) as station:
                for message_id in ("one", "one", "two"):
                    assert await station.ask("NotifyEvent", NOTIFY_EVENT, message_id=message_id) == {}
            told = [each for each in events.pending() if each.event == "message.kept"]
        assert [each.payload["payload"] for each in told] == [NOTIFY_EVENT]
    async with live_server(tmp_path) as server:
        async with server.station("again", version) as station:
            assert await station.ask("NotifyEvent", NOTIFY_EVENT, message_id="one") == {}
            assert await station.ask("NotifyEvent", NOTIFY_EVENT | {"seqNo": 1}) == {}
        assert [each["payload"]["seqNo"] for each in await kept(server, "again")] == [0, 1]


async def test_the_reports_that_a_request_of_ours_asked_for_are_found_by_it(tmp_path: Path) -> None:
    """Part after part up to the last; also of a station that is not accepted yet (2.0.1 B02.FR.09)."""
    answers: dict[str, Any] = {"GetMonitoringReport": {"status": "Accepted"}}
    part = {"requestId": 7, "generatedAt": AT}
    async with live_server(tmp_path, unknown="quarantine") as server:
        async with server.station("asked", "2.0.1", answers=answers, boots=False) as station:
            assert (await station.boot())["status"] == "Pending"
            early = await station.call("NotifyMonitoringReport", part | {"seqNo": 9})
            assert early[2] == "SecurityError"
            await station.send([6, "early", "NotifyMonitoringReport", part | {"seqNo": 9}])
            await server.call("asked", "GetMonitoringReport", {"requestId": 7})
            await station.ask("NotifyMonitoringReport", part | {"seqNo": 0, "tbc": True})
            await station.ask("NotifyMonitoringReport", part | {"seqNo": 1})
        found = await kept(server, "asked", request_id=7, action="NotifyMonitoringReport")
        assert [(each["seq_no"], each["is_last"]) for each in found] == [(0, False), (1, True)]
        assert await kept(server, "asked", request_id=8) == []


async def test_a_command_shows_whether_its_reports_have_come(tmp_path: Path) -> None:
    """All of them, over a restart too; a neutral command like a raw call; one that was refused has none."""
    answers: dict[str, Any] = {
        "GetMonitoringReport": {"status": "Accepted"},
        "GetBaseReport": {"status": "Accepted"},
        "GetReport": {"status": "Accepted"},
        "GetDisplayMessages": {"status": "Unknown"},
    }
    part = {"requestId": 7, "generatedAt": AT}

    async def reports(server: LiveServer) -> dict[str, Any]:
        found = await server.get("/stations/teller/command-log")
        return {
            each["command"]: each["reports"] and (each["reports"]["state"], each["reports"]["parts"])
            for each in found
        }

    async with (
        live_server(tmp_path) as server,
        server.station("teller", "2.0.1", answers=answers) as station,
    ):
        await server.call("teller", "GetMonitoringReport", {"requestId": 7})
        await server.call("teller", "GetDisplayMessages", {"requestId": 7})
        await server.command("teller", "get-base-report", request_id=7)
        await server.command("teller", "get-report", request_id=8)
        await station.ask("NotifyMonitoringReport", part | {"seqNo": 0, "tbc": True})
        await station.ask("NotifyReport", part | {"seqNo": 0})
        await until_finished(server, 4)
        assert await reports(server) == {
            "GetMonitoringReport": ("awaited", 1),
            "GetDisplayMessages": None,
            "get-base-report": ("complete", 1),
            "get-report": ("awaited", 0),
        }
    async with live_server(tmp_path) as server, server.station("teller", "2.0.1") as station:
        with listener(server) as events:
            await station.ask("NotifyMonitoringReport", part | {"seqNo": 1})
            told = [each.payload for each in events.pending() if each.event == "command.reported"]
        assert [(each["action"], each["parts"]) for each in told] == [("NotifyMonitoringReport", 2)]
        assert (await reports(server))["GetMonitoringReport"] == ("complete", 2)


async def until_finished(server: LiveServer, count: int) -> None:
    """So many commands have their end."""
    query = "SELECT 1 FROM commands WHERE finished_at IS NOT NULL"
    await until(lambda: len(server.rows(query)) == count)


async def test_the_newest_of_each_action_stay(tmp_path: Path) -> None:
    """A setting says how many; whoever reports without end pushes out its own only."""
    async with live_server(tmp_path, kept_messages_per_action=3) as server:
        async with server.station("many", "2.0.1") as station:
            await station.ask("ClearedChargingLimit", {"chargingLimitSource": "EMS"})
            for number in range(9):
                await station.ask("NotifyEvent", NOTIFY_EVENT | {"seqNo": number})
        found = await kept(server, "many")
        numbers = [each["seq_no"] for each in found if each["action"] == "NotifyEvent"]
        assert 3 <= len(numbers) <= 6
        assert numbers == list(range(9))[-len(numbers) :]
        assert found[0]["action"] == "ClearedChargingLimit"


async def as_program(server: LiveServer, role: str) -> httpx.AsyncClient:
    """A client with a role."""
    made = await server.api.put(f"/access/programs/{role}", json={"role": role})
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    return patient_http(base_url=f"{server.running.http_url}/api/v1", headers=headers)


async def test_what_a_station_knows_of_a_customer_is_for_managers(tmp_path: Path) -> None:
    """Others see that it came; it is not in the wire log, and in no event (2.0.1 N09)."""
    async with live_server(tmp_path, wire_log="all") as server:
        with listener(server) as events:
            async with server.station("private", "2.0.1") as station:
                await station.ask("NotifyCustomerInformation", CUSTOMER)
            told = [each for each in events.pending() if each.event == "message.kept"]
        assert [each.payload["payload"] for each in told] == [None]
        for role, payload, withheld in (
            ("manager", CUSTOMER, None),
            ("installer", None, "personal"),
        ):
            async with await as_program(server, role) as http:
                (report,) = (await http.get("/stations/private/kept")).json()
                assert (report["payload"], report["withheld"]) == (payload, withheld)
                assert report["request_id"] == 5
        async with await as_program(server, "viewer") as http:
            assert (await http.get("/stations/private/kept")).json()["code"] == "role_required"
            gone = await http.delete("/stations/private/customer-information")
            assert gone.json()["code"] == "role_required"
        assert "Ann" not in json.dumps(await server.messages("private"))
        assert (await server.api.delete("/stations/private/customer-information")).status_code == 204
        assert await server.get("/stations/private/kept") == []


async def test_what_somebody_asks_for_is_never_ignored(tmp_path: Path) -> None:
    """A misspelt action, and a place that no list gave, are said with what they could be."""
    async with live_server(tmp_path) as server:
        async with server.station("cp", "2.0.1") as station:
            for number in range(3):
                await station.ask("NotifyEvent", NOTIFY_EVENT | {"seqNo": number})
        for wrong, code in (
            ({"action": "NotifyEvents"}, "action_unknown"),
            ({"after": "x"}, "after_invalid"),
            ({"request": 7}, "invalid"),
        ):
            answer = await server.api.get("/stations/cp/kept", params=wrong)
            assert (answer.status_code, code in answer.text) == (422, True), answer.text
        first = await server.api.get("/stations/cp/kept", params={"limit": 2})
        following = await server.api.get(first.links["next"]["url"].removeprefix("/api/v1"))
        numbers = [each["seq_no"] for each in (*first.json(), *following.json())]
        assert (numbers, "next" in following.links) == ([2, 1, 0], False)
        await until(lambda: server.rows("SELECT count(*) FROM kept_messages") == [(3,)])
