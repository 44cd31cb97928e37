"""Charging profiles at a station: what it takes, what its car gets by them, and what it tells."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ocppj.session import Failure, Request
from ocppj.timestamps import time_to_wire
from simulator.errors import NotPossibleError
from simulator.model.connector_states import ConnectorState
from simulator.model.stored_state import StateFile
from simulator.model.template import EvseTemplate, StationTemplate
from tests.support.answering import ANSWERS_V201, NOW, AnsweringLink, agree
from tests.support.simulated import Stage, changed_template, simulated

ALL = pytest.mark.parametrize("template", ["ac-16", "ac-201", "ac-21"])
BOTH_2X = pytest.mark.parametrize("template", ["ac-201", "ac-21"])
MAX, DEFAULT, TX = "ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile"
PHASE_W = 3 * 230


def kind_of(template: str, evses: int = 1, **changes: Any) -> StationTemplate:
    """A template with EVSEs of 22 kW."""
    return changed_template(template, evses=[EvseTemplate()] * evses, **changes)


def is_old(stage: Stage) -> bool:
    """Whether it speaks 1.6."""
    return stage.station.template.version == "1.6"


def profile(stage: Stage, *limits: tuple[int, float], number: int = 1, **more: Any) -> dict[str, Any]:
    """A profile as its version writes it; amperes from now on, unless `more` says otherwise."""
    purpose = more.pop("purpose", DEFAULT)
    schedule = {
        "chargingRateUnit": more.pop("unit", "A"),
        "startSchedule": NOW,
        "chargingSchedulePeriod": [{"startPeriod": start, "limit": limit} for start, limit in limits],
    } | more.pop("schedule", {})
    if more.get("chargingProfileKind") in ("Relative", "Dynamic"):
        del schedule["startSchedule"]
    common = {"stackLevel": 0, "chargingProfileKind": "Absolute"} | more
    if is_old(stage):
        word = "ChargePointMaxProfile" if purpose == MAX else purpose
        return common | {
            "chargingProfileId": number,
            "chargingProfilePurpose": word,
            "chargingSchedule": schedule,
        }
    return common | {
        "id": number,
        "chargingProfilePurpose": purpose,
        "chargingSchedule": [schedule | {"id": 1}],
    }


async def put(stage: Stage, evse_id: int, *limits: tuple[int, float], **more: Any) -> str:
    """The status of the answer to SetChargingProfile, with the reason where there is one."""
    of = profile(stage, *limits, **more)
    names = ("connectorId", "csChargingProfiles") if is_old(stage) else ("evseId", "chargingProfile")
    answer = await stage.ask("SetChargingProfile", dict(zip(names, (evse_id, of), strict=True)))
    info = getattr(answer, "status_info", None)
    return f"{answer.status}: {info.reason_code}" if info is not None else str(answer.status)


async def charge(stage: Stage, evse_id: int = 1) -> None:
    """A car that wants 11 kW is charged."""
    await stage.boot()
    await start(stage, evse_id)


async def start(stage: Stage, evse_id: int = 1) -> None:
    """Another one."""
    stage.station.plug(evse_id)
    await stage.meanwhile(stage.station.present("MINE", evse_id))
    await stage.rest()


def power_w(stage: Stage, evse_id: int = 1) -> float:
    """What flows."""
    return stage.station.snapshot().evse(evse_id).power_w


def transaction_id(stage: Stage, evse_id: int = 1) -> str:
    """Of the transaction there."""
    return str(stage.station.snapshot().evse(evse_id).transaction_id)


def named(stage: Stage, evse_id: int = 1) -> dict[str, Any]:
    """The field of a TxProfile."""
    number = transaction_id(stage, evse_id)
    return {"transactionId": int(number) if is_old(stage) else number}


@ALL
async def test_the_current_obeys_and_so_does_the_meter(template: str) -> None:
    """From one period to the next, without anybody asking."""
    async with simulated(kind_of(template)) as stage:
        await charge(stage)
        assert power_w(stage) == 11_000
        assert await put(stage, 0, (0, 10), (600, 6), schedule={"duration": 1200}) == "Accepted"
        await stage.rest()
        assert power_w(stage) == 10 * PHASE_W
        before_wh = stage.station.snapshot().evse().energy_wh
        await stage.advance(599)
        assert power_w(stage) == 10 * PHASE_W
        await stage.advance(2)
        assert power_w(stage) == 6 * PHASE_W
        await stage.advance(600)
        assert power_w(stage) == 11_000  # past its duration (K01.FR.11)
        drawn_wh = stage.station.snapshot().evse().energy_wh - before_wh
        assert drawn_wh == pytest.approx((10 + 6) * PHASE_W / 6, abs=5)


@ALL
async def test_nothing_may_flow_for_a_while(template: str) -> None:
    """The charge pauses, and goes on by itself."""
    async with simulated(kind_of(template)) as stage:
        await charge(stage)
        assert await put(stage, 1, (0, 0), (600, 16)) == "Accepted"
        await stage.rest()
        assert stage.station.snapshot().connector().state is ConnectorState.SUSPENDED_EVSE
        assert power_w(stage) == 0
        await stage.advance(601)
        assert stage.station.snapshot().connector().state is ConnectorState.CHARGING
        assert power_w(stage) == 11_000


@ALL
async def test_a_charge_that_begins_under_a_default_obeys_at_once(template: str) -> None:
    """1.6 §3.13.1; also where it may not flow yet."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        assert await put(stage, 0, (0, 0), (600, 8)) == "Accepted"
        await start(stage)
        assert stage.station.snapshot().connector().state is ConnectorState.SUSPENDED_EVSE
        await stage.advance(601)
        assert power_w(stage) == 8 * PHASE_W


