"""csms.rules.course: when a transaction charged, as far as its price depends on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from charging.tariff import Activity, CoursePart, PriceElement, Tariff, bill
from charging.tariff.restrictions import Restrictions
from csms.domain.inbound import PricedResponse
from csms.rules.course import NOTHING, READINGS_MOST, STATES_MOST, course_of, with_registers, with_state_at
from csms.rules.readings import MeterPoint, Moment, Reading, Readings
from csms.rules.rows import TransactionRow
from ocppj.vocabulary import ChargingState, IdToken, StationId, TransactionEventKind
from tests.support.inbound import ACCEPTED, Bench, event201, minutes, start16, stop16

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
FULL = Tariff("t", "CAD", elements=(PriceElement("energy", 1_000_000, Restrictions(min_power_w=1)),))
IDLE = Tariff("t", "CAD", idle_micro_per_h=6_000_000, idle_grace_s=600)
MINUTE = 60_000
STARTED, UPDATED, ENDED = (
    TransactionEventKind.STARTED,
    TransactionEventKind.UPDATED,
    TransactionEventKind.ENDED,
)
NONE = Readings(MeterPoint.OUTLET, ())


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def read(minutes: float, wh: float, moment: Moment = Moment.INSTANT) -> Readings:
    return Readings(MeterPoint.OUTLET, (Reading(moment, at(minutes), wh),))


def row(course: str | None = NOTHING, **changes: Any) -> TransactionRow:
    usual: dict[str, Any] = {
        "transaction_no": 1,
        "station_id": StationId("s"),
        "transaction_id": "1",
        "started_at": START,
        "first_received_at": START,
        "ended_at": at(60),
        "last_event_at": at(60),
        "last_received_at": at(60),
        "meter_start_wh": 1000.0,
        "meter_stop_wh": 7000.0,
        "energy_wh": 6000.0,
        "authorized_at": START,
        "course": course,
    }
    return TransactionRow(**usual | changes)


def states(*changes: tuple[float, ChargingState], text: str = NOTHING) -> str:
    for minute, state in changes:
        text = with_state_at(text, state, at(minute))
    return text


def parts(of: TransactionRow) -> list[tuple[float, str, float]]:
    """(minutes, activity, Wh) of each part."""
    return [
        (part.ms / MINUTE, part.activity.value, part.energy_mwh / 1000)
        for part in course_of(of, FULL, 0.0).parts
    ]


CHARGED = states((0, ChargingState.CHARGING), (40, ChargingState.SUSPENDED_EV))


def test_energy_flowed_while_it_charged() -> None:
    """Between two readings evenly, and only then."""
    assert parts(row(CHARGED)) == [(40, "charging", 6000), (20, "suspended-ev", 0)]


def test_readings_tell_when() -> None:
    """5 kWh in the first half hour, one in the ten minutes after it."""
    assert parts(row(with_registers(CHARGED, read(30, 6000), NONE))) == [
        (30, "charging", 5000),
        (10, "charging", 1000),
        (20, "suspended-ev", 0),
    ]


def test_the_order_of_arrival_changes_nothing() -> None:
    """Nor that something is told twice."""
    early = with_registers(with_registers(NOTHING, read(10, 2000), NONE), read(20, 3000), NONE)
    late = with_registers(with_registers(NOTHING, read(20, 3000), NONE), read(10, 2000), NONE)
    assert early == late == with_registers(late, read(20, 3000), NONE)
    once = states((5, ChargingState.CHARGING), (3, ChargingState.EV_CONNECTED))
    assert once == states((3, ChargingState.EV_CONNECTED), (5, ChargingState.CHARGING), text=once)


def test_a_reading_that_the_end_contradicts_says_nothing() -> None:
    """A spike, a register that went back, one after the end, one that is named for the start."""
    text = with_registers(CHARGED, read(10, 900_000), NONE)
    for reading in (read(20, 6000), read(25, 5000), read(70, 6500), read(5, 4000, Moment.START)):
        text = with_registers(text, reading, NONE)
    assert parts(row(text)) == [(20, "charging", 5000), (20, "charging", 1000), (20, "suspended-ev", 0)]


def test_what_a_person_corrected_keeps_its_course() -> None:
    """Half the energy, in the same proportions."""
    assert parts(row(with_registers(CHARGED, read(20, 6000), NONE), energy_wh=3000.0)) == [
        (20, "charging", 2500),
        (20, "charging", 500),
        (20, "suspended-ev", 0),
    ]


def test_without_states_it_charged_where_energy_flowed() -> None:
    """Idle is then not known, and not charged for."""
    text = with_registers(with_registers(NOTHING, read(20, 7000), NONE), read(40, 7000), NONE)
    assert parts(row(text)) == [(20, "charging", 6000), (40, "unknown", 0)]


def test_nobody_is_idle_before_somebody_may_charge() -> None:
    """Nor before a car has come; then it is connected."""
    text = states((0, ChargingState.IDLE), (10, ChargingState.EV_CONNECTED), (30, ChargingState.CHARGING))
    assert parts(row(text, authorized_at=at(20))) == [
        (20, "waiting", 0),
        (10, "connected", 0),
        (30, "charging", 6000),
    ]
    assert parts(row(text)) == [(10, "waiting", 0), (20, "connected", 0), (30, "charging", 6000)]
    never = row(states((10, ChargingState.SUSPENDED_EVSE)), authorized_at=None, energy_wh=0.0)
    assert parts(never) == [(60, "waiting", 0)]


def test_energy_that_no_state_explains_is_spread_over_all() -> None:
    """The station said that it was suspended, and its register ran."""
    assert parts(row(states((0, ChargingState.SUSPENDED_EVSE)))) == [(60, "suspended-evse", 6000)]


def test_power_and_current() -> None:
    """The power is what the register says; the current is the station's."""
    currents = Readings(MeterPoint.OUTLET, (Reading(Moment.INSTANT, at(30), 16.5),))
    found = course_of(row(with_registers(CHARGED, read(30, 6000), currents)), FULL, 0.0).parts
    assert [(part.power_w, part.current_ma) for part in found] == [
        (10_000, 16_500),
        (6000, 16_500),
        (0, None),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"course": None}, {"ended_at": START, "last_event_at": START}],
    ids=["not kept", "no time passed"],
)
def test_without_a_course_the_totals_count(changes: dict[str, Any]) -> None:
    """It charged first, and was idle in the end."""
    of = row(**{"course": CHARGED} | changes)
    idle = 1200.0 if of.ended_at != START else 0.0
    expected = (
        CoursePart(40 * MINUTE, Activity.CHARGING, 6_000_000),
        CoursePart(20 * MINUTE, Activity.SUSPENDED_EV),
    )
    found = course_of(of, FULL, 1200.0)
    assert found.parts == (expected if idle else (CoursePart(0, Activity.CHARGING, 6_000_000),))


