"""A whole station, in both versions, against a scripted central system."""

from typing import Any

import pytest

from ocppj.session import Request
from ocppj.vocabulary import IdToken, RegistrationStatus
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from simulator.errors import (
    AddressError,
    CallFailedError,
    CallTimeoutError,
    NotConnectedError,
    NotPossibleError,
    WaitTimeoutError,
)
from simulator.model.connector_states import ConnectorState
from simulator.model.template import identify, load_template
from simulator.station.charging import TokenOutcome
from simulator.station.station import Station
from tests.support.answering import NOW, AnsweringLink, agree
from tests.support.simulated import Stage, changed_template, simulated

BOTH = pytest.mark.parametrize("template", ["ac-16", "ac-201"])


def charging(template: str) -> list[str]:
    """How the start of a charge is told: 2.0.1 tells of the energy that flows by itself (E02.FR.13)."""
    return ["Started"] if template == "ac-16" else ["Started", "Updated"]


def charge_messages(stage: Stage) -> list[str]:
    """What was said of transactions, in words that both versions share."""
    words = {"StartTransaction": "Started", "MeterValues": "Updated", "StopTransaction": "Ended"}
    found = []
    for request in stage.requests:
        if request.action == "TransactionEvent":
            found.append(request.message.event_type)
        elif request.action in words:
            found.append(words[request.action])
    return found


@BOTH
async def test_power_on_boots_and_tells_every_status(template: str) -> None:
    """After the start-up time, not before."""
    async with simulated(template) as stage:
        assert not stage.door.links
        await stage.boot()
        assert stage.actions[0] == "BootNotification"
        per_connector = 2  # 1.6: the station and one connector; 2.0.1: two EVSEs
        assert stage.actions.count("StatusNotification") == per_connector
        now = stage.station.snapshot()
        assert now.registration is RegistrationStatus.ACCEPTED
        assert now.version is stage.station.template.ocpp


@BOTH
async def test_charge_from_cable_to_cable(template: str) -> None:
    """Plug, token, samples, token, unplug: the register counts, the messages come in order."""
    async with simulated(template) as stage:
        await stage.boot()
        stage.station.plug()
        result = await stage.station.present("TAG1")
        assert result.outcome is TokenOutcome.STARTED
        await stage.advance(90)
        now = stage.station.snapshot()
        assert now.connector().state is ConnectorState.CHARGING
        assert now.evse().power_w == 11_000
        assert now.evse().energy_wh == pytest.approx(275, abs=1)
        assert (await stage.station.present("tag1")).outcome is TokenOutcome.STOPPED
        stage.station.unplug()
        await stage.rest()
        assert charge_messages(stage) == [*charging(template), "Updated", "Updated", "Updated", "Ended"]
        after = stage.station.snapshot()
        assert (after.connector().state, after.queued) == (ConnectorState.AVAILABLE, 0)
        assert after.evse().transaction_id is None


async def test_transaction_has_the_id_that_the_central_system_knows() -> None:
    """1.6: its number, once it has come; 2.0.1: the station's own."""
    async with simulated("ac-16") as old, simulated("ac-201") as new:
        for stage in (old, new):
            await stage.boot()
            stage.station.plug()
            await stage.station.present("TAG1")
            await stage.rest()
        assert old.station.snapshot().evse().transaction_id == "7"
        started = new.said("TransactionEvent")[0].transaction_info.transaction_id
        assert new.station.snapshot().evse().transaction_id == started


@BOTH
async def test_token_first_then_the_cable(template: str) -> None:
    """The charge begins with the cable; without one, the authorization lapses."""
    async with simulated(template) as stage:
        await stage.boot()
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.AUTHORIZED
        assert stage.station.snapshot().connector().state is ConnectorState.PREPARING
        await stage.advance(61)
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE
        await stage.station.present("TAG1")
        stage.station.plug()
        await stage.rest()
        assert stage.station.snapshot().connector().state is ConnectorState.CHARGING


