"""Boot and heartbeat, told through the whole station."""

from typing import Any

import pytest

from ocppj.session import Request
from ocppj.vocabulary import BootReason, RegistrationStatus
from simulator.connection.registration import boot_notification
from simulator.model.template import identify, load_template
from tests.support.answering import NOW, AnsweringLink, agree
from tests.support.simulated import MAC, simulated


def test_a_station_presents_itself_as_far_as_there_is_room() -> None:
    """1.6 has 20 characters for the vendor, 2.x 50."""
    who = identify(load_template("ac-16"), mac=MAC, vendor="V" * 60, model="M" * 30, serial="S" * 40)
    boot = boot_notification(who, BootReason.POWER_UP, 20)
    assert (boot.vendor, boot.model, boot.serial_number) == ("V" * 20, "M" * 20, "S" * 25)
    assert boot_notification(who, BootReason.POWER_UP, 50).vendor == "V" * 50


BOTH = pytest.mark.parametrize("template", ["ac-16", "ac-201"])


def boots(*answers: tuple[str, int] | str | None) -> Any:
    """A script that answers boots so: (status, interval), an error code, or not at all; the last for ever."""
    left = list(answers)

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action != "BootNotification":
            return agree(link, request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, tuple):
            return {"status": answer[0], "currentTime": NOW, "interval": answer[1]}
        return answer

    return script


@BOTH
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
async def test_interval_of_the_answer_is_kept_to_the_second(template: str, status: str) -> None:
    """2.0.1 B02.FR.04 and B03.FR.06: not earlier, and nothing else meanwhile."""
    async with simulated(template, boots((status, 40), ("Accepted", 60))) as stage:
        await stage.advance(2)
        await stage.advance(39.9)
        assert stage.actions == ["BootNotification"]
        await stage.advance(0.2)
        assert stage.actions.count("BootNotification") == 2
        assert stage.station.snapshot().is_accepted


@pytest.mark.parametrize("answer", ["InternalError", None, ("Pending", 0)])
async def test_own_interval_where_the_answer_gives_none(answer: Any) -> None:
    """An error, silence (30 s more), or zero (B02.FR.07)."""
    async with simulated(script=boots(answer, ("Accepted", 60))) as stage:
        await stage.advance(2)
        await stage.advance(29 if answer is not None else 59)
        assert stage.actions == ["BootNotification"]
        await stage.advance(2)
        assert stage.station.snapshot().is_accepted


async def test_lost_connection_before_the_answer_boots_on_the_next_one() -> None:
    """At once, not after an interval that nobody gave."""
    async with simulated(script=boots(None, ("Accepted", 60))) as stage:
        await stage.advance(2)
        stage.station.drop_link()
        await stage.rest()
        stage.station.restore_link()
        await stage.rest()
        assert stage.actions[:2] == ["BootNotification", "BootNotification"]
        assert stage.station.snapshot().is_accepted


async def test_pending_station_keeps_its_interval_over_a_lost_connection() -> None:
    """B02.FR.04 speaks of time, not of connections."""
    async with simulated(script=boots(("Pending", 100), ("Accepted", 60))) as stage:
        await stage.advance(2)
        stage.station.drop_link()
        await stage.rest()
        stage.station.restore_link()
        await stage.advance(90)
        assert stage.actions == ["BootNotification"]
        await stage.advance(11)
        assert stage.station.snapshot().is_accepted


async def test_interval_that_ends_without_a_connection_boots_on_the_next_one() -> None:
    """There was nobody to boot at."""
    async with simulated(script=boots(("Pending", 20), ("Accepted", 60))) as stage:
        await stage.advance(2)
        stage.station.drop_link()
        await stage.advance(60)
        stage.station.restore_link()
        await stage.rest()
        assert stage.station.snapshot().is_accepted


