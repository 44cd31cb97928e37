"""What a 2.0.1 station tells of a transaction under each start and stop point, and what 1.6 makes of it."""

from itertools import pairwise
from typing import Any

import pytest

from ocppj.session import Request
from ocppj.vocabulary import VariableRef
from simulator.model.connector_states import ConnectorState
from simulator.model.transaction_points import TRANSACTION_POINTS
from simulator.station.charging import TokenOutcome
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import Stage, changed_template, simulated

GOES_ON = {"TxCtrlr.StopTxOnEVSideDisconnect": "false"}


def points(start: str, stop: str, **changes: Any) -> Any:
    """A 2.0.1 station with these."""
    asked = {"TxCtrlr.TxStartPoint": start, "TxCtrlr.TxStopPoint": stop}
    variables = {"SampledDataCtrlr.TxUpdatedInterval": "0"} | asked | changes
    return changed_template("ac-201", variables=variables)


def told(stage: Stage) -> list[tuple[str, str, str | None]]:
    """(kind, trigger, charging state) of each event."""
    return [
        (event.event_type, event.trigger_reason, event.transaction_info.charging_state)
        for event in stage.said("TransactionEvent")
    ]


async def charge(stage: Stage, *, is_token_first: bool = False) -> None:
    """Cable, token, half a minute, token, cable."""
    await stage.boot()
    if is_token_first:
        await stage.station.present("TAG1")
        stage.station.plug()
    else:
        stage.station.plug()
        await stage.station.present("TAG1")
    await stage.advance(10)
    await stage.station.present("TAG1")
    stage.station.unplug()
    await stage.rest()


