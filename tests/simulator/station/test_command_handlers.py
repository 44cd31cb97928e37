"""What a station answers to each command, in both versions, and what follows from it."""

from typing import Any

import pytest

from ocppj.session import Direction, Request
from ocppj.vocabulary import VariableRef
from simulator.model.connector_states import ConnectorState
from simulator.model.vehicle import Vehicle
from simulator.station.charging import TokenOutcome
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import Stage, changed_template, simulated

BOTH = pytest.mark.parametrize("template", ["ac-16", "ac-201"])
TOKEN = {"idToken": "REMOTE", "type": "ISO14443"}


def is_old(stage: Stage) -> bool:
    """Whether it speaks 1.6."""
    return stage.station.template.version == "1.6"


async def charge(stage: Stage, evse_id: int = 1, token: str = "TAG1") -> None:
    """A charge under way."""
    stage.station.plug(evse_id)
    assert (await stage.station.present(token, evse_id)).outcome is TokenOutcome.STARTED
    await stage.rest()


async def test_nothing_is_resumed_after_a_restart() -> None:
    """2.1 B13.FR.01: a station without TxResumptionTimeout refuses, and goes on."""
    async with simulated("ac-21") as stage:
        await stage.boot()
        await charge(stage)
        assert (await stage.ask("Reset", {"type": "ImmediateAndResume"})).status == "Rejected"
        assert stage.station.snapshot().connector().state is ConnectorState.CHARGING


# Remote control -----------------------------------------------------------------------------------------


async def remote_start(stage: Stage, evse_id: int | None = None) -> str:
    """The status of the answer."""
    if is_old(stage):
        payload: dict[str, Any] = {"idTag": "REMOTE"} | ({} if evse_id is None else {"connectorId": evse_id})
        return str((await stage.ask("RemoteStartTransaction", payload)).status)
    payload = {"idToken": TOKEN, "remoteStartId": 99} | ({} if evse_id is None else {"evseId": evse_id})
    return str((await stage.ask("RequestStartTransaction", payload)).status)


async def remote_stop(stage: Stage, transaction_id: str | None = None) -> str:
    """The status of the answer."""
    known = transaction_id or stage.station.snapshot().evse().transaction_id
    if is_old(stage):
        return str((await stage.ask("RemoteStopTransaction", {"transactionId": int(known or 0)})).status)
    return str((await stage.ask("RequestStopTransaction", {"transactionId": known})).status)


@BOTH
async def test_remote_start_with_the_cable_in_starts_and_stops(template: str) -> None:
    """The remote start id comes back in 2.0.1."""
    async with simulated(template) as stage:
        await stage.boot()
        stage.station.plug()
        assert await remote_start(stage) == "Accepted"
        assert stage.station.snapshot().connector().state is ConnectorState.CHARGING
        if not is_old(stage):
            started = stage.said("TransactionEvent")[0]
            assert (started.trigger_reason, started.transaction_info.remote_start_id) == ("RemoteStart", 99)
        assert await remote_stop(stage) == "Accepted"
        assert stage.station.snapshot().connector().state is ConnectorState.FINISHING
        reason = "Remote"
        if is_old(stage):
            assert stage.said("StopTransaction")[-1].reason == reason
        else:
            assert stage.said("TransactionEvent")[-1].transaction_info.stopped_reason == reason


@BOTH
async def test_remote_start_waits_for_the_cable(template: str) -> None:
    """As long as the connection time-out."""
    async with simulated(template) as stage:
        await stage.boot()
        assert await remote_start(stage, 1) == "Accepted"
        await stage.advance(59)
        stage.station.plug()
        assert stage.station.snapshot().connector().state is ConnectorState.CHARGING


@BOTH
async def test_remote_start_is_rejected_where_it_cannot_be(template: str) -> None:
    """A charge runs there, it is faulted, or there is no such EVSE; 0 is the station itself."""
    async with simulated(template) as stage:
        await stage.boot()
        assert await remote_start(stage, 9) == "Rejected"
        assert await remote_start(stage, 0) == "Rejected"
        await charge(stage)
        assert await remote_start(stage, 1) == "Rejected"
        stage.station.unplug()
        stage.station.fault()
        assert await remote_start(stage, 1) == "Rejected"