@BOTH
async def test_pending_station_waits_and_says_nothing_of_itself(template: str) -> None:
    """It boots again after the interval it was given; cables meanwhile are told afterwards."""
    answers = iter(["Pending", "Accepted"])

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "BootNotification":
            return {"status": next(answers), "currentTime": NOW, "interval": 20}
        return agree(link, request)

    async with simulated(template, script) as stage:
        await stage.advance(2)
        stage.station.plug()
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.REFUSED
        await stage.advance(19)
        assert stage.actions == ["BootNotification"]
        await stage.advance(1.1)
        assert stage.actions[:2] == ["BootNotification", "BootNotification"]
        assert stage.station.snapshot().registration is RegistrationStatus.ACCEPTED
        assert "Accepted, heartbeat every 20 s" in stage.message_store


@BOTH
async def test_reset_button_ends_the_charge_tells_it_and_boots_again(template: str) -> None:
    """The end is told before the station goes down."""
    async with simulated(template) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        stage.station.reset()
        await stage.rest()
        assert charge_messages(stage) == [*charging(template), "Ended"]
        assert not stage.station.snapshot().is_connected
        await stage.boot()
        assert stage.actions.count("BootNotification") == 2
        assert stage.station.snapshot().connector().state is ConnectorState.FINISHING


@BOTH
async def test_power_cut_ends_the_charge_and_tells_it_when_power_is_back(template: str) -> None:
    """With the time when it went (1.6 reason PowerLoss)."""
    async with simulated(template) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.advance(30)
        stage.station.power_cut(120)
        await stage.rest()
        now = stage.station.snapshot()
        assert (now.is_powered, now.is_connected, now.registration) == (False, False, None)
        with pytest.raises(NotPossibleError, match="no power"):
            await stage.station.present("TAG2")
        await stage.advance(120)
        await stage.boot()
        assert charge_messages(stage) == [*charging(template), "Updated", "Ended"]
        words = stage.said("StopTransaction" if template == "ac-16" else "TransactionEvent")[-1]
        assert words.timestamp.startswith("2026-01-05T12:00:30")
        assert words.reason == "PowerLoss" if template == "ac-16" else words.transaction_info.stopped_reason


async def test_power_back_by_hand() -> None:
    """Without a duration the power stays away; coming back twice changes nothing."""
    async with simulated() as stage:
        await stage.boot()
        stage.station.power_cut(None)
        stage.station.power_cut(None)
        await stage.advance(600)
        assert not stage.station.snapshot().is_powered
        stage.station.power_back()
        stage.station.power_back()
        await stage.boot()


@BOTH
async def test_network_lost_and_found_does_not_boot_again(template: str) -> None:
    """What happened offline is told afterwards, in order (2.0.1: marked as such)."""
    async with simulated(template) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.rest()
        stage.station.drop_link()
        await stage.advance(60)
        assert stage.station.snapshot().queued == 2
        stage.station.unplug()
        assert charge_messages(stage) == charging(template)
        stage.station.restore_link()
        await stage.rest()
        assert charge_messages(stage) == [*charging(template), "Updated", "Updated", "Ended"]
        assert stage.actions.count("BootNotification") == 1
        if template == "ac-201":
            assert [event.offline for event in stage.said("TransactionEvent")] == [
                None,
                None,
                True,
                True,
                True,
            ]


async def test_faulted_connector_charges_nobody_until_it_is_repaired() -> None:
    """A fault ends the charge; a cable that is in is found again afterwards."""
    async with simulated() as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        stage.station.fault("GroundFailure")
        await stage.rest()
        assert stage.said("StopTransaction")[-1].reason == "Other"
        assert stage.said("StatusNotification")[-1].error_code == "GroundFailure"
        refused = await stage.station.present("TAG1")
        assert (refused.outcome, refused.reason) == (TokenOutcome.REFUSED, "EVSE 1 is out of service")
        stage.station.clear_fault()
        assert stage.station.snapshot().connector().state is ConnectorState.PREPARING
        with pytest.raises(NotPossibleError, match="not faulted"):
            stage.station.clear_fault()


