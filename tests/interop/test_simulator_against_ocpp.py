"""Simulated stations against a central system written on the `ocpp` package: each story in both versions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from ocpp.v16 import call as call16
from ocpp.v201 import call as call201

from runtime.chance import SystemChance
from runtime.clock import ScaledClock
from runtime.lifecycle import Background
from simulator.model.connector_states import ConnectorState
from simulator.model.template import identify
from simulator.station.charging import TokenOutcome
from simulator.station.snapshot import StationSnapshot
from simulator.station.station import Station
from tests.interop.central_system import CentralSystem, central_system
from tests.support.simulated import changed_template
from tests.support.waiting import PATIENCE_S

FAST = 10.0
WITHIN_S = PATIENCE_S * FAST
PASSWORD = "as delivered 0123"
BOTH = pytest.mark.parametrize("template", ["ac-16", "ac-201"])
QUICK = {
    "OCPPCommCtrlr.RetryBackOffWaitMinimum": "1",
    "OCPPCommCtrlr.RetryBackOffRandomRange": "0",
    "SampledDataCtrlr.TxUpdatedInterval": "2",
}


@asynccontextmanager
async def powered(
    template: str, central: CentralSystem, password: str | None = None
) -> AsyncIterator[Station]:
    """A station that has just been powered on, ten times as fast as real ones."""
    kind = changed_template(template, start_s=0.5, variables=QUICK)
    station = Station(
        kind,
        identify(kind, chance=SystemChance(), station_id="BOX-1"),
        url=central.url,
        clock=ScaledClock(FAST),
        chance=SystemChance(),
        password=password,
    )
    async with Background("station") as tasks:
        tasks.start(station.run())
        yield station


@asynccontextmanager
async def accepted(template: str) -> AsyncIterator[tuple[Station, CentralSystem]]:
    """A station that has booted."""
    async with central_system() as central, powered(template, central) as station:
        await station.wait_until(lambda now: now.is_accepted, WITHIN_S)
        yield station, central


def is_old(station: Station) -> bool:
    """Whether it speaks 1.6."""
    return station.template.version == "1.6"


def charges(now: StationSnapshot) -> bool:
    """At the first EVSE."""
    return now.connector().state is ConnectorState.CHARGING


@BOTH
async def test_boot_pending_then_accepted(template: str) -> None:
    """The station says who it is, waits as it is told, and then tells its connectors."""
    async with central_system() as central:
        central.boots = ["Pending", "Rejected"]
        async with powered(template, central) as station:
            await station.wait_until(lambda now: now.is_accepted, WITHIN_S)
            boots = central.said("BootNotification")
            assert len(boots) == 3
            who = boots[0] if is_old(station) else boots[0]["charging_station"]
            names = (
                ("charge_point_vendor", "charge_point_model") if is_old(station) else ("vendor_name", "model")
            )
            assert [who[name] for name in names] == [station.identity.vendor, station.identity.model]
            await central.until(lambda: len(central.said("StatusNotification")) == 2)


@BOTH
async def test_charge_at_the_station(template: str) -> None:
    """Cable, token, values, token, cable; the energy told is the energy counted."""
    async with accepted(template) as (station, central):
        station.plug()
        assert (await station.present("TAG1")).outcome is TokenOutcome.STARTED
        metered = "MeterValues" if is_old(station) else "TransactionEvent"
        await central.until(lambda: len(central.said(metered)) >= 3)
        assert (await station.present("TAG1")).outcome is TokenOutcome.STOPPED
        station.unplug()
        now = await station.wait_until(lambda now: now.queued == 0, WITHIN_S)
        if is_old(station):
            (start,), (stop,) = central.said("StartTransaction"), central.said("StopTransaction")
            assert (stop["transaction_id"], stop["reason"], start["meter_start"]) == (101, "Local", 0)
            told_wh = stop["meter_stop"]
        else:
            events = central.said("TransactionEvent")
            assert [events[0]["event_type"], events[-1]["event_type"]] == ["Started", "Ended"]
            assert [event["seq_no"] for event in events] == list(range(len(events)))
            told_wh = events[-1]["meter_value"][-1]["sampled_value"][0]["value"]
        assert told_wh == pytest.approx(now.evse().energy_wh, abs=1)


@BOTH
async def test_blocked_token(template: str) -> None:
    """It starts nothing."""
    async with accepted(template) as (station, central):
        central.blocked.add("BAD")
        station.plug()
        result = await station.present("BAD")
        assert result.outcome is TokenOutcome.REFUSED
        assert result.status is not None
        assert result.status.value == "Blocked"


@BOTH
async def test_remote_start_and_stop(template: str) -> None:
    """By the id that the central system knows."""
    async with accepted(template) as (station, central):
        station.plug()
        if is_old(station):
            start: Any = call16.RemoteStartTransaction(id_tag="REMOTE", connector_id=1)
        else:
            token = {"id_token": "REMOTE", "type": "Central"}
            start = call201.RequestStartTransaction(id_token=token, remote_start_id=7, evse_id=1)
        assert (await central.link.call(start)).status == "Accepted"
        await station.wait_until(lambda now: charges(now) and now.queued == 0, WITHIN_S)
        if is_old(station):
            stop: Any = call16.RemoteStopTransaction(transaction_id=101)
        else:
            started = central.said("TransactionEvent")[0]["transaction_info"]
            assert started["remote_start_id"] == 7
            stop = call201.RequestStopTransaction(transaction_id=started["transaction_id"])
        assert (await central.link.call(stop)).status == "Accepted"
        await station.wait_until(lambda now: now.evse().transaction_id is None and now.queued == 0, WITHIN_S)


@BOTH
async def test_settings(template: str) -> None:
    """Set, read back, refused, unknown."""
    async with accepted(template) as (station, central):
        if is_old(station):
            for key, value, status in (
                ("ConnectionTimeOut", "33", "Accepted"),
                ("ConnectionTimeOut", "soon", "Rejected"),
                ("Nonsense", "1", "NotSupported"),
            ):
                changed = await central.link.call(call16.ChangeConfiguration(key=key, value=value))
                assert changed.status == status
            read = await central.link.call(call16.GetConfiguration(key=["ConnectionTimeOut", "Nonsense"]))
            assert read.configuration_key == [{"key": "ConnectionTimeOut", "readonly": False, "value": "33"}]
            assert read.unknown_key == ["Nonsense"]
            return
        place = {"component": {"name": "TxCtrlr"}, "variable": {"name": "EVConnectionTimeOut"}}
        asked = [place | {"attribute_value": value} for value in ("33", "soon")]
        written = await central.link.call(call201.SetVariables(set_variable_data=asked))
        assert [one["attribute_status"] for one in written.set_variable_result] == ["Accepted", "Rejected"]
        found = await central.link.call(call201.GetVariables(get_variable_data=[place]))
        assert found.get_variable_result[0]["attribute_value"] == "33"
        report = call201.GetBaseReport(request_id=5, report_base="FullInventory")
        assert (await central.link.call(report)).status == "Accepted"
        await central.until(lambda: any(not part["tbc"] for part in central.said("NotifyReport")))


@BOTH
async def test_local_list_is_used_when_the_connection_is_gone(template: str) -> None:
    """And what was charged meanwhile is told afterwards."""
    async with accepted(template) as (station, central):
        if is_old(station):
            entry: dict[str, Any] = {"id_tag": "LISTED", "id_tag_info": {"status": "Accepted"}}
            sending: Any = call16.SendLocalList(
                list_version=4, update_type="Full", local_authorization_list=[entry]
            )
        else:
            token = {"id_token": "LISTED", "type": "ISO14443"}
            entry = {"id_token": token, "id_token_info": {"status": "Accepted"}}
            sending = call201.SendLocalList(
                version_number=4, update_type="Full", local_authorization_list=[entry]
            )
        assert (await central.link.call(sending)).status == "Accepted"
        station.drop_link()
        await station.wait_until(lambda now: not now.is_connected, WITHIN_S)
        station.plug()
        assert (await station.present("LISTED")).outcome is TokenOutcome.STARTED
        station.unplug()
        assert station.snapshot().queued >= 2
        station.restore_link()
        await station.wait_until(lambda now: now.queued == 0, WITHIN_S)
        assert len(central.links) == 2
        assert len(central.said("BootNotification")) == 1
        ended = central.said("StopTransaction" if is_old(station) else "TransactionEvent")[-1]
        assert ended.get("reason", "") == "EVDisconnected" or ended["event_type"] == "Ended"


@BOTH
async def test_reset_boots_again(template: str) -> None:
    """With the charge ended first."""
    async with accepted(template) as (station, central):
        station.plug()
        await station.present("TAG1")
        await station.wait_until(lambda now: charges(now) and now.queued == 0, WITHIN_S)
        call: Any = call16.Reset(type="Soft") if is_old(station) else call201.Reset(type="Immediate")
        assert (await central.link.call(call)).status == "Accepted"
        await central.until(lambda: len(central.said("BootNotification")) == 2)
        await station.wait_until(lambda now: now.is_accepted, WITHIN_S)
        assert not charges(station.snapshot())


@BOTH
async def test_connection_that_the_central_system_ends_comes_back(template: str) -> None:
    """After the back-off, without a boot."""
    async with accepted(template) as (station, central):
        await central.link._connection.close(1001, "maintenance")
        await station.wait_until(lambda now: not now.is_connected, WITHIN_S)
        await station.wait_until(lambda now: now.is_accepted, WITHIN_S)
        assert (len(central.links), len(central.said("BootNotification"))) == (2, 1)


@BOTH
async def test_changed_password_is_used(template: str) -> None:
    """1.6 in hexadecimal; the next connection comes with it."""
    async with central_system() as central:
        central.passwords = {"BOX-1": PASSWORD}
        async with powered(template, central, PASSWORD) as station:
            await station.wait_until(lambda now: now.is_accepted, WITHIN_S)
            new = "changed since 4567"
            central.passwords = {"BOX-1": new}
            if is_old(station):
                changing: Any = call16.ChangeConfiguration(key="AuthorizationKey", value=new.encode().hex())
                assert (await central.link.call(changing)).status == "Accepted"
            else:
                place = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
                changing = call201.SetVariables(set_variable_data=[place | {"attribute_value": new}])
                answer = await central.link.call(changing)
                assert answer.set_variable_result[0]["attribute_status"] == "Accepted"
            await central.until(lambda: len(central.links) == 2)
            await station.wait_until(lambda now: now.is_accepted, WITHIN_S)


@BOTH
async def test_availability_and_trigger(template: str) -> None:
    """Closed, asked for its status, opened."""
    async with accepted(template) as (station, central):
        if is_old(station):
            closing: Any = call16.ChangeAvailability(connector_id=0, type="Inoperative")
            asking: Any = call16.TriggerMessage(requested_message="Heartbeat")
        else:
            closing = call201.ChangeAvailability(operational_status="Inoperative")
            asking = call201.TriggerMessage(requested_message="Heartbeat")
        assert (await central.link.call(closing)).status == "Accepted"
        assert station.snapshot().connector().state is ConnectorState.UNAVAILABLE
        assert (await central.link.call(asking)).status == "Accepted"
        await central.until(lambda: central.said("Heartbeat"))