async def test_remote_start_without_a_place_takes_the_one_with_a_cable() -> None:
    """Then any that is free."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        stage.station.plug(2)
        assert await remote_start(stage) == "Accepted"
        assert stage.station.snapshot().evse(2).transaction_id is not None


@pytest.mark.parametrize(("verdict", "is_charging"), [("Accepted", True), ("Blocked", False)])
async def test_remote_start_asks_first_where_it_must(verdict: str, is_charging: bool) -> None:
    """AuthorizeRemoteTxRequests."""

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "Authorize":
            return {"idTagInfo": {"status": verdict}}
        return agree(link, request)

    template = changed_template(variables={"AuthCtrlr.AuthorizeRemoteStart": "true"})
    async with simulated(template, script) as stage:
        await stage.boot()
        stage.station.plug()
        assert await remote_start(stage) == "Accepted"
        assert stage.said("Authorize")[0].id_tag == "REMOTE"
        assert (stage.station.snapshot().connector().state is ConnectorState.CHARGING) is is_charging


@pytest.mark.parametrize("kind", ["Central", "NoAuthorization"])
async def test_nobody_asks_for_a_token_without_a_driver(kind: str) -> None:
    """2.0.1 C05.FR.01: not authorized first; C05.FR.02, C02.FR.03: not kept in the cache."""
    template = changed_template("ac-201", variables={"AuthCtrlr.AuthorizeRemoteStart": "true"})

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "TransactionEvent":
            return {"idTokenInfo": {"status": "Accepted"}} if request.message.id_token else {}
        return agree(link, request)

    async with simulated(template, script) as stage:
        await stage.boot()
        stage.station.plug()
        payload = {"idToken": {"idToken": "MADE-UP", "type": kind}, "remoteStartId": 1}
        assert (await stage.ask("RequestStartTransaction", payload)).status == "Accepted"
        await stage.rest()
        assert stage.said("Authorize") == []
        assert stage.said("TransactionEvent")[0].id_token.type == kind
        stage.station.unplug()
        stage.station.drop_link()
        await stage.rest()
        stage.station.plug()
        assert (await stage.station.present("MADE-UP")).outcome is TokenOutcome.REFUSED


@BOTH
async def test_remote_stop_of_an_unknown_transaction_is_rejected(template: str) -> None:
    """The one that runs goes on."""
    async with simulated(template) as stage:
        await stage.boot()
        await charge(stage)
        assert await remote_stop(stage, "4711") == "Rejected"
        assert stage.station.snapshot().connector().state is ConnectorState.CHARGING


# Reset ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "kind", "reason"),
    [
        ("ac-16", "Soft", "SoftReset"),
        ("ac-16", "Hard", "HardReset"),
        ("ac-201", "Immediate", "ImmediateReset"),
    ],
)
async def test_reset_ends_the_charge_first(template: str, kind: str, reason: str) -> None:
    """1.6 §5.14, 2.0.1 B12.FR.04; then it boots, in 2.0.1 with the reason."""
    async with simulated(template) as stage:
        await stage.boot()
        await charge(stage)
        assert (await stage.ask("Reset", {"type": kind})).status == "Accepted"
        if is_old(stage):
            assert stage.said("StopTransaction")[-1].reason == reason
        else:
            assert stage.said("TransactionEvent")[-1].transaction_info.stopped_reason == reason
        await stage.boot()
        boots = stage.said("BootNotification")
        assert len(boots) == 2
        assert is_old(stage) or boots[1].reason == "RemoteReset"


async def test_reset_on_idle_waits_for_the_cars() -> None:
    """2.0.1 B12.FR.01: Scheduled, then when the last charge has ended."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        await charge(stage, 1, "TAG1")
        await charge(stage, 2, "TAG2")
        assert (await stage.ask("Reset", {"type": "OnIdle"})).status == "Scheduled"
        stage.station.unplug(1)
        await stage.advance(5)
        assert stage.station.snapshot().is_connected
        stage.station.unplug(2)
        await stage.rest()
        assert not stage.station.snapshot().is_connected
        await stage.boot()
        assert stage.said("BootNotification")[1].reason == "ScheduledReset"