STARTS = {
    "ParkingBayOccupancy": [
        ("Started", "EVDetected", "Idle"),
        ("Updated", "CablePluggedIn", "EVConnected"),
        ("Updated", "Authorized", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
    ],
    "EVConnected": [
        ("Started", "CablePluggedIn", "EVConnected"),
        ("Updated", "Authorized", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
    ],
    "Authorized": [
        ("Started", "Authorized", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
    ],
    "PowerPathClosed": [
        ("Started", "Authorized", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
    ],
    "EnergyTransfer": [("Started", "ChargingStateChanged", "Charging")],
}
STOPS = {
    "ParkingBayOccupancy": [
        ("Updated", "StopAuthorized", "EVConnected"),
        ("Updated", "EVCommunicationLost", "Idle"),
        ("Ended", "EVDeparted", "Idle"),
    ],
    "EVConnected": [
        ("Updated", "StopAuthorized", "EVConnected"),
        ("Ended", "EVCommunicationLost", "Idle"),
    ],
    "Authorized": [("Ended", "StopAuthorized", "EVConnected")],
    "PowerPathClosed": [("Ended", "StopAuthorized", "EVConnected")],
    "EnergyTransfer": [("Ended", "StopAuthorized", "EVConnected")],
}


@pytest.mark.parametrize("start", TRANSACTION_POINTS)
@pytest.mark.parametrize("stop", TRANSACTION_POINTS)
async def test_every_start_and_stop_point(start: str, stop: str) -> None:
    """2.0.1 E01, E06: one start, one end, each where it belongs; no gap; place and driver are told once."""
    async with simulated(points(start, stop)) as stage:
        await charge(stage)
        assert told(stage) == STARTS[start] + STOPS[stop]
        events = stage.said("TransactionEvent")
        assert [event.seq_no for event in events] == list(range(len(events)))
        assert [event.event_type for event in events].count("Started") == 1
        assert events[-1].event_type == "Ended"
        assert [event.evse is not None for event in events] == [True] + [False] * (len(events) - 1)
        tokens = [event.trigger_reason for event in events if event.id_token is not None]
        first = "ChargingStateChanged" if start == "EnergyTransfer" else "Authorized"
        assert tokens == [first, "StopAuthorized"]
        assert stage.station.snapshot().evse().transaction_id is None
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_the_reason_of_the_end_is_why_energy_stopped() -> None:
    """Stopped by its driver, and over once the cable is out."""
    async with simulated(points("EVConnected", "EVConnected")) as stage:
        await charge(stage)
        assert stage.said("TransactionEvent")[-1].transaction_info.stopped_reason == "Local"


async def test_token_first() -> None:
    """2.0.1 E03: a transaction that begins with the token has no car yet."""
    async with simulated(points("Authorized", "Authorized")) as stage:
        await charge(stage, is_token_first=True)
        assert told(stage) == [
            ("Started", "Authorized", "Idle"),
            ("Updated", "CablePluggedIn", "EVConnected"),
            ("Updated", "ChargingStateChanged", "Charging"),
            ("Ended", "StopAuthorized", "EVConnected"),
        ]


async def test_token_first_begins_with_the_cable() -> None:
    """Under PowerPathClosed the cable is what was missing."""
    async with simulated(points("PowerPathClosed", "PowerPathClosed")) as stage:
        await charge(stage, is_token_first=True)
        assert told(stage)[0] == ("Started", "CablePluggedIn", "EVConnected")
        assert stage.said("TransactionEvent")[0].id_token.id_token == "TAG1"


async def test_no_cable_came() -> None:
    """2.0.1 E03.FR.05: the authorization lapses, and with it the transaction."""
    async with simulated(points("Authorized", "PowerPathClosed")) as stage:
        await stage.boot()
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.AUTHORIZED
        await stage.advance(61)
        assert told(stage) == [
            ("Started", "Authorized", "Idle"),
            ("Ended", "EVConnectTimeout", "Idle"),
        ]
        assert stage.said("TransactionEvent")[-1].transaction_info.stopped_reason == "Timeout"
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_no_cable_came_where_only_a_cable_would_end_it() -> None:
    """2.0.1 E03.FR.05: it ends all the same; stop points that do not suit the start keep nothing open."""
    async with simulated(points("Authorized", "EVConnected")) as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        await stage.advance(61)
        assert told(stage)[-1] == ("Ended", "EVConnectTimeout", "Idle")
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_no_cable_came_where_a_parking_bay_ends_it() -> None:
    """2.0.1 E03.FR.15: only the authorization lapses."""
    async with simulated(points("Authorized", "ParkingBayOccupancy")) as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        await stage.advance(61)
        assert told(stage)[-1] == ("Updated", "EVConnectTimeout", "Idle")
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_token_first_and_the_other_connector() -> None:
    """2.0.1 E01.FR.16: which connector it is, is known with the cable, and told with it."""
    template = points("Authorized", "Authorized").model_dump() | {"evses": [{"connectors": 2}]}
    async with simulated(changed_template("ac-201", **template)) as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        stage.station.plug(1, 2)
        await stage.rest()
        places = [event.evse and event.evse.connector_id for event in stage.said("TransactionEvent")]
        assert places == [1, 2, None]


async def test_remote_stop_before_the_cable() -> None:
    """2.0.1 F03: it ends, and the connector that waited is free at once."""
    async with simulated(points("Authorized", "Authorized")) as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        await stage.rest()
        running = stage.station.snapshot().evse().transaction_id
        answer = await stage.ask("RequestStopTransaction", {"transactionId": running})
        assert answer.status == "Accepted"
        assert told(stage)[-1] == ("Ended", "RemoteStop", "Idle")
        assert stage.said("StatusNotification")[-1].connector_status == "Available"


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_a_fault_takes_the_authorization_that_waits(template: str) -> None:
    """Once repaired the connector waits for nobody."""
    async with simulated(template) as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        stage.station.fault()
        stage.station.clear_fault()
        stage.station.plug()
        await stage.rest()
        assert stage.station.snapshot().evse().power_w == 0
        assert stage.station.snapshot().evse().transaction_id is None


@pytest.mark.parametrize("start", TRANSACTION_POINTS)
async def test_nothing_begins_at_a_broken_connector(start: str) -> None:
    """A fault hides the cable."""
    async with simulated(points(start, start)) as stage:
        await stage.boot()
        stage.station.fault()
        stage.station.plug()
        await stage.rest()
        assert not stage.said("TransactionEvent")


@pytest.mark.parametrize(
    ("stop", "is_token_first"), [("Authorized", True), ("EVConnected", False), ("EVConnected", True)]
)
async def test_availability_waits_for_a_transaction_without_energy(
    stop: str, *, is_token_first: bool
) -> None:
    """2.0.1 G03.FR.05: a transaction is in progress before its energy flows, too, and after."""
    async with simulated(points(stop if not is_token_first else "Authorized", stop)) as stage:
        await stage.boot()
        if is_token_first:
            await stage.station.present("TAG1")
        if stop == "EVConnected":
            stage.station.plug()
        if stop == "EVConnected" and is_token_first:
            await stage.station.present("TAG1")  # no driver any more, the cable still in
        assert stage.station.snapshot().evse().transaction_id is not None
        answer = await stage.ask("ChangeAvailability", {"operationalStatus": "Inoperative"})
        assert answer.status == "Scheduled"
        assert stage.station.snapshot().connector().state is not ConnectorState.UNAVAILABLE
        if stop == "EVConnected":
            stage.station.unplug()
        else:
            await stage.station.present("TAG1")
        await stage.rest()
        assert told(stage)[-1][0] == "Ended"
        assert stage.station.snapshot().connector().state is ConnectorState.UNAVAILABLE


async def test_same_token_before_the_cable_ends_it() -> None:
    """E07 needs no energy to have flowed."""
    async with simulated(points("Authorized", "Authorized")) as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.STOPPED
        await stage.rest()
        assert [kind for kind, _, _ in told(stage)] == ["Started", "Ended"]
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_full_car_ends_a_transaction_that_is_energy() -> None:
    """2.0.1 E06.FR.07."""
    template = points("EnergyTransfer", "EnergyTransfer").model_dump()
    full = changed_template("ac-201", **template | {"vehicle": {"battery_wh": 1000, "arrives_with": 0.99}})
    async with simulated(full) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.advance(3600)
        kind, trigger, _ = told(stage)[-1]
        assert (kind, trigger) == ("Ended", "ChargingStateChanged")
        assert stage.said("TransactionEvent")[-1].transaction_info.stopped_reason == "StoppedByEV"


def refuse(link: AnsweringLink, request: Request) -> Any:
    """Blocked, once the transaction has begun."""
    if request.action == "TransactionEvent" and request.message.id_token is not None:
        return {"idTokenInfo": {"status": "Blocked"}}
    return agree(link, request)


async def test_refused_after_the_start() -> None:
    """2.0.1 E05: no energy any more; whether it ends is the stop point's to say."""
    async with simulated(points("EVConnected", "EVConnected"), refuse) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.rest()
        assert told(stage)[-1] == ("Updated", "Deauthorized", "EVConnected")
        assert stage.station.snapshot().evse().power_w == 0
        stage.station.unplug()
        await stage.rest()
        assert stage.said("TransactionEvent")[-1].transaction_info.stopped_reason == "DeAuthorized"


async def test_refused_after_the_start_with_some_energy_left() -> None:
    """2.0.1 E05.FR.03: MaxEnergyOnInvalidId is delivered, and nothing more; the transaction goes on."""
    some = {"TxCtrlr.MaxEnergyOnInvalidId": "100"}
    async with simulated(points("Authorized", "Authorized", **KEEPS_REFUSED, **some), refuse) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.rest()
        assert stage.station.snapshot().evse().power_w > 0
        await stage.advance(300)
        now = stage.station.snapshot().evse()
        assert now.power_w == 0
        assert told(stage)[-1][2] == "SuspendedEVSE"
        await stage.ask("GetTransactionStatus", {})
        registers = [
            sampled.value
            for event in stage.said("TransactionEvent")
            for value in event.meter_value or ()
            for sampled in value.sampled_value
            if sampled.measurand == "Energy.Active.Import.Register"
        ]
        assert max(registers) - min(registers) <= 101


async def test_refused_before_the_cable() -> None:
    """2.0.1 E05.FR.10: it is over, and the connector waits for nothing."""
    async with simulated(points("Authorized", "Authorized"), refuse) as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        await stage.rest()
        assert told(stage)[-1] == ("Ended", "Deauthorized", "Idle")
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


KEEPS_REFUSED = {"TxCtrlr.StopTxOnInvalidId": "false"}


async def test_refused_before_the_cable_and_kept() -> None:
    """2.0.1 E05.FR.02: the cable changes nothing, no energy flows."""
    async with simulated(points("Authorized", "Authorized", **KEEPS_REFUSED), refuse) as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        await stage.rest()
        stage.station.plug()
        await stage.advance(10)
        assert told(stage)[-1] == ("Updated", "CablePluggedIn", "EVConnected")
        assert stage.station.snapshot().evse().power_w == 0


async def test_refused_and_plugged_in_again() -> None:
    """2.0.1 E05.FR.02, E10: a cable that comes back brings no energy to a token that was refused."""
    async with simulated(points("Authorized", "Authorized", **KEEPS_REFUSED, **GOES_ON), refuse) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.rest()
        assert told(stage)[-1] == ("Updated", "ChargingStateChanged", "SuspendedEVSE")
        stage.station.unplug()
        stage.station.plug()
        await stage.advance(10)
        assert stage.station.snapshot().evse().power_w == 0


async def test_refused_where_energy_is_the_transaction() -> None:
    """2.0.1 E06.FR.08: not the driver has ended it, and the reason says so."""
    async with simulated(points("PowerPathClosed", "EnergyTransfer", **KEEPS_REFUSED), refuse) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.rest()
        event = stage.said("TransactionEvent")[-1]
        assert (event.event_type, event.transaction_info.stopped_reason) == ("Ended", "DeAuthorized")


async def test_remote_start_of_a_transaction_that_runs() -> None:
    """2.0.1 F02, F01.FR.13: the answer names it; its next event carries the remote start's number."""
    async with simulated(points("EVConnected", "EVConnected")) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.rest()
        started = stage.said("TransactionEvent")[0].transaction_info.transaction_id
        token = {"idToken": "APP", "type": "Central"}
        answer = await stage.ask(
            "RequestStartTransaction", {"idToken": token, "remoteStartId": 9, "evseId": 1}
        )
        assert (answer.status, answer.transaction_id) == ("Accepted", started)
        event = stage.said("TransactionEvent")[1]
        assert (event.trigger_reason, event.transaction_info.remote_start_id) == ("RemoteStart", 9)
        assert stage.said("TransactionEvent")[2].transaction_info.remote_start_id is None


async def test_no_transaction_begins_before_the_station_is_accepted() -> None:
    """2.0.1 B02, B03: a cable alone starts nothing there."""

    def pending(link: AnsweringLink, request: Request) -> Any:
        found = agree(link, request)
        return found | {"status": "Pending"} if request.action == "BootNotification" else found

    async with simulated(points("EVConnected", "EVConnected"), pending) as stage:
        await stage.advance(stage.station.template.start_s)
        stage.station.plug()
        assert stage.station.snapshot().evse().transaction_id is None


async def test_a_car_that_stays_through_a_reset_is_a_new_transaction() -> None:
    """E01.FR.02: the connection is there, and no transaction."""
    async with simulated(points("EVConnected", "EVConnected")) as stage:
        await charge_until_reset(stage)
        ids = [event.transaction_info.transaction_id for event in stage.said("TransactionEvent")]
        assert len({*ids}) == 2
        assert told(stage)[-1] == ("Started", "CablePluggedIn", "EVConnected")


async def charge_until_reset(stage: Stage) -> None:
    """Charging, then the button."""
    await stage.boot()
    stage.station.plug()
    await stage.station.present("TAG1")
    await stage.rest()
    stage.station.reset()
    await stage.boot()
    await stage.rest()


# --- The cable is pulled at the car

KEEPS_CABLE = {"OCPPCommCtrlr.UnlockOnEVSideDisconnect": "false"}


async def test_pulled_at_the_car_without_an_end_in_1_6() -> None:
    """1.6 §4.9, §9.1.23: SuspendedEV, and charging again when it is back; the same transaction."""
    async with simulated(changed_template(variables=GOES_ON)) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.advance(10)
        stage.station.unplug()
        await stage.advance(10)
        assert stage.said("StatusNotification")[-1].status == "SuspendedEV"
        stage.station.plug()
        await stage.advance(10)
        assert stage.said("StatusNotification")[-1].status == "Charging"
        assert "StopTransaction" not in stage.actions
        await stage.station.present("TAG1")
        await stage.rest()
        (stop,) = stage.said("StopTransaction")
        assert stop.reason == "Local"


async def test_pulled_at_the_car_without_an_end_in_2_0_1() -> None:
    """E10: suspended, resumed by the cable, ended by the token, which frees the cable."""
    async with simulated(points("PowerPathClosed", "Authorized", **GOES_ON)) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        stage.station.unplug()
        stage.station.plug()
        stage.station.unplug()
        assert stage.station.snapshot().connector().is_plugged  # locked at the station (E10.FR.01)
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.STOPPED
        await stage.rest()
        assert told(stage)[2:] == [
            ("Updated", "EVCommunicationLost", "Idle"),
            ("Updated", "CablePluggedIn", "SuspendedEV"),
            ("Updated", "ChargingStateChanged", "Charging"),
            ("Updated", "EVCommunicationLost", "Idle"),
            ("Ended", "StopAuthorized", "Idle"),
        ]
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_a_fixed_cable_waits_for_its_car_but_not_for_ever() -> None:
    """E10.FR.02."""
    template = points("PowerPathClosed", "Authorized", **GOES_ON).model_dump()
    async with simulated(
        changed_template("ac-201", **template | {"evses": [{"has_socket": False}]})
    ) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        stage.station.unplug()
        await stage.advance(61)
        assert told(stage)[-1][:2] == ("Ended", "EVCommunicationLost")
        assert stage.said("TransactionEvent")[-1].transaction_info.stopped_reason == "EVDisconnected"
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_the_station_keeps_the_cable_for_its_driver(template: str) -> None:
    """E09.FR.03, 1.6 §9.1.33: the charge is over, the socket is not free; another token does not help."""
    async with simulated(changed_template(template, variables=KEEPS_CABLE)) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        stage.station.unplug()
        await stage.rest()
        now = stage.station.snapshot()
        assert now.evse().transaction_id is None
        assert (now.connector().state, now.connector().is_plugged) == (ConnectorState.FINISHING, True)
        assert (await stage.station.present("TAG2")).outcome is TokenOutcome.REFUSED
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.RELEASED
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_energy_is_not_resumed_without_the_driver() -> None:
    """E09.FR.01: the car is back at a cable that stayed locked; nothing flows without a driver."""
    async with simulated(changed_template("ac-201", variables=KEEPS_CABLE)) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        stage.station.unplug()
        stage.station.plug()
        assert stage.station.snapshot().evse().power_w == 0
        assert (await stage.station.present("TAG2")).outcome is TokenOutcome.STARTED
        await stage.advance(5)
        assert stage.station.snapshot().evse().power_w > 0


async def test_a_locked_cable_is_whose_who_charges_with_it() -> None:
    """E09.FR.02: of the one before nothing is left, whether cable or remote start came first."""
    async with simulated(changed_template("ac-201", variables=KEEPS_CABLE)) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        stage.station.unplug()
        token = {"idToken": "APP", "type": "Central"}
        await stage.ask("RequestStartTransaction", {"idToken": token, "remoteStartId": 9, "evseId": 1})
        stage.station.plug()
        stage.station.variables.put(VariableRef("OCPPCommCtrlr", "UnlockOnEVSideDisconnect"), "true")
        stage.station.unplug()
        await stage.rest()
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_unlock_is_about_one_connector() -> None:
    """2.0.1 F05.FR.02: no neighbour's transaction is in the way, nor one that nobody has authorized."""
    template = points("EVConnected", "Authorized").model_dump() | {"evses": [{"connectors": 2}]}
    async with simulated(changed_template("ac-201", **template)) as stage:
        await stage.boot()
        stage.station.plug()
        assert stage.station.snapshot().evse().transaction_id is not None
        for connector_id, answer in ((1, "Unlocked"), (2, "Unlocked")):
            asked = {"evseId": 1, "connectorId": connector_id}
            assert (await stage.ask("UnlockConnector", asked)).status == answer
        await stage.station.present("TAG1")
        for connector_id, answer in ((1, "OngoingAuthorizedTransaction"), (2, "Unlocked")):
            asked = {"evseId": 1, "connectorId": connector_id}
            assert (await stage.ask("UnlockConnector", asked)).status == answer


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_unlock_frees_the_cable_of_this_connector_alone(template: str) -> None:
    """1.6 §5.18, 2.0.1 F05: one that is kept for its driver; in 1.6 each EVSE has one."""
    async with simulated(
        changed_template(template, evses=[{"connectors": 2}], variables=KEEPS_CABLE)
    ) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        stage.station.unplug()
        is_old = template == "ac-16"
        if not is_old:
            await stage.ask("UnlockConnector", {"evseId": 1, "connectorId": 2})
            assert stage.station.snapshot().connector().is_plugged
        here = {"connectorId": 1} | ({} if is_old else {"evseId": 1})
        assert (await stage.ask("UnlockConnector", here)).status == "Unlocked"
        assert not stage.station.snapshot().connector().is_plugged


async def test_registers_never_fall() -> None:
    """Whatever happens, the values of the events grow."""
    often = {"SampledDataCtrlr.TxUpdatedInterval": "2"}
    async with simulated(points("EVConnected", "EVConnected", **GOES_ON, **often)) as stage:
        await charge(stage)
        values = [
            sampled.value
            for event in stage.said("TransactionEvent")
            for meter in event.meter_value or ()
            if meter.sampled_value[0].context != "Transaction.Begin"
            for sampled in meter.sampled_value
            if sampled.measurand == "Energy.Active.Import.Register"
        ]
        assert len(values) > 1
        assert all(before <= after for before, after in pairwise(values))