def test_energy_that_was_not_measured_is_not_in_vain() -> None:
    """Nobody knows."""
    assert not course_of(row(energy_wh=None, meter_stop_wh=None), FULL, 0.0).is_measured
    assert not course_of(row(energy_wh=None), Tariff("t", "CAD"), 0.0).is_in_vain


def test_pauses_within_the_grace_are_free() -> None:
    """Each period has its own; one that goes on counts up to the last message."""
    text = states(
        (0, ChargingState.CHARGING),
        (10, ChargingState.SUSPENDED_EV),
        (18, ChargingState.CHARGING),
        (40, ChargingState.SUSPENDED_EV),
    )
    assert bill(IDLE, course_of(row(text), IDLE, 0.0)).net_micro == 1_000_000
    assert bill(IDLE, course_of(row(text, ended_at=None), IDLE, 0.0)).net_micro == 1_000_000


def test_a_course_is_bounded() -> None:
    """Of too many readings every other one is let go, and of too many states the rest."""
    text = NOTHING
    for second in range(READINGS_MOST + 1):
        text = with_registers(text, read(second / 60, 1000.0 + second), NONE)
    assert len(msgspec.json.decode(text)[1]) == (READINGS_MOST - 1) // 2 + 2
    many = tuple((number / 60, ChargingState.CHARGING) for number in range(STATES_MOST + 1))
    assert len(msgspec.json.decode(states(*many))[0]) == STATES_MOST


# --- Through the rules: which transactions keep one ---------------------------------------------------------


def charge2x(tariff: Tariff | None, *, is_start_late: bool = False) -> TransactionRow:
    """Two hours of a 2.x charge, 8 kWh in the first, an hour suspended; the start may be told last."""
    bench, priced = Bench(), PricedResponse("", None, tariff=tariff)
    more: dict[str, Any] = {"id_token": IdToken("A"), "charging_state": ChargingState.CHARGING}
    start = event201(STARTED, 0, minutes(0), 0, **more)
    messages = [
        event201(UPDATED, 1, minutes(30), 6000),
        event201(UPDATED, 2, minutes(60), 8000, charging_state=ChargingState.SUSPENDED_EV),
    ]
    for message in (*messages, start) if is_start_late else (start, *messages):
        bench.send(message, proposal=priced if message is start else None)
    bench.send(event201(ENDED, 3, minutes(120), 8000), proposal=priced)
    return bench.transaction("T1")


FIRST_HALF_HOUR = PriceElement("energy", 100_000, Restrictions(max_duration_s=1800))
BY_TIME = Tariff("t", "CAD", energy_micro_per_kwh=1_000_000, elements=(FIRST_HALF_HOUR,))


@pytest.mark.parametrize("is_start_late", [False, True])
def test_a_transaction_is_priced_by_its_course(is_start_late: bool) -> None:
    """6 kWh at 0.10, two at 1.00; also where the start comes last."""
    row = charge2x(BY_TIME, is_start_late=is_start_late)
    assert (row.cost_micro, row.flags) == (2_600_000, ())


def test_a_grace_is_of_the_course() -> None:
    """An hour idle, ten minutes of it free; but for what came with the start, readings are of no matter."""
    row = charge2x(IDLE)
    assert row.cost_micro == 5_000_000
    assert row.course is not None
    assert len(msgspec.json.decode(row.course)[1]) == 1


def test_totals_are_enough_for_a_simple_price() -> None:
    """Nothing is kept that no price needs; and nothing without a price."""
    simple = charge2x(Tariff("t", "CAD", energy_micro_per_kwh=1_000_000))
    assert (simple.course, simple.cost_micro) == (None, 8_000_000)
    assert charge2x(None).course is None
    assert charge2x(None, is_start_late=True).course is None
    late = charge2x(Tariff("t", "CAD", energy_micro_per_kwh=1_000_000), is_start_late=True)
    assert (late.course, late.cost_micro) == (None, 8_000_000)


def test_who_takes_nothing_pays_no_minimum() -> None:
    """1.6: the register stood still."""
    bench = Bench()
    least = PricedResponse("", ACCEPTED, tariff=Tariff("t", "CAD", 250_000, min_micro=1_000_000))
    bench.send(start16(0, minutes(0)), proposal=least)
    bench.send(stop16("1", 0, minutes(2)), proposal=least)
    assert bench.transaction("1").cost_micro == 0