async def test_reset_of_one_evse_leaves_the_station_alone() -> None:
    """2.0.1 B11.FR.08, B12.FR.01, B12.FR.08."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        await charge(stage, 1, "TAG1")
        await charge(stage, 2, "TAG2")
        assert (await stage.ask("Reset", {"type": "OnIdle", "evseId": 1})).status == "Scheduled"
        assert stage.station.snapshot().evse(1).transaction_id is not None
        assert (await stage.ask("Reset", {"type": "Immediate", "evseId": 9})).status == "Rejected"
        assert (await stage.ask("Reset", {"type": "Immediate", "evseId": 1})).status == "Accepted"
        now = stage.station.snapshot()
        assert (now.evse(1).transaction_id, now.is_connected) == (None, True)
        assert now.evse(2).transaction_id is not None


# Availability ---------------------------------------------------------------------------------------------


async def availability(
    stage: Stage, *, is_open: bool, evse_id: int = 0, connector_id: int | None = None
) -> str:
    """The status of the answer."""
    word = "Operative" if is_open else "Inoperative"
    if is_old(stage):
        asked: dict[str, Any] = {"connectorId": evse_id, "type": word}
    else:
        place = {"id": evse_id} | ({"connectorId": connector_id} if connector_id else {})
        asked = {"operationalStatus": word} | ({"evse": place} if evse_id else {})
    return str((await stage.ask("ChangeAvailability", asked)).status)


@BOTH
async def test_closed_station_charges_nobody_also_after_a_restart(template: str) -> None:
    """1.6 §5.2, 2.0.1 G03, B11.FR.02; open again it does."""
    async with simulated(template) as stage:
        await stage.boot()
        assert await availability(stage, is_open=False) == "Accepted"
        assert all(one.state is ConnectorState.UNAVAILABLE for one in stage.station.snapshot().connectors)
        stage.station.plug()
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.REFUSED
        stage.station.reset()
        await stage.rest()
        await stage.boot()
        assert stage.station.snapshot().connector().state is ConnectorState.UNAVAILABLE
        assert await availability(stage, is_open=True) == "Accepted"
        assert stage.station.snapshot().connector().state is ConnectorState.PREPARING
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.STARTED


@BOTH
async def test_running_charge_goes_on_and_then_it_closes(template: str) -> None:
    """Scheduled; a free EVSE beside it closes at once."""
    async with simulated(template) as stage:
        await stage.boot()
        await charge(stage)
        assert await availability(stage, is_open=False) == "Scheduled"
        assert stage.station.snapshot().connector().state is ConnectorState.CHARGING
        if not is_old(stage):
            assert stage.station.snapshot().connector(2).state is ConnectorState.UNAVAILABLE
        stage.station.unplug()
        await stage.rest()
        assert stage.station.snapshot().connector().state is ConnectorState.UNAVAILABLE
        assert stage.said("StatusNotification")[-1].connector_id is not None


@BOTH
async def test_what_has_changed_is_told_after_the_answer(template: str) -> None:
    """2.0.1 G03, G04, 1.6 §5.2: first the response, then the StatusNotifications."""
    async with simulated(template) as stage:
        await stage.boot()
        seen = stage.station.tap.since(0)[-1].seq
        assert await availability(stage, is_open=False) == "Accepted"
        told = [frame.text for frame in stage.station.tap.since(seen) if frame.direction is Direction.OUT]
        assert told[0].startswith(b"[3,")
        assert all(b"Unavailable" in text for text in told[1:])
        assert len(told) > 1


async def test_one_evse_and_one_connector_have_their_own() -> None:
    """2.0.1: opening the station does not open the EVSE that was closed by itself."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        assert await availability(stage, is_open=False, evse_id=1) == "Accepted"
        assert await availability(stage, is_open=False, evse_id=2, connector_id=1) == "Accepted"
        assert await availability(stage, is_open=False) == "Accepted"
        assert await availability(stage, is_open=True) == "Accepted"
        assert stage.station.snapshot().connector(1).state is ConnectorState.UNAVAILABLE
        assert await availability(stage, is_open=True, evse_id=1) == "Accepted"
        assert stage.station.snapshot().connector(1).state is ConnectorState.AVAILABLE
        assert stage.station.snapshot().connector(2).state is ConnectorState.UNAVAILABLE
        assert await availability(stage, is_open=False, evse_id=9) == "Rejected"
        assert await availability(stage, is_open=False, evse_id=1, connector_id=5) == "Rejected"


