"""/stations/{id}/composite-schedule on a real server: ours, the station's, and where they differ."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.server import live_server
from tests.support.wire_station import VERSIONS

SCHEDULE = {"unit": "A", "periods": [{"limit": 16.0}], "starts_at": "2020-01-01T00:00:00Z"}
PROFILE = {"profile_id": 1, "purpose": "TxDefaultProfile", "schedules": [SCHEDULE]}


def says(version: str, limit: float) -> dict[str, Any]:
    """A station's answers: it takes every profile, and expects this much for an hour."""
    period = {"startPeriod": 0, "limit": limit, "numberPhases": 3}
    schedule: dict[str, Any] = {"chargingRateUnit": "A", "chargingSchedulePeriod": [period], "duration": 3600}
    answer: dict[str, Any] = {"status": "Accepted"}
    start = "2026-05-01T10:00:00Z"
    if version == "1.6":
        answer |= {"connectorId": 1, "scheduleStart": start, "chargingSchedule": schedule}
    else:
        answer |= {"schedule": {"evseId": 1, "scheduleStart": start, **schedule}}
    return {"SetChargingProfile": {"status": "Accepted"}, "GetCompositeSchedule": answer}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("limit", "differs"), [(16.0, False), (32.0, True)])
async def test_what_a_station_expects_stands_beside_what_we_do(
    version: str, limit: float, differs: bool, tmp_path: Path
) -> None:
    """Each limit is told; a station that takes more than it may is named."""
    async with live_server(tmp_path) as server, server.station("cp1", version, answers=says(version, limit)):
        path = "/stations/cp1/composite-schedule"
        assert (await server.get(path))["station"] is None
        await server.command("cp1", "set-charging-profile", evse_id=1, profile=PROFILE)
        await server.command("cp1", "get-composite-schedule", evse_id=1, duration_s=3600, unit="A")
        found = await server.get(path, evse=1, duration_s=600)
        assert found["periods"] == [{"start_s": 0, "limit": 16.0, "phases": 3}]
        assert (found["unit"], found["duration_s"], found["evse_id"]) == ("A", 600, 1)
        told = found["station"]
        assert told["periods"] == [{"start_s": 0, "limit": limit, "phases": 3}]
        assert told["expected"][0]["limit"] == 16.0
        assert [(each["end_s"], each["allows_more"]) for each in told["differences"]] == (
            [(3600, True)] if differs else []
        )
