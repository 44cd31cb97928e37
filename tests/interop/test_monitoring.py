"""Monitors and customer information between our ends and other people's code: stations written on the `ocpp`
package, and a central system written on it.
"""

from typing import Any

import pytest
from ocpp.routing import after, on
from ocpp.v201 import call as call201

from tests.interop.charge_points import ChargePoint21, ChargePoint201, charge_point, now
from tests.interop.test_simulator_against_ocpp import WITHIN_S, accepted, charges
from tests.support.server import LiveServer
from tests.support.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
POWER = {"component": "EVSE", "evse_id": 1, "variable": "Power"}
ON_POWER = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "Power"}}


class _WatchingStation2x:
    """What 2.0.1 and 2.1 have alike."""

    held: dict[int, dict[str, Any]]
    calls: Any
    results: Any

    @on("SetVariableMonitoring")
    def set_monitors(self, set_monitoring_data: list[dict[str, Any]], **_: Any) -> Any:
        """Number them."""
        self.held = dict(enumerate(set_monitoring_data, start=1))
        return self.results.SetVariableMonitoring(
            set_monitoring_result=[
                {key: each[key] for key in ("component", "variable", "type", "severity")}
                | {"id": number, "status": "Accepted"}
                for number, each in self.held.items()
            ]
        )

    @on("ClearVariableMonitoring")
    def clear_monitors(self, id: list[int], **_: Any) -> Any:  # noqa: A002 - the wire's name
        """Give them up."""
        found = [(number, self.held.pop(number, None)) for number in id]
        words = [(number, "NotFound" if known is None else "Accepted") for number, known in found]
        return self.results.ClearVariableMonitoring(
            clear_monitoring_result=[{"id": number, "status": word} for number, word in words]
        )

    @on("SetMonitoringBase")
    def set_base(self, monitoring_base: str, **_: Any) -> Any:
        """Only one is there."""
        return self.results.SetMonitoringBase("Accepted" if monitoring_base == "All" else "NotSupported")

    @on("SetMonitoringLevel")
    def set_level(self, severity: int, **_: Any) -> Any:
        """Whatever it is."""
        return self.results.SetMonitoringLevel("Accepted" if severity < 9 else "Rejected")

    @on("GetMonitoringReport")
    def get_monitors(self, request_id: int, **_: Any) -> Any:
        """What it holds."""
        assert request_id
        return self.results.GetMonitoringReport("Accepted" if self.held else "EmptyResultSet")

    @after("GetMonitoringReport")
    async def report(self, request_id: int, **_: Any) -> None:
        """A part for each."""
        for number, (held_id, each) in enumerate(sorted(self.held.items())):
            monitor = {"id": held_id, "transaction": False, "event_notification_type": "CustomMonitor"}
            if self.results.__name__.endswith("v201.call_result"):
                del monitor["event_notification_type"]
            monitor |= {key: each[key] for key in ("value", "type", "severity")}
            named = {key: each[key] for key in ("component", "variable")}
            await self.call(  # type: ignore[attr-defined] # mixed in
                self.calls.NotifyMonitoringReport(
                    request_id=request_id,
                    seq_no=number,
                    generated_at=now(),
                    tbc=number < len(self.held) - 1,
                    monitor=[named | {"variable_monitoring": [monitor]}],
                )
            )

    @on("CustomerInformation")
    def customer(self, request_id: int, report: bool, clear: bool, **of: Any) -> Any:
        """One reference there is."""
        assert request_id
        assert report is not clear
        return self.results.CustomerInformation("Accepted" if len(of) == 1 else "Invalid")

    @after("CustomerInformation")
    async def tell(self, request_id: int, **_: Any) -> None:
        """In two parts."""
        for number in (0, 1):
            await self.call(  # type: ignore[attr-defined] # mixed in
                self.calls.NotifyCustomerInformation(
                    data="Ann", seq_no=number, generated_at=now(), request_id=request_id, tbc=number == 0
                )
            )


class WatchingStation201(_WatchingStation2x, ChargePoint201):
    """A 2.0.1 charging station."""


class WatchingStation21(_WatchingStation2x, ChargePoint21):
    """A 2.1 charging station."""


WATCHING = {"2.0.1": WatchingStation201, "2.1": WatchingStation21}


@pytest.mark.parametrize("version", WATCHING)
async def test_monitors_at_other_peoples_stations(server: LiveServer, version: str) -> None:
    """Set, reported in parts, cleared; the package checks each frame by its own schemas."""
    station_id = f"watching-{version}"

    async def complete(count: int) -> None:
        query = f"SELECT 1 FROM announced_reports WHERE station_id = '{station_id}' AND is_complete"
        await until(lambda: len(server.rows(query)) == count)

    async with charge_point(server.ocpp_url, station_id, version, WATCHING) as station:
        await station.boot()
        monitors = [POWER | {"type": "Delta", "value": 5}, POWER | {"type": "Periodic", "value": 60}]
        placed = (await server.command(station_id, "set-variable-monitoring", monitors=monitors))["answer"]
        assert [each["monitor_id"] for each in placed["monitors"]] == [1, 2]
        assert {each["name"] for each in placed["monitors"]} == {"EVSE.Power"}
        assert (await server.command(station_id, "get-monitoring-report"))["is_accepted"]
        await complete(1)
        cleared = await server.command(station_id, "clear-variable-monitoring", monitor_ids=[2, 7])
        assert [each["status"] for each in cleared["answer"]["cleared"]] == ["Accepted", "NotFound"]
        for base, status in (("All", "Accepted"), ("HardWiredOnly", "NotSupported")):
            answered = await server.command(station_id, "set-monitoring-base", base=base)
            assert answered["answer"]["status"] == status
        assert (await server.command(station_id, "set-monitoring-level", severity=4))["is_accepted"]
        asked = await server.command(station_id, "customer-information", customer_identifier="C-1")
        assert asked["is_accepted"]
        await complete(2)
        kept = await server.get(f"/stations/{station_id}/kept", action="NotifyCustomerInformation")
        assert [each["payload"]["data"] for each in kept] == ["Ann", "Ann"]


async def test_a_simulated_station_watches_for_somebody_elses_central_system() -> None:
    """Set, noticed and cleared by the package's own calls."""
    async with accepted("ac-201") as (station, central):
        setting = call201.SetVariableMonitoring(
            set_monitoring_data=[ON_POWER | {"type": "UpperThreshold", "value": 1000.0, "severity": 4}]
        )
        (placed,) = (await central.link.call(setting)).set_monitoring_result
        assert placed["status"] == "Accepted"
        assert (await central.link.call(call201.GetMonitoringReport(request_id=4))).status == "Accepted"
        station.plug()
        await station.present("MINE")
        await station.wait_until(charges, WITHIN_S)
        gone = await central.link.call(call201.ClearVariableMonitoring(id=[placed["id"]]))
        assert gone.clear_monitoring_result == [{"id": placed["id"], "status": "Accepted"}]
        token = {"id_token": "MINE", "type": "ISO14443"}
        told = await central.link.call(
            call201.CustomerInformation(request_id=5, report=True, clear=True, id_token=token)
        )
        assert told.status == "Accepted"