@ALL
async def test_a_profile_of_a_transaction_goes_with_it(template: str) -> None:
    """It overrules the default, is refused without a transaction, and ends with it."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await put(stage, 0, (0, 6))
        refused = await put(stage, 1, (0, 12), purpose=TX, number=2)
        assert refused == ("Rejected" if is_old(stage) else "Rejected: TxNotFound")
        await start(stage)
        await stage.rest()
        assert await put(stage, 1, (0, 12), purpose=TX, number=2, **named(stage)) == "Accepted"
        await stage.rest()
        assert power_w(stage) == 12 * PHASE_W
        stage.station.unplug()
        await stage.rest()
        await start(stage)
        assert power_w(stage) == 6 * PHASE_W


@ALL
async def test_all_evses_share_what_limits_the_station(template: str) -> None:
    """1.6 §3.13.3: together no more than that; what one leaves, another has."""
    async with simulated(kind_of(template, 2)) as stage:
        await charge(stage)
        await put(stage, 0, (0, 20), purpose=MAX)
        await stage.rest()
        assert power_w(stage, 1) == 11_000
        await start(stage, 2)
        assert (power_w(stage, 1), power_w(stage, 2)) == (10 * PHASE_W, 10 * PHASE_W)
        stage.station.unplug(2)
        await stage.rest()
        assert power_w(stage, 1) == 11_000


@ALL
async def test_the_composite_schedule(template: str) -> None:
    """1.6 §5.7, K08: of an EVSE and of the station; in the unit that is asked for."""
    async with simulated(kind_of(template, 2)) as stage:
        await stage.boot()
        await put(stage, 0, (0, 10), (600, 16))
        name = "connectorId" if is_old(stage) else "evseId"
        answer = await stage.ask("GetCompositeSchedule", {name: 1, "duration": 900, "chargingRateUnit": "A"})
        has = answer.charging_schedule if is_old(stage) else answer.schedule
        periods = [(each.start_period, each.limit) for each in has.charging_schedule_period]
        assert periods == [(0, 10), (600, 16)]
        whole = await stage.ask("GetCompositeSchedule", {name: 0, "duration": 60, "chargingRateUnit": "W"})
        has = whole.charging_schedule if is_old(stage) else whole.schedule
        assert has.charging_schedule_period[0].limit == 2 * 10 * PHASE_W
        unknown = await stage.ask("GetCompositeSchedule", {name: 9, "duration": 60})
        assert unknown.status == "Rejected"


@ALL
async def test_what_is_cleared_holds_no_longer(template: str) -> None:
    """1.6 §5.5, K10: and what is not there is unknown."""
    async with simulated(kind_of(template)) as stage:
        await charge(stage)
        await put(stage, 0, (0, 6), number=5)
        name = "id" if is_old(stage) else "chargingProfileId"
        assert (await stage.ask("ClearChargingProfile", {name: 4})).status == "Unknown"
        assert (await stage.ask("ClearChargingProfile", {name: 5})).status == "Accepted"
        await stage.rest()
        assert power_w(stage) == 11_000


@pytest.mark.parametrize(
    ("template", "status"), [("ac-16", "Accepted"), ("ac-201", "Rejected: DuplicateProfile")]
)
async def test_a_second_one_of_the_same_level(template: str, status: str) -> None:
    """1.6 §3.13.2 replaces it, 2.x K01.FR.06 has no place for it."""
    async with simulated(kind_of(template)) as stage:
        await charge(stage)
        await put(stage, 1, (0, 6), number=1)
        assert await put(stage, 1, (0, 8), number=2) == status
        await stage.rest()
        assert power_w(stage) == (8 if is_old(stage) else 6) * PHASE_W


@BOTH_2X
async def test_profiles_are_reported_in_parts(template: str) -> None:
    """K09.FR.01, .02: by EVSE and source; none is said in the answer."""
    async with simulated(kind_of(template, 2)) as stage:
        await stage.boot()
        ask = {"requestId": 9, "chargingProfile": {"chargingLimitSource": ["CSO", "EMS"]}}
        assert (await stage.ask("GetChargingProfiles", ask)).status == "NoProfiles"
        await put(stage, 0, (0, 6), number=1)
        for number in range(2, 7):
            await put(stage, 1, (0, 6), number=number, stackLevel=number)
        stage.station.limit(12)
        assert (await stage.ask("GetChargingProfiles", ask)).status == "Accepted"
        await stage.rest()
        parts = [
            (m.evse_id, m.charging_limit_source, [each.id for each in m.charging_profile], m.tbc)
            for m in stage.said("ReportChargingProfiles")
        ]
        assert parts == [
            (0, "CSO", [1], True),
            (0, "EMS", [-1], True),
            (1, "CSO", [2, 3, 4, 5], True),
            (1, "CSO", [6], False),
        ]


@ALL
async def test_a_limit_of_somebody_else(template: str) -> None:
    """K11, K13: it holds and is told, and so is its end; 1.6 has no message for it."""
    async with simulated(kind_of(template)) as stage:
        await charge(stage)
        stage.station.limit(9, source="SO")
        await stage.rest()
        assert power_w(stage) == 9 * PHASE_W
        stage.station.limit(8, source="SO", evse_id=1)
        await stage.rest()
        assert power_w(stage) == 8 * PHASE_W
        stage.station.release_limit(source="SO")
        stage.station.release_limit(source="SO", evse_id=1)
        await stage.rest()
        assert power_w(stage) == 11_000
        with pytest.raises(NotPossibleError):
            stage.station.release_limit(source="SO")
        told = stage.said("NotifyChargingLimit")
        assert [m.charging_limit.charging_limit_source for m in told] == ([] if is_old(stage) else ["SO"] * 2)
        cleared = [m.evse_id for m in stage.said("ClearedChargingLimit")]
        assert cleared == ([] if is_old(stage) else [None, 1])


def refuse(link: AnsweringLink, request: Request) -> Any:
    """Whoever charges is blocked once the transaction runs."""
    if request.action == "TransactionEvent" and request.message.id_token is not None:
        return {"idTokenInfo": {"status": "Blocked"}}
    return agree(link, request)


@pytest.mark.parametrize("last_a", [12, 0])
async def test_what_a_refused_driver_may_still_take_flows_within_the_limits(last_a: int) -> None:
    """2.0.1 E05.FR.03: MaxEnergyOnInvalidId and no more, however fast; what is paused does not go on."""
    kept = {"TxCtrlr.StopTxOnInvalidId": "false", "TxCtrlr.MaxEnergyOnInvalidId": "1000"}
    async with simulated(kind_of("ac-201", variables=kept), refuse) as stage:
        await stage.boot()
        await put(stage, 0, (0, 6), (300, last_a), (400, 14))
        await start(stage)
        begun_wh = stage.station.snapshot().evse().energy_wh
        assert power_w(stage) == 6 * PHASE_W
        await stage.advance(301)
        assert power_w(stage) == last_a * PHASE_W
        await stage.advance(3600)
        assert power_w(stage) == 0
        drawn_wh = stage.station.snapshot().evse().energy_wh - begun_wh
        assert drawn_wh == pytest.approx(1000 if last_a else 6 * PHASE_W / 12, abs=5)


@BOTH_2X
async def test_a_changed_rate_is_told(template: str) -> None:
    """K11.FR.04, K13.FR.03: where it changes by more than LimitChangeSignificance."""
    async with simulated(kind_of(template)) as stage:
        await charge(stage)
        stage.station.limit(9)
        stage.station.limit(8.95)
        stage.station.release_limit()
        await stage.rest()
        reasons = [m.trigger_reason for m in stage.said("TransactionEvent")]
        assert reasons.count("ChargingRateChanged") == 2


async def test_some_stations_accept_and_ignore() -> None:
    """As a quirk of the template."""
    async with simulated(kind_of("ac-201", obeys_limits=False)) as stage:
        await charge(stage)
        assert await put(stage, 0, (0, 6)) == "Accepted"
        await stage.rest()
        assert power_w(stage) == 11_000


@ALL
async def test_a_remote_start_brings_its_profile(template: str) -> None:
    """1.6 §5.16.2, K05: for its transaction alone; a bad one refuses the start (K05.FR.05)."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        stage.station.plug()
        action = "RemoteStartTransaction" if is_old(stage) else "RequestStartTransaction"
        token: Any = "MINE" if is_old(stage) else {"idToken": "MINE", "type": "ISO14443"}
        payload = {"idTag": token} if is_old(stage) else {"idToken": token, "remoteStartId": 3}
        bad = profile(stage, (5, 7), purpose=TX)
        assert (await stage.ask(action, payload | {"chargingProfile": bad})).status == "Rejected"
        good = profile(stage, (0, 7), purpose=TX, chargingProfileKind="Relative")
        assert (await stage.ask(action, payload | {"chargingProfile": good})).status == "Accepted"
        await stage.rest()
        assert power_w(stage) == 7 * PHASE_W
        stage.station.unplug()
        await stage.rest()
        await start(stage)
        assert power_w(stage) == 11_000