async def test_wait_until_says_how_the_station_was_at_last() -> None:
    """The error is of use without a debugger."""
    async with simulated() as stage:
        await stage.boot()
        waiting = stage.station.wait_until(lambda now: now.evse().power_w > 0, 5)
        with pytest.raises(WaitTimeoutError, match=r"not within 5 s.*connected, Accepted, 1\.1 Available"):
            await stage.meanwhile(waiting, 5)


async def test_call_by_hand_gives_the_payload_of_the_answer() -> None:
    """Any action of the version that keeps to its schema."""
    async with simulated() as stage:
        await stage.boot()
        assert await stage.meanwhile(stage.station.call("Heartbeat", {}), 0) == {"currentTime": NOW}
        with pytest.raises(NotPossibleError, match="Nonsense"):
            await stage.station.call("Nonsense", {})
        with pytest.raises(NotPossibleError, match="vendorId"):
            await stage.station.call("DataTransfer", {})


async def test_call_by_hand_fails_as_the_wire_does() -> None:
    """Refused, silent, and without a connection."""

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "DataTransfer":
            return "NotSupported" if request.message.vendor_id == "refuse" else None
        return agree(link, request)

    async with simulated(script=script) as stage:
        with pytest.raises(NotConnectedError):
            await stage.station.call("Heartbeat", {})
        with pytest.raises(NotConnectedError):
            stage.station.send_raw(b"hello")
        await stage.boot()
        refused = stage.station.call("DataTransfer", {"vendorId": "refuse"})
        with pytest.raises(CallFailedError, match="NotSupported"):
            await stage.meanwhile(refused, 0)
        silent = stage.station.call("DataTransfer", {"vendorId": "silent"})
        with pytest.raises(CallTimeoutError):
            await stage.meanwhile(silent, 30)


async def test_raw_text_goes_out_as_it_is_and_is_on_the_tap() -> None:
    """For the tests that want to see what a central system does with rubbish."""
    async with simulated() as stage:
        await stage.boot()
        stage.station.send_raw(b'[2,"x","Heartbeat",{}]')
        await stage.rest()
        assert [frame.text for frame in stage.station.tap.since(0)][-2] == b'[2,"x","Heartbeat",{}]'
        assert stage.station.tap.since(0)[-1].message_id == "x"


async def test_token_that_the_version_cannot_tell_is_refused_by_the_hand() -> None:
    """No reader of a 1.6 station reads more than 20 characters."""
    async with simulated() as stage:
        await stage.boot()
        with pytest.raises(NotPossibleError, match="no such token"):
            await stage.station.present("X" * 21)
        with pytest.raises(NotPossibleError, match="no EVSE 9"):
            await stage.station.present(IdToken("TAG"), evse_id=9)


async def test_end_of_run_says_goodbye() -> None:
    """The central system sees 1001, and nothing of the station goes on."""
    async with simulated() as stage:
        await stage.boot()
    assert stage.link.closed is not None
    assert stage.link.closed[0] == 1001
    assert stage.clock.waiting == 0


def test_address_and_template_are_checked_at_once() -> None:
    """Not when the power comes on."""
    kind = load_template("ac-16")
    with pytest.raises(AddressError):
        Station(
            kind,
            identify(kind, mac="02:B0:16:00:00:01"),
            url="http://x",
            clock=ManualClock(),
            chance=SeededChance(),
        )


async def test_old_heartbeat_goes_on_at_the_interval_it_was_given() -> None:
    """The interval of the boot's answer is in force, and is the variable's value."""
    async with simulated(changed_template()) as stage:
        await stage.boot()
        await stage.advance(301)
        assert stage.actions.count("Heartbeat") == 1
        assert stage.station.variables.text("OCPPCommCtrlr", "HeartbeatInterval") == "300"
