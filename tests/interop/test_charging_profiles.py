"""Charging profiles between our ends and other people's code: stations written on the `ocpp` package hold
them, and a central system written on it sets them at a simulated station.
"""

from typing import Any

import pytest
from ocpp.routing import after, on
from ocpp.v16 import call as call16
from ocpp.v16 import call_result as result16
from ocpp.v201 import call as call201

from tests.interop.charge_points import (
    ChargePoint16,
    ChargePoint21,
    ChargePoint201,
    charge_point,
    now,
)
from tests.interop.test_simulator_against_ocpp import WITHIN_S, accepted, charges, is_old
from tests.support.server import LiveServer
from tests.support.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
PERIOD = {"start_period": 0, "limit": 8.0}
SCHEDULE = {"unit": "A", "starts_at": "2020-01-01T00:00:00Z", "periods": [{"start_s": 0, "limit": 8}]}
PROFILE = {"profile_id": 5, "purpose": "TxDefaultProfile", "schedules": [SCHEDULE]}


class LimitedStation16(ChargePoint16):
    """It holds one profile."""

    held: dict[str, Any] | None = None

    @on("SetChargingProfile")
    def set_profile(self, connector_id: int, cs_charging_profiles: dict[str, Any]) -> Any:
        """Take it."""
        self.held = cs_charging_profiles
        return self._agree("SetChargingProfile", result16.SetChargingProfile, connector_id=connector_id)

    @on("ClearChargingProfile")
    def clear_profile(self, **by: Any) -> Any:
        """Give it up, if it is meant."""
        is_it = self.held is not None and by.get("id") in (None, self.held["charging_profile_id"])
        self.held = None if is_it else self.held
        return result16.ClearChargingProfile("Accepted" if is_it else "Unknown")

    @on("GetCompositeSchedule")
    def composite(self, connector_id: int, duration: int, charging_rate_unit: str | None = None) -> Any:
        """What it holds."""
        schedule = {
            "duration": duration,
            "charging_rate_unit": charging_rate_unit,
            "charging_schedule_period": [PERIOD],
        }
        return result16.GetCompositeSchedule(
            "Accepted", connector_id=connector_id, schedule_start=now(), charging_schedule=schedule
        )


class _LimitedStation2x:
    """What 2.0.1 and 2.1 have alike."""

    held: dict[str, Any] | None = None
    calls: Any
    results: Any

    @on("SetChargingProfile")
    def set_profile(self, evse_id: int, charging_profile: dict[str, Any]) -> Any:
        """Take it."""
        self.held = charging_profile
        return self._agree("SetChargingProfile", self.results.SetChargingProfile, connector_id=evse_id)  # type: ignore[attr-defined] # mixed in

    @on("ClearChargingProfile")
    def clear_profile(self, charging_profile_id: int | None = None, **_: Any) -> Any:
        """Give it up, if it is meant."""
        is_it = self.held is not None and charging_profile_id == self.held["id"]
        self.held = None if is_it else self.held
        return self.results.ClearChargingProfile("Accepted" if is_it else "Unknown")

    @on("GetCompositeSchedule")
    def composite(self, duration: int, evse_id: int, charging_rate_unit: str | None = None) -> Any:
        """What it holds."""
        schedule = {
            "evse_id": evse_id,
            "duration": duration,
            "schedule_start": now(),
            "charging_rate_unit": charging_rate_unit,
            "charging_schedule_period": [PERIOD],
        }
        return self.results.GetCompositeSchedule("Accepted", schedule=schedule)

    @on("GetChargingProfiles")
    def get_profiles(self, request_id: int, charging_profile: dict[str, Any], **_: Any) -> Any:
        """K09.FR.03: some condition there is."""
        assert charging_profile
        return self._agree("GetChargingProfiles", self.results.GetChargingProfiles, request_id=request_id)  # type: ignore[attr-defined] # mixed in

    @after("GetChargingProfiles")
    async def report(self, request_id: int, **_: Any) -> None:
        """K09.FR.01."""
        await self.call(  # type: ignore[attr-defined] # mixed in
            self.calls.ReportChargingProfiles(
                request_id=request_id,
                charging_limit_source="CSO",
                charging_profile=[self.held],
                evse_id=0,
                tbc=False,
            )
        )


