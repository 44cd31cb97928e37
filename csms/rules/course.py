"""The course of a transaction: when it charged, and how far the register was when.

Kept as text in the transaction's row, and only under a price to which totals are not enough. A fold that does
not depend on the order in which messages arrive. What the transaction comes to is the register's matter
(`rules.register`); the course tells when it was. Readings that the register's end contradicts say nothing.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec

from charging.tariff import Activity, Course, CoursePart, Tariff, totals
from charging.tariff.course import joined, thousandths
from csms.rules.readings import Moment, Readings
from csms.rules.replies import tariff_from_text
from csms.rules.reviews import duration_s
from csms.rules.rows import TransactionRow
from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import ChargingState, TransactionEventKind

READINGS_MOST = 720
"""A reading a minute for twelve hours; beyond that every other one is let go."""
STATES_MOST = 1000
NOTHING = ""
"""The course of a transaction of which nothing has been told yet; None: no course is kept."""
_MS = timedelta(milliseconds=1)
_ACTIVITIES: dict[ChargingState, Activity] = {
    ChargingState.CHARGING: Activity.CHARGING,
    ChargingState.SUSPENDED_EV: Activity.SUSPENDED_EV,
    ChargingState.SUSPENDED_EVSE: Activity.SUSPENDED_EVSE,
    ChargingState.EV_CONNECTED: Activity.CONNECTED,
    ChargingState.IDLE: Activity.CONNECTED,
}
_DRAWING = (Activity.CHARGING, Activity.UNKNOWN)
"""When energy may flow."""


class _Marks(msgspec.Struct, array_like=True):
    """What was told: states, and registers with the current that was drawn. Instants in ms of the epoch."""

    states: list[tuple[int, str]] = []
    registers: list[tuple[int, float, int | None]] = []


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Marks).decode


def _marks(text: str | None) -> _Marks:
    return _decode(text) if text else _Marks([], [])


def kept_course(row: TransactionRow, event: TransactionEvent, tariff: Tariff | None) -> TransactionRow:
    """The row as it keeps a course from now on, or none: its price decides; what comes before the start is
    kept until there is one.
    """
    if event.kind is TransactionEventKind.STARTED:
        needs = tariff is not None and tariff.needs_course
        course = (row.course or NOTHING) if needs else None
    elif event.kind is TransactionEventKind.UPDATED and not (row.has_start or row.seq_nos or row.tariff):
        course = NOTHING
    else:
        return row
    return row if course == row.course else msgspec.structs.replace(row, course=course)


def needs_registers(row: TransactionRow) -> bool:
    """Whether it matters, where a course is kept, how far the register was when."""
    tariff = tariff_from_text(row.tariff)
    return tariff is None or bool(tariff.elements)


def with_state_at(text: str, state: ChargingState, at: datetime) -> str:
    """The course with a state that began then."""
    marks = _marks(text)
    mark = (_ms(at), state.value)
    if mark in marks.states or len(marks.states) >= STATES_MOST:
        return text
    insort(marks.states, mark)
    return _encode(marks).decode()


def with_registers(text: str, registers: Readings, currents: Readings) -> str:
    """The course with what the register was."""
    marks = _marks(text)
    latest = next((each.value for each in reversed(currents.found) if each.moment is Moment.INSTANT), None)
    current = thousandths(latest) if latest is not None else None
    for each in registers.found:
        if each.moment is Moment.INSTANT:
            mark = (_ms(each.at), float(each.value))
            place = bisect_left(marks.registers, mark, key=_reading)
            if [_reading(known) for known in marks.registers[place : place + 1]] != [mark]:
                marks.registers.insert(place, (*mark, current))
    if len(marks.registers) > READINGS_MOST:
        marks.registers = [marks.registers[0], *marks.registers[1:-1][1::2], marks.registers[-1]]
    return _encode(marks).decode()


def _reading(mark: tuple[int, float, int | None]) -> tuple[int, float]:
    return mark[:2]


def course_of(row: TransactionRow, tariff: Tariff, idle_s: float) -> Course:
    """What the transaction was, up to its end or its last message.

    `idle_s` is for those of which no course was kept: their price was found at their end.
    """
    duration, is_measured = duration_s(row), row.energy_wh is not None
    if row.course is None or not tariff.needs_course or duration <= 0:
        return totals(
            row.started_at,
            energy_wh=row.energy_wh or 0.0,
            duration_s=duration,
            idle_s=min(idle_s, duration),
            is_measured=is_measured,
        )
    marks, begins = _marks(row.course), _ms(row.started_at)
    ends = begins + thousandths(duration)
    curve = _curve(row, marks, begins, ends)
    activities = _activities(row, marks, begins, ends)
    parts = joined(part for some in pairwise(curve) for part in _parts(*some, activities))
    return Course(_instant(begins), parts, is_measured=is_measured)


_Point = tuple[int, int, int | None]
"""(instant, energy since the start in mWh, current in mA from there on back)."""


def _curve(row: TransactionRow, marks: _Marks, begins: int, ends: int) -> list[_Point]:
    """How far it was when: from nothing at the start to all of its energy at the end, and never back."""
    whole, start, stop = thousandths(row.energy_wh or 0.0), row.meter_start_wh, row.meter_stop_wh
    points: list[_Point] = [(begins, 0, None)]
    if whole and start is not None and stop is not None and stop > start:
        for at, value, current in marks.registers:
            energy = round(whole * (value - start) / (stop - start))
            if begins < at < ends and points[-1][1] <= energy <= whole:
                points.append((at, energy, current))
    points.append((ends, whole, points[-1][2]))
    return points


def _activities(row: TransactionRow, marks: _Marks, begins: int, ends: int) -> list[tuple[int, Activity]]:
    """What went on from when on."""
    allowed = _ms(row.authorized_at) if row.authorized_at is not None else ends
    found = [(begins, Activity.UNKNOWN)]
    has_come = False
    for at, value in marks.states:
        state = ChargingState(value)
        has_come = has_come or state is not ChargingState.IDLE
        found.append((max(at, begins), _ACTIVITIES[state] if has_come else Activity.WAITING))
    if allowed <= begins:
        return found
    last = next(activity for at, activity in reversed(found) if at <= allowed)
    return [(begins, Activity.WAITING), (allowed, last), *(each for each in found if each[0] > allowed)]


def _parts(before: _Point, after: _Point, activities: Sequence[tuple[int, Activity]]) -> Iterable[CoursePart]:
    """One stretch between two readings: its energy flowed while it charged, evenly."""
    begins, ends, energy = before[0], after[0], after[1] - before[1]
    cuts = [at for at, _ in activities if begins < at < ends]
    pieces = [
        (until - since, next(activity for at, activity in reversed(activities) if at <= since))
        for since, until in pairwise((begins, *cuts, ends))
    ]
    taking = [ms if activity in _DRAWING else 0 for ms, activity in pieces]
    if not any(taking):
        taking = [ms for ms, _ in pieces]
    hours, gone, given = sum(taking) / 3_600_000, 0, 0
    power = round(energy / 1000 / hours) if hours else None
    for (ms, activity), share in zip(pieces, taking, strict=True):
        gone += share
        mine = energy * gone // max(sum(taking), 1) - given
        given += mine
        is_taking = activity is Activity.UNKNOWN and mine
        went_on = Activity.CHARGING if is_taking else activity
        yield CoursePart(ms, went_on, mine, power if share else 0, after[2] if share else None)


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // _MS


def _instant(ms: int) -> datetime:
    return _EPOCH + ms * _MS


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
