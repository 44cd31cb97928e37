"""/charging-profiles and /charging-limits on a real server, in three versions."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.server import live_server
from tests.support.wire_station import VERSIONS

AGREES: dict[str, Any] = {
    "SetChargingProfile": {"status": "Accepted"},
    "ClearChargingProfile": {"status": "Accepted"},
    "GetChargingProfiles": {"status": "Accepted"},
}
SCHEDULE = {"unit": "A", "periods": [{"limit": 16.0}], "starts_at": "2026-05-01T10:00:00Z"}


def wanted(number: int, **more: Any) -> dict[str, Any]:
    """A body's profile."""
    return {"profile_id": number, "purpose": "TxDefaultProfile", "schedules": [SCHEDULE]} | more


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_profile_is_set_replaced_and_cleared(version: str, tmp_path: Path) -> None:
    """Each command moves its row; a list of what a station may hold, and of what it no longer does."""
    async with live_server(tmp_path) as server, server.station("cp1", version, answers=AGREES):
        first = await server.command("cp1", "set-charging-profile", evse_id=1, profile=wanted(1))
        second = await server.command(
            "cp1", "set-charging-profile", evse_id=1, profile=wanted(2, stack_level=1)
        )
        held = await server.get("/charging-profiles", station="CP1", open=True)
        assert [each["entry_id"] for each in held] == [second["command_id"], first["command_id"]]
        assert (held[1]["state"], held[1]["profile_id"], held[1]["source"]) == ("held", 1, "CSO")
        assert held[1]["schedules"][0]["periods"][0]["limit"] == 16.0
        await server.command("cp1", "set-charging-profile", evse_id=1, profile=wanted(1, stack_level=3))
        over = await server.get("/charging-profiles", station="cp1", open=False)
        assert [(each["profile_id"], each["state"]) for each in over] == [(1, "replaced")]
        await server.command("cp1", "clear-charging-profile", stack_level=3)
        states = [each["state"] for each in await server.get("/charging-profiles")]
        assert states == ["cleared", "held", "replaced"]


async def test_lists_go_on_where_a_page_ends(tmp_path: Path) -> None:
    """By the link of the page before; what is no place of a list is refused."""
    async with live_server(tmp_path) as server, server.station("cp1", "2.1", answers=AGREES) as station:
        for number in (1, 2):
            await server.command("cp1", "set-charging-profile", evse_id=number, profile=wanted(number))
            limit = {"chargingLimitSource": f"x/{number}", "isGridCritical": False}
            await station.ask("NotifyChargingLimit", {"evseId": number, "chargingLimit": limit})
        for path, name in (("/charging-profiles", "profile_id"), ("/charging-limits", "source")):
            page = await server.api.get(path, params={"limit": 1})
            following = page.links["next"]["url"].removeprefix("/api/v1")
            [last] = (await server.api.get(following)).json()
            assert [page.json()[0][name], last[name]] in ([2, 1], ["x/2", "x/1"])
            refused = await server.api.get(path, params={"after": "1-x"})
            assert path == "/charging-profiles" or refused.json()["code"] == "after_invalid"
        await station.ask("ClearedChargingLimit", {"evseId": 1, "chargingLimitSource": "x/1"})
        assert [each["source"] for each in await server.get("/charging-limits", open=False)] == ["x/1"]
        assert [
            each["source"] for each in await server.get("/charging-limits", station="cp1", open=True)
        ] == ["x/2"]


async def test_a_report_finds_what_nobody_asked_for_and_misses_what_is_gone(tmp_path: Path) -> None:
    """K09: it is held since the report; ours that is not in it is missing."""
    async with live_server(tmp_path) as server, server.station("cp1", "2.0.1", answers=AGREES) as station:
        await server.command("cp1", "set-charging-profile", evse_id=1, profile=wanted(1))
        await server.command("cp1", "get-charging-profiles", request_id=9)
        found = {
            "id": 7,
            "stackLevel": 0,
            "chargingProfilePurpose": "ChargingStationMaxProfile",
            "chargingProfileKind": "Absolute",
            "chargingSchedule": [
                {
                    "id": 1,
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 20}],
                }
            ],
        }
        report = {"requestId": 9, "chargingLimitSource": "CSO", "evseId": 0, "chargingProfile": [found]}
        await station.ask("ReportChargingProfiles", report)
        listed = await server.get("/charging-profiles")
        assert [(each["profile_id"], each["state"], each["asked_by"]) for each in listed] == [
            (7, "held", None),
            (1, "missing", "api:first"),
        ]