async def test_without_smart_charging_a_profile_is_not_supported_and_ignored_with_a_start() -> None:
    """K01.FR.29, K05.FR.04."""
    variables = {"SmartChargingCtrlr.Enabled": "false"}
    async with simulated(kind_of("ac-201", variables=variables)) as stage:
        await stage.boot()
        stage.station.plug()
        payload = {"evseId": 0, "chargingProfile": profile(stage, (0, 6))}
        stage.link.ask("SetChargingProfile", payload)
        await stage.rest()
        refused = stage.link.heard[-1]
        assert isinstance(refused, Failure)
        start_payload = {"idToken": {"idToken": "MINE", "type": "ISO14443"}, "remoteStartId": 3}
        with_profile = start_payload | {"chargingProfile": profile(stage, (0, 7), purpose=TX)}
        assert (await stage.ask("RequestStartTransaction", with_profile)).status == "Accepted"
        await stage.rest()
        assert power_w(stage) == 11_000


async def test_priority_charging() -> None:
    """2.1 K21: only where there is a profile for it; told when it begins and when it ends."""
    async with simulated(kind_of("ac-21")) as stage:
        await charge(stage)
        await put(stage, 0, (0, 6))
        await stage.rest()

        async def prioritize(activate: bool, name: str | None = None) -> str:
            payload = {"transactionId": name or transaction_id(stage), "activate": activate}
            return str((await stage.ask("UsePriorityCharging", payload)).status)

        assert await prioritize(activate=True) == "NoProfile"
        assert await prioritize(activate=True, name="other") == "Rejected"
        await put(stage, 0, (0, 14), purpose="PriorityCharging", number=2)
        assert await prioritize(activate=True) == "Accepted"
        await stage.rest()
        assert power_w(stage) == 14 * PHASE_W
        assert await prioritize(activate=False) == "Accepted"
        assert await prioritize(activate=False) == "Accepted"
        await stage.rest()
        assert power_w(stage) == 6 * PHASE_W
        assert [m.activated for m in stage.said("NotifyPriorityCharging")] == [True, False]