class LimitedStation201(_LimitedStation2x, ChargePoint201):
    """A 2.0.1 charging station."""


class LimitedStation21(_LimitedStation2x, ChargePoint21):
    """A 2.1 charging station."""


LIMITED = {"1.6": LimitedStation16, "2.0.1": LimitedStation201, "2.1": LimitedStation21}


@pytest.mark.parametrize("version", LIMITED)
async def test_profiles_at_other_peoples_stations(server: LiveServer, version: str) -> None:
    """Set, asked for, reported in 2.x, cleared; the package checks each frame by its own schemas."""
    station_id = f"limited-{version}"
    async with charge_point(server.ocpp_url, station_id, version, LIMITED) as station:
        await station.boot()
        placed = await server.command(station_id, "set-charging-profile", evse_id=0, profile=PROFILE)
        assert placed["is_accepted"]
        asked = {"evse_id": 1, "duration_s": 600, "unit": "A"}
        composite = await server.command(station_id, "get-composite-schedule", **asked)
        schedule = composite["answer"]["schedule"]
        assert (schedule["evse_id"], schedule["unit"], schedule["periods"][0]["limit"]) == (1, "A", 8.0)
        if version != "1.6":
            reading = await server.command(station_id, "get-charging-profiles")
            assert reading["is_accepted"]
            query = f"SELECT 1 FROM kept_messages WHERE station_id = '{station_id}'"
            await until(lambda: server.rows(query))
            (kept,) = await server.get(f"/stations/{station_id}/kept")
            assert [each["id"] for each in kept["payload"]["chargingProfile"]] == [5]
        for status in ("Accepted", "Unknown"):
            cleared = await server.command(station_id, "clear-charging-profile", profile_id=5)
            assert cleared["answer"]["status"] == status


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_a_simulated_station_obeys_somebody_elses_central_system(template: str) -> None:
    """Set, in force, asked for and cleared by the package's own calls."""
    async with accepted(template) as (station, central):
        schedule = {
            "charging_rate_unit": "A",
            "start_schedule": "2020-01-01T00:00:00Z",
            "charging_schedule_period": [PERIOD],
        }
        of = {"stack_level": 0, "charging_profile_purpose": "TxDefaultProfile"}
        of["charging_profile_kind"] = "Absolute"
        if is_old(station):
            placing: Any = call16.SetChargingProfile(
                connector_id=0,
                cs_charging_profiles=of | {"charging_profile_id": 5, "charging_schedule": schedule},
            )
            asking: Any = call16.GetCompositeSchedule(connector_id=1, duration=60)
            clearing: Any = call16.ClearChargingProfile(id=5)
        else:
            placing = call201.SetChargingProfile(
                evse_id=0, charging_profile=of | {"id": 5, "charging_schedule": [schedule | {"id": 1}]}
            )
            asking = call201.GetCompositeSchedule(duration=60, evse_id=1)
            clearing = call201.ClearChargingProfile(charging_profile_id=5)
        assert (await central.link.call(placing)).status == "Accepted"
        station.plug()
        await station.present("MINE")
        await station.wait_until(lambda now: charges(now) and now.evse().power_w == 8 * 690, WITHIN_S)
        told = await central.link.call(asking)
        found = told.charging_schedule if is_old(station) else told.schedule
        assert found["charging_schedule_period"][0]["limit"] == 8.0
        assert (await central.link.call(clearing)).status == "Accepted"
        await station.wait_until(lambda now: now.evse().power_w > 8 * 690, WITHIN_S)
