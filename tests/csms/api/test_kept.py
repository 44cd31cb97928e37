"""What is stored of a station can be read: what was asked and by whom, security events, its boot."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from csms.api.kept_views import command_view
from csms.domain.records import AnnouncedRecord, CommandRecord
from tests.support.inbound import NOON, minutes
from tests.support.server import live_server
from tests.support.waiting import until
from tests.support.wire_station import BOOTS, VERSIONS

AT = "2026-05-01T10:00:00Z"


async def test_what_was_asked_of_a_station_is_told_with_who_asked(tmp_path: Path) -> None:
    """Newest first, page by page; raw calls are commands too; a viewer may not see the arguments."""
    async with live_server(tmp_path) as server:
        answers: dict[str, Any] = {"Reset": {"status": "Accepted"}, "ClearCache": {"status": "Rejected"}}
        async with server.station("cp1", answers=answers):
            await server.command("cp1", "reset", kind="OnIdle")
            await server.command("cp1", "clear-cache")
            ended = "SELECT 1 FROM commands WHERE outcome IS NOT NULL"
            await until(lambda: len(server.rows(ended)) == 2)
        asked = await server.get("/stations/cp1/command-log")
        names = [(each["command"], each["origin"], each["outcome"], each["status"]) for each in asked]
        assert names[:2] == [
            ("clear-cache", "api:first", "result", "Rejected"),
            ("reset", "api:first", "result", "Accepted"),
        ]
        assert asked[1]["arguments"]["kind"] == "OnIdle"
        first = await server.api.get("/stations/cp1/command-log", params={"limit": 1})
        following = await server.api.get(first.links["next"]["url"].removeprefix("/api/v1"))
        assert [each["command"] for each in (*first.json(), *following.json())][:2] == [
            "clear-cache",
            "reset",
        ]


@pytest.mark.parametrize("version", VERSIONS)
async def test_security_events_and_statuses_can_be_read(version: str, tmp_path: Path) -> None:
    """With the station's own time; firmware and log status stand on the station, over a restart too."""
    async with live_server(tmp_path) as server:
        async with server.station("cp1", version) as station:
            for kind in ("FirmwareUpdated", "SettingSystemTime"):
                await station.ask(
                    "SecurityEventNotification", {"type": kind, "timestamp": AT, "techInfo": "x"}
                )
            await station.ask("FirmwareStatusNotification", {"status": "Downloading"})
            log_status = "DiagnosticsStatusNotification" if version == "1.6" else "LogStatusNotification"
            await station.ask(log_status, {"status": "Uploading"})
        told = await server.get("/stations/cp1/security-events")
        assert [each["type"] for each in told] == ["SettingSystemTime", "FirmwareUpdated"]
        assert (told[0]["at"], told[0]["tech_info"]) == (AT, "x")
        first = await server.api.get("/stations/cp1/security-events", params={"limit": 1})
        following = await server.api.get(first.links["next"]["url"].removeprefix("/api/v1"))
        assert [each["type"] for each in following.json()] == ["FirmwareUpdated"]
        wrong = await server.api.get("/stations/cp1/security-events", params={"after": "x"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "after_invalid")
    async with live_server(tmp_path) as server:
        shown = await server.get("/stations/cp1")
        assert (shown["firmware_status"], shown["log_status"]) == ("Downloading", "Uploading")
        assert shown["firmware_status_at"]
        assert shown["log_status_at"]


async def test_what_a_station_said_at_its_boot_can_be_read(tmp_path: Path) -> None:
    """The SIM's numbers, the meter, why it booted."""
    async with live_server(tmp_path) as server:
        async with server.station("cp1", boots=False) as station:
            more = {"iccid": "8931", "imsi": "204", "meterType": "MID", "meterSerialNumber": "M1"}
            await station.ask("BootNotification", BOOTS["1.6"] | more)
        async with server.station("cp2", "2.0.1", boots=False) as station:
            boot = {"vendorName": "A", "model": "B", "modem": {"iccid": "8932", "imsi": "205"}}
            await station.ask("BootNotification", {"reason": "Watchdog", "chargingStation": boot})
        shown = await server.get("/stations/cp1")
        assert [shown[name] for name in ("iccid", "imsi", "meter_type", "meter_serial_number")] == [
            "8931",
            "204",
            "MID",
            "M1",
        ]
        shown = await server.get("/stations/cp2")
        assert (shown["iccid"], shown["imsi"], shown["boot_reason"]) == ("8932", "205", "Watchdog")


async def test_an_answer_is_paired_with_its_call_on_another_page(tmp_path: Path) -> None:
    """Action and number of the CALL stand on the answer, wherever the page begins."""
    async with live_server(tmp_path, wire_log="all") as server, server.station("cp1") as station:
        for _ in range(3):
            await station.ask("Heartbeat")
        every = await server.messages("cp1")
        calls = {each["seq"]: each for each in every if each["kind"] == "call"}
        for each in every:
            if each["kind"] != "result":
                continue
            (alone,) = (await server.get("/stations/cp1/messages", since=each["seq"] - 1, limit=1))[
                "messages"
            ]
            assert alone == each
            assert calls[alone["call_seq"]]["message_id"] == alone["message_id"]
            assert calls[alone["call_seq"]]["action"] == alone["action"]
        assert all(call["call_seq"] is None for call in calls.values())


@pytest.mark.parametrize(
    "asked", [{"params": {"format": "jsonl"}}, {"headers": {"Accept": "application/x-ndjson"}}]
)
async def test_the_wire_log_is_exported_as_lines_of_json(asked: dict[str, Any], tmp_path: Path) -> None:
    """All of it, more than one page reads at a time; `jq` reads it where there is one."""
    async with live_server(tmp_path, wire_log="all") as server, server.station("cp1") as station:
        for _ in range(50):
            await station.ask("Heartbeat")
        answer = await server.api.get("/stations/cp1/messages", **asked)
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        frames = [json.loads(line) for line in answer.text.splitlines()]
        assert frames == await server.messages("cp1")
        assert len(frames) == 102
        if jq := shutil.which("jq"):
            command = [jq, "-r", 'select(.kind == "call") | .action']
            told = await asyncio.to_thread(
                subprocess.run, command, input=answer.text, capture_output=True, text=True, check=True
            )
            assert told.stdout.split() == ["BootNotification", *["Heartbeat"] * 50]


async def test_every_frame_has_two_times(tmp_path: Path) -> None:
    """The wall's, and microseconds that nobody sets, in the order of the socket; also from the file."""
    async with (
        live_server(tmp_path, wire_log="all", wire_log_ring_bytes=0) as server,
        server.station("cp1") as station,
    ):
        await station.ask("Heartbeat")
        frames = await server.messages("cp1")
    times = [frame["monotonic_us"] for frame in frames]
    assert len(times) == 4
    assert times == sorted(times)
    assert all(isinstance(each, int) and each > 0 for each in times)
    assert times[-1] - times[0] < 60_000_000
    assert any(each % 1000 for each in times)  # microseconds, not a loop's milliseconds


async def test_a_marker_stands_between_the_frames(tmp_path: Path) -> None:
    """Where it was set, by whom, with the same two times; no station can send one."""
    async with live_server(tmp_path, wire_log="all") as server, server.station("cp1") as station:
        await station.ask("Heartbeat")
        marked = await server.post("/stations/cp1/markers", {"text": "contactor closed"}, 201)
        await station.send('{"text": "forged", "by": "me"}')
        await station.ask("Heartbeat")
        frames = await server.messages("cp1")
        (marker,) = [each for each in frames if each["kind"] == "marker"]
        assert (marker["seq"], marker["payload"]) == (
            marked["seq"],
            {"text": "contactor closed", "by": "first"},
        )
        assert marker["monotonic_us"] > 0
        times = [each["monotonic_us"] for each in frames]
        assert times == sorted(times)
        for wrong in ({"text": ""}, {"txt": "x"}, {"text": "x" * 501}):
            answer = await server.api.post("/stations/cp1/markers", json=wrong)
            assert answer.status_code == 422
        unknown = await server.api.post("/stations/nobody/markers", json={"text": "x"})
        assert unknown.status_code == 404


async def test_an_audit_goes_on_where_a_page_ended(tmp_path: Path) -> None:
    """Only there: anything else is refused with a way out, as for a station that nobody knows."""
    async with live_server(tmp_path) as server:
        await server.post("/stations", {"station_id": "cp1", "admission": "quarantine"}, 201)
        for admission in ("accept", "reject"):
            await server.api.put("/stations/cp1/admission", json={"admission": admission})
        first = await server.api.get("/stations/cp1/audit", params={"limit": 2})
        assert [(each["what"], each["result"]) for each in first.json()] == [
            ("admission-chosen", "reject"),
            ("admission-chosen", "accept"),
        ]
        last = await server.api.get(first.links["next"]["url"].removeprefix("/api/v1"))
        assert [(each["by"], each["what"], each["result"]) for each in last.json()] == [
            ("first", "added", "quarantine")
        ]
        assert "next" not in last.links
        for wrong in (
            "x",
            "5",
            "5-change-",
            "5-change-x",
            f"5-change-{'9' * 30}",
            "5-nothing-1",
            "x-change-1",
        ):
            answer = await server.api.get("/stations/cp1/audit", params={"after": wrong})
            assert (answer.status_code, answer.json()["code"]) == (422, "after_invalid"), wrong
        assert (await server.api.get("/stations/nobody/audit")).json()["code"] == "station_unknown"


@pytest.mark.parametrize(
    ("status", "parts", "is_complete", "at", "expected"),
    [
        ("Accepted", 0, False, 5, "awaited"),
        ("Accepted", 0, False, 11, "incomplete"),
        ("Accepted", 1, True, 99, "complete"),
        (None, 0, False, 0, None),
        ("Rejected", 0, False, 5, None),
        ("Rejected", 1, False, 5, "awaited"),
    ],
)
def test_reports_are_awaited_for_so_long(
    status: str | None, parts: int, is_complete: bool, at: float, expected: str | None
) -> None:
    """Since the answer or the last part; a station that refuses sends none, unless it does."""
    reports = AnnouncedRecord("NotifyReport", 7, parts, is_complete, NOON)
    record = CommandRecord("c", "GetReport", "{}", "api:x", NOON, NOON, "result", status, None, None, reports)
    shown = command_view(record, minutes(at)).reports
    assert (shown and shown.state) == expected