@BOTH
async def test_heartbeat_every_interval(template: str) -> None:
    """As the boot's answer says, then as the variable says."""
    async with simulated(template, boots(("Accepted", 50))) as stage:
        await stage.boot()
        await stage.advance(155)
        assert stage.actions.count("Heartbeat") == 3
        key = {"key": "HeartbeatInterval", "value": "10"}
        variable = {
            "component": {"name": "OCPPCommCtrlr"},
            "variable": {"name": "HeartbeatInterval"},
            "attributeValue": "10",
        }
        if template == "ac-16":
            await stage.ask("ChangeConfiguration", key)
        else:
            await stage.ask("SetVariables", {"setVariableData": [variable]})
        await stage.advance(31)
        assert stage.actions.count("Heartbeat") == 6


async def test_no_heartbeat_offline_and_none_at_zero() -> None:
    """0 switches it off."""
    async with simulated(script=boots(("Accepted", 50))) as stage:
        await stage.boot()
        stage.station.drop_link()
        await stage.advance(200)
        stage.station.restore_link()
        await stage.advance(49)
        assert "Heartbeat" not in stage.actions
        await stage.ask("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "0"})
        await stage.advance(200)
        assert "Heartbeat" not in stage.actions


async def test_triggered_boot_that_is_not_accepted_takes_the_place_away() -> None:
    """1.6: an accepted station boots when asked to; what comes of it counts."""
    async with simulated(script=boots(("Accepted", 50), ("Pending", 30), ("Accepted", 50))) as stage:
        await stage.boot()
        await stage.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
        assert stage.station.snapshot().registration is RegistrationStatus.PENDING
        await stage.advance(29)
        assert "Heartbeat" not in stage.actions
        await stage.advance(2)
        assert stage.station.snapshot().is_accepted


async def test_triggered_boot_says_so() -> None:
    """2.0.1 B02, BootReasonEnumType: Triggered is this boot's reason; the next one has the start's again."""
    async with simulated("ac-201", boots(("Pending", 30), ("Pending", 30))) as stage:
        await stage.advance(2)
        await stage.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
        await stage.advance(31)
        reasons = [boot.reason for boot in stage.said("BootNotification")]
        assert reasons == ["PowerUp", "Triggered", "PowerUp"]


@pytest.mark.parametrize(("template", "answered"), [("ac-16", False), ("ac-201", True)])
async def test_rejected_station_is_silent_or_says_security_error(template: str, answered: bool) -> None:
    """1.6 §4.2: it does not respond; 2.0.1 B03.FR.08: SecurityError."""
    async with simulated(template, boots(("Rejected", 500))) as stage:
        await stage.advance(2)
        stage.link.ask("ClearCache", {})
        await stage.rest()
        assert [getattr(heard, "code", None) for heard in stage.link.heard] == ["SecurityError"] * answered


@BOTH
async def test_pending_station_obeys_but_starts_nothing(template: str) -> None:
    """2.0.1 B02.FR.01 and B02.FR.05; what it is asked to send it sends."""
    async with simulated(template, boots(("Pending", 500))) as stage:
        await stage.advance(2)
        start = {"idTag": "TAG"} if template == "ac-16" else {"remoteStartId": 1, "idToken": _TOKEN}
        action = "RemoteStartTransaction" if template == "ac-16" else "RequestStartTransaction"
        assert (await stage.ask(action, start)).status == "Rejected"
        assert (await stage.ask("ClearCache")).status == "Accepted"
        answer = await stage.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
        assert answer.status == "Accepted"
        assert stage.actions == ["BootNotification", "Heartbeat"]


_TOKEN = {"idToken": "TAG", "type": "ISO14443"}


async def test_time_of_the_answer_is_the_stations_time_and_never_goes_back() -> None:
    """Timestamps follow it; a later boot that is behind changes nothing."""
    times = iter(["2030-06-01T00:00:00Z", "2029-01-01T00:00:00Z"])

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "BootNotification":
            return {"status": "Accepted", "currentTime": next(times), "interval": 500}
        return agree(link, request)

    async with simulated(script=script) as stage:
        await stage.boot()
        assert stage.said("StatusNotification")[0].timestamp == "2030-06-01T00:00:00.000Z"
        await stage.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
        await stage.ask("TriggerMessage", {"requestedMessage": "StatusNotification"})
        assert stage.said("StatusNotification")[-1].timestamp == "2030-06-01T00:00:00.000Z"