async def test_charge_elsewhere_does_not_make_it_wait() -> None:
    """Scheduled speaks of the place that was named."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        await charge(stage, 1)
        assert await availability(stage, is_open=False, evse_id=1) == "Scheduled"
        assert await availability(stage, is_open=False, evse_id=2) == "Accepted"


async def test_connector_zero_opens_them_all_in_1_6() -> None:
    """§5.2: connector 0 is the station and all its connectors."""
    async with simulated(changed_template("ac-16", evses=[{}, {}])) as stage:
        await stage.boot()
        await availability(stage, is_open=False, evse_id=2)
        await availability(stage, is_open=True)
        assert stage.station.snapshot().connector(2).state is ConnectorState.AVAILABLE


async def test_fault_hides_a_closing_and_a_closing_hides_a_cable() -> None:
    """What remains when the fault is gone decides."""
    async with simulated() as stage:
        await stage.boot()
        stage.station.fault()
        await availability(stage, is_open=False)
        stage.station.plug()
        assert stage.station.snapshot().connector().state is ConnectorState.FAULTED
        stage.station.clear_fault()
        assert stage.station.snapshot().connector().state is ConnectorState.UNAVAILABLE


# Unlock -----------------------------------------------------------------------------------------------------


@BOTH
async def test_unlock(template: str) -> None:
    """1.6 §5.18 ends the charge, 2.0.1 F05.FR.02 refuses while one runs."""
    async with simulated(template) as stage:
        await stage.boot()
        here = {"connectorId": 1} | ({} if is_old(stage) else {"evseId": 1})
        assert (await stage.ask("UnlockConnector", here)).status == "Unlocked"
        nowhere = {"connectorId": 7} | ({} if is_old(stage) else {"evseId": 1})
        unknown = "NotSupported" if is_old(stage) else "UnknownConnector"
        assert (await stage.ask("UnlockConnector", nowhere)).status == unknown
        await charge(stage)
        answer = (await stage.ask("UnlockConnector", here)).status
        assert answer == ("Unlocked" if is_old(stage) else "OngoingAuthorizedTransaction")
        is_over = stage.station.snapshot().connector().state is ConnectorState.FINISHING
        assert is_over is is_old(stage)


async def test_fixed_cable_cannot_be_unlocked() -> None:
    """There is nothing to release."""
    async with simulated("unordered-16") as stage:
        await stage.boot()
        assert (await stage.ask("UnlockConnector", {"connectorId": 1})).status == "UnlockFailed"


# Trigger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "message", "action"),
    [
        ("ac-16", "BootNotification", "BootNotification"),
        ("ac-16", "Heartbeat", "Heartbeat"),
        ("ac-16", "MeterValues", "MeterValues"),
        ("ac-16", "StatusNotification", "StatusNotification"),
        ("ac-16", "DiagnosticsStatusNotification", "DiagnosticsStatusNotification"),
        ("ac-16", "FirmwareStatusNotification", "FirmwareStatusNotification"),
        ("ac-201", "Heartbeat", "Heartbeat"),
        ("ac-201", "MeterValues", "MeterValues"),
        ("ac-201", "LogStatusNotification", "LogStatusNotification"),
        ("ac-201", "FirmwareStatusNotification", "FirmwareStatusNotification"),
    ],
)
async def test_triggered_message_comes_after_the_answer(template: str, message: str, action: str) -> None:
    """One of each, once more than before."""
    async with simulated(template) as stage:
        await stage.boot()
        before = stage.actions.count(action)
        assert (await stage.ask("TriggerMessage", {"requestedMessage": message})).status == "Accepted"
        assert stage.actions.count(action) > before


@pytest.mark.parametrize(
    ("template", "component", "variable"),
    [
        ("ac-16", "SampledDataCtrlr", "TxUpdatedMeasurands"),
        ("ac-201", "AlignedDataCtrlr", "Measurands"),
    ],
)
async def test_triggered_values_are_those_of_the_version(
    template: str, component: str, variable: str
) -> None:
    """1.6 §5.17: the sampled measurands; 2.0.1 F06.FR.06: the clock-aligned ones."""
    async with simulated(template) as stage:
        await stage.boot()
        stage.station.variables.put(VariableRef(component, variable), "Power.Offered")
        assert (await stage.ask("TriggerMessage", {"requestedMessage": "MeterValues"})).status == "Accepted"
        [sampled] = stage.said("MeterValues")[-1].meter_value[0].sampled_value
        assert (sampled.measurand, sampled.context) == ("Power.Offered", "Trigger")


async def test_trigger_of_one_place() -> None:
    """Status of a connector, values of an EVSE, an update of a running transaction."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        await charge(stage, 2)
        count = len(stage.requests)
        for message in ("StatusNotification", "MeterValues", "TransactionEvent"):
            place = {"id": 2} | ({"connectorId": 1} if message == "StatusNotification" else {})
            asked = {"requestedMessage": message, "evse": place}
            assert (await stage.ask("TriggerMessage", asked)).status == "Accepted"
        fresh = stage.requests[count:]
        assert [request.action for request in fresh] == [
            "StatusNotification",
            "MeterValues",
            "TransactionEvent",
        ]
        assert (fresh[0].message.evse_id, fresh[1].message.evse_id) == (2, 2)
        assert fresh[2].message.trigger_reason == "Trigger"