async def test_dynamic_limits_are_given_and_pulled() -> None:
    """2.1 K28: at once, and again in the interval."""

    def script(_link: AnsweringLink, request: Request) -> dict[str, Any]:
        if request.action == "PullDynamicScheduleUpdate":
            return {"status": "Accepted", "scheduleUpdate": {"limit": 9}}
        return ANSWERS_V201.get(request.action, {})

    async with simulated(kind_of("ac-21"), script=script) as stage:
        await charge(stage)
        update = {"chargingProfileId": 1, "scheduleUpdate": {"limit": 7}}
        assert (await stage.ask("UpdateDynamicSchedule", update)).status == "Rejected"
        dynamic = {"chargingProfileKind": "Dynamic", "dynUpdateInterval": 60}
        assert await put(stage, 0, (0, 6), **dynamic) == "Accepted"
        await stage.rest()
        assert power_w(stage) == 6 * PHASE_W
        assert (await stage.ask("UpdateDynamicSchedule", update)).status == "Accepted"
        await stage.rest()
        assert power_w(stage) == 7 * PHASE_W
        await stage.advance(61)
        assert power_w(stage) == 9 * PHASE_W


async def test_profiles_outlive_a_power_cut(tmp_path: Path) -> None:
    """K01.FR.27; those of transactions end with them."""
    path = StateFile(tmp_path / "state.json")
    async with simulated(kind_of("ac-201"), state_file=path) as stage:
        await charge(stage)
        await put(stage, 0, (0, 6))
        await put(stage, 1, (0, 7), purpose=TX, number=2, **named(stage))
        stage.station.power_cut(5)
        await stage.advance(6)
    async with simulated(kind_of("ac-201"), state_file=path) as stage:
        await stage.boot()
        ask = {"requestId": 9, "chargingProfile": {"chargingLimitSource": ["CSO"]}}
        assert (await stage.ask("GetChargingProfiles", ask)).status == "Accepted"
        await stage.rest()
        (told,) = stage.said("ReportChargingProfiles")
        assert [each.id for each in told.charging_profile] == [1]
        await start(stage)
        assert power_w(stage) == 6 * PHASE_W


async def test_a_daily_profile_by_the_clock_of_the_station() -> None:
    """It holds again on the next day."""
    async with simulated(kind_of("ac-201", vehicle={"battery_wh": 10_000_000})) as stage:
        await charge(stage)
        begins = time_to_wire(datetime.fromisoformat(NOW) - timedelta(days=3) + timedelta(hours=1))
        of = {"startSchedule": begins, "duration": 3600}
        daily = {"chargingProfileKind": "Recurring", "recurrencyKind": "Daily"}
        assert await put(stage, 0, (0, 6), schedule=of, **daily) == "Accepted"
        await stage.rest()
        assert power_w(stage) == 11_000
        await stage.advance(3601)
        assert power_w(stage) == 6 * PHASE_W