NO_EVSE = {"id": 9, "connectorId": 1}


@pytest.mark.parametrize(
    ("template", "asked", "status"),
    [
        ("ac-201", {"requestedMessage": "BootNotification"}, "Rejected"),  # F06.FR.17
        ("ac-201", {"requestedMessage": "SignChargingStationCertificate"}, "NotImplemented"),
        ("ac-201", {"requestedMessage": "MeterValues", "evse": NO_EVSE}, "Rejected"),
        ("ac-201", {"requestedMessage": "TransactionEvent"}, "Rejected"),  # F06.FR.10: none would come
        ("ac-201", {"requestedMessage": "StatusNotification", "evse": NO_EVSE}, "Rejected"),
        ("ac-16", {"requestedMessage": "StatusNotification", "connectorId": 9}, "Rejected"),
        ("ac-21", {"requestedMessage": "CustomTrigger", "customTrigger": "Dance"}, "NotImplemented"),
    ],
)
async def test_trigger_that_cannot_be(template: str, asked: dict[str, Any], status: str) -> None:
    """Nothing comes after it."""
    async with simulated(template) as stage:
        await stage.boot()
        count = len(stage.requests)
        assert (await stage.ask("TriggerMessage", asked)).status == status
        assert len(stage.requests) == count


# Local list, cache, data transfer ---------------------------------------------------------------------


@BOTH
async def test_list_that_was_sent_charges_offline(template: str) -> None:
    """And its version is what was sent."""
    async with simulated(template) as stage:
        await stage.boot()
        if is_old(stage):
            entry: dict[str, Any] = {"idTag": "LISTED", "idTagInfo": {"status": "Accepted"}}
            asked = {"listVersion": 5, "updateType": "Full", "localAuthorizationList": [entry]}
        else:
            token = {"idToken": "LISTED", "type": "ISO14443"}
            entry = {"idToken": token, "idTokenInfo": {"status": "Accepted"}}
            asked = {"versionNumber": 5, "updateType": "Full", "localAuthorizationList": [entry]}
        assert (await stage.ask("SendLocalList", asked)).status == "Accepted"
        version = await stage.ask("GetLocalListVersion")
        assert (version.list_version if is_old(stage) else version.version_number) == 5
        stage.station.drop_link()
        await stage.rest()
        stage.station.plug()
        assert (await stage.station.present("STRANGER")).outcome is TokenOutcome.REFUSED
        assert (await stage.station.present("LISTED")).outcome is TokenOutcome.STARTED


@BOTH
@pytest.mark.parametrize(("is_on", "in_1_6", "in_2_0_1"), [("true", 0, 5), ("false", 0, 0)])
async def test_version_of_an_empty_list(template: str, is_on: str, in_1_6: int, in_2_0_1: int) -> None:
    """1.6 §5.10: 0 for an empty list; 2.0.1 D01.FR.04 keeps the number, D02.FR.03: 0 if switched off."""
    async with simulated(template) as stage:
        await stage.boot()
        number = "listVersion" if is_old(stage) else "versionNumber"
        assert (await stage.ask("SendLocalList", {number: 5, "updateType": "Full"})).status == "Accepted"
        stage.station.variables.put(VariableRef("LocalAuthListCtrlr", "Enabled"), is_on)
        version = await stage.ask("GetLocalListVersion")
        told = version.list_version if is_old(stage) else version.version_number
        assert told == (in_1_6 if is_old(stage) else in_2_0_1)


@BOTH
async def test_cleared_cache_knows_nobody_offline(template: str) -> None:
    """Before that, whoever charged once may again."""
    async with simulated(template) as stage:
        await stage.boot()
        await charge(stage)
        stage.station.unplug()
        await stage.rest()
        stage.station.drop_link()
        await stage.rest()
        stage.station.plug()
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.STARTED
        stage.station.unplug()
        stage.station.restore_link()
        await stage.rest()
        assert (await stage.ask("ClearCache")).status == "Accepted"
        stage.station.drop_link()
        await stage.rest()
        stage.station.plug()
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.REFUSED


async def test_cache_that_is_off_cannot_be_cleared() -> None:
    """1.6 §5.4: Rejected."""
    template = changed_template(variables={"AuthCacheCtrlr.Enabled": "false"})
    async with simulated(template) as stage:
        await stage.boot()
        assert (await stage.ask("ClearCache")).status == "Rejected"


@BOTH
async def test_data_transfer_knows_its_vendor_and_no_message(template: str) -> None:
    """1.6 §4.3, 2.0.1 P01."""
    async with simulated(template) as stage:
        await stage.boot()
        vendor = stage.station.identity.vendor
        assert (await stage.ask("DataTransfer", {"vendorId": vendor})).status == ("UnknownMessageId")
        data = {"vendorId": "else", "messageId": "m", "data": "text"}
        assert (await stage.ask("DataTransfer", data)).status == ("UnknownVendorId")


@pytest.mark.parametrize(
    ("template", "action", "payload"),
    [
        ("ac-21", "ClearTariffs", {}),
        ("ac-16", "GetInstalledCertificateIds", {"certificateType": "ManufacturerRootCertificate"}),
        ("ac-201", "GetInstalledCertificateIds", {}),
    ],
)
async def test_what_it_does_not_do_is_not_supported(
    template: str, action: str, payload: dict[str, Any]
) -> None:
    """The code says that the action is known, but not here."""
    async with simulated(template) as stage:
        await stage.boot()
        assert await stage.ask(action, payload) == "NotSupported"


# Refused while charging ------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("stops", "state"), [("true", ConnectorState.FINISHING), ("false", ConnectorState.SUSPENDED_EVSE)]
)
async def test_token_that_is_refused_after_the_start(
    template: str, stops: str, state: ConnectorState
) -> None:
    """StopTransactionOnInvalidId decides: no energy flows, whatever it says (1.6 §3.5.4, 2.0.1 E05.FR.02)."""

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "StartTransaction":
            return {"transactionId": 7, "idTagInfo": {"status": "Blocked"}}
        if request.action == "TransactionEvent":
            return {"idTokenInfo": {"status": "Blocked"}}
        return agree(link, request)

    kind = changed_template(template, variables={"TxCtrlr.StopTxOnInvalidId": stops})
    async with simulated(kind, script) as stage:
        await stage.boot()
        await charge(stage)
        now = stage.station.snapshot()
        assert (now.connector().state, now.evse().power_w) == (state, 0)
        if not is_old(stage):
            told = stage.said("TransactionEvent")[-1]
            expected = ("Ended", "Deauthorized", "EVConnected")
            if state is ConnectorState.SUSPENDED_EVSE:
                expected = ("Updated", "ChargingStateChanged", "SuspendedEVSE")
            assert (told.event_type, told.trigger_reason, told.transaction_info.charging_state) == expected


async def test_full_car_suspends_and_the_charge_goes_on() -> None:
    """2.0.1 tells the state in the transaction, 1.6 in the status."""
    car = Vehicle(battery_wh=1000, arrives_with=0.9, max_power_w=11_000)
    for template in ("ac-16", "ac-201"):
        async with simulated(template) as stage:
            await stage.boot()
            stage.station.plug(vehicle=car)
            await stage.station.present("TAG1")
            await stage.advance(600)
            assert stage.station.snapshot().connector().state is ConnectorState.SUSPENDED_EV
            assert stage.station.snapshot().evse().power_w == 0
            assert stage.station.snapshot().evse().energy_wh == pytest.approx(100, abs=0.1)
            if is_old(stage):
                assert "SuspendedEV" in [message.status for message in stage.said("StatusNotification")]
            else:
                states = [event.transaction_info.charging_state for event in stage.said("TransactionEvent")]
                assert "SuspendedEV" in states
