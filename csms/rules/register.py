"""The energy register over a transaction: what its readings prove, and which of them cannot be.

A fold that does not depend on the order in which messages arrive: the start is the reading named so, or the
earliest; the stop the one named so, or the latest; the peak the greatest. A reading that no EVSE could have
reached from the others (architecture, rule 19) is put aside as a doubt. Where the reading that all others
contradict is the first one, the others count and it is the doubt.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec

from csms.rules.readings import MeterPoint, Moment, Reading, Readings
from csms.rules.rows import TransactionRow
from ocppj.vocabulary import TransactionEventKind

POWER_MOST_W = 1_500_000.0
"""What an EVSE delivers at most where its own limit is not known: the largest in service have 1.2 MW."""
POWER_MARGIN = 1.2
"""How far an EVSE may exceed the limit that it reports: meters, rounding, short peaks."""
SLACK_S = 120.0
"""How much longer than its clock says the time between two readings may have been."""
FULL_POWER_MOST_S = 86_400.0
"""Nothing takes all of an EVSE's power for more than a day between two readings."""
UNTIMED_MOST_WH = 1_000_000.0
"""Between two readings of which one has no time of the station's own; no vehicle takes more at once."""
ROUNDING_WH = 1.0
"""How far a stop may lie under the peak: whole Wh against a sample's fraction."""
DOUBTS_KEPT = 16

OUTLET_REGISTER, OUTLET_POWER, START_NAMED, STOP_NAMED, START_REPLACED = 1, 2, 4, 8, 16
"""Bits of `TransactionRow.meter_marks`: what was metered at the outlet, and how start and stop are known."""
_OUTLET_OR_STOPPED = OUTLET_REGISTER | STOP_NAMED

replace = msgspec.structs.replace
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[tuple[int, datetime, float, bool]]).decode


def usual_changes(row: TransactionRow, registers: Readings) -> dict[str, Any] | None:
    """What `Register` would come to in the usual case, sooner: one more reading at the outlet, later than all
    and within reach, of a charge that goes on and has no doubt. None: it is another case.
    """
    start, stop, stop_at, peak = row.meter_start_wh, row.meter_stop_wh, row.meter_stop_at, row.meter_peak_wh
    if start is None or stop is None or stop_at is None or peak is None or len(registers.found) > 1:
        return None
    reading = registers.found[0]
    at, value = reading.at, reading.value
    is_later = reading.moment is Moment.INSTANT and reading.is_timed and at > stop_at and row.ended_at is None
    is_outlet = (
        registers.point is MeterPoint.OUTLET and row.meter_marks & _OUTLET_OR_STOPPED == OUTLET_REGISTER
    )
    within_wh = (row.power_limit_w or POWER_MOST_W) * SLACK_S / 3600  # what no time at all allows
    is_near = value >= peak >= stop >= start and value - peak <= within_wh
    if not (is_later and is_outlet and is_near and row.meter_doubts is None):
        return None
    return {"meter_stop_at": at, "meter_stop_wh": value, "meter_peak_wh": value}


def usual_given(row: TransactionRow, reading: Reading) -> dict[str, Any] | None:
    """The same for what 1.6 names: the start before all else, and a stop within reach of the last reading."""
    if row.meter_doubts is not None or row.is_stop_given or reading.value < 0:
        return None
    start, stop, peak = row.meter_start_wh, row.meter_stop_wh, row.meter_peak_wh
    start_at, stop_at = row.meter_start_at, row.meter_stop_at
    at, value = reading.at, reading.value
    if reading.moment is Moment.START:
        if start is not None or stop is not None or peak is not None:
            return None
        marks = row.meter_marks | START_NAMED
        return {"meter_start_at": at, "meter_start_wh": value, "is_start_given": True, "meter_marks": marks}
    if start is None or stop is None or peak is None or start_at is None or stop_at is None:
        return None
    within_wh = (row.power_limit_w or POWER_MOST_W) * SLACK_S / 3600
    is_near = value >= peak >= stop >= start and value - peak <= within_wh
    if not (is_near and reading.is_timed and at >= stop_at >= start_at):
        return None
    marks = row.meter_marks | STOP_NAMED
    return {"meter_stop_at": at, "meter_stop_wh": value, "is_stop_given": True, "meter_marks": marks}


class Register:
    """The fold at work: `add` readings, then `changes` says what became of the row's fields."""

    def __init__(self, row: TransactionRow) -> None:
        self._row = row
        self._start = _reading(row.meter_start_at, row.meter_start_wh)
        self._stop = _reading(row.meter_stop_at, row.meter_stop_wh)
        self._peak = row.meter_peak_wh
        self._is_start_given = row.is_start_given
        self._is_stop_given = row.is_stop_given
        self._marks = row.meter_marks
        self._doubts = doubts_of(row) if row.meter_doubts is not None else []

    def add_all(self, registers: Readings, kind: TransactionEventKind | None) -> None:
        """The readings of a message's samples; `kind` where it is an event of the transaction.

        Those at the inlet stand in until one at the outlet comes. What is read as a transaction starts is of
        its start, whatever its context; nothing is of the end before that has come. What is read beside
        either, under the same time, adds nothing.
        """
        if registers.point is MeterPoint.INLET and self._marks & OUTLET_REGISTER:
            return
        if registers.point is MeterPoint.OUTLET and not self._marks & OUTLET_REGISTER:
            self._forget_samples()
            self._marks |= OUTLET_REGISTER
        is_over = kind is TransactionEventKind.ENDED or self._row.ended_at is not None
        found = registers.found
        if kind is TransactionEventKind.STARTED and found[0].moment is Moment.INSTANT:
            found = (replace(found[0], moment=Moment.START), *found[1:])
        skipped = None if is_over else Moment.END
        named = Moment.START if kind is TransactionEventKind.STARTED else Moment.END if is_over else None
        told_at = {each.at for each in found if each.moment is named} if len(found) > 1 else ()
        for reading in found:
            is_told = reading.moment is Moment.INSTANT and reading.at in told_at
            if reading.moment is not skipped and not is_told:
                self.add(reading)

    def add(self, reading: Reading, *, is_given: bool = False) -> None:
        """One reading; a given one (1.6 meterStart and meterStop) no sample can move."""
        if reading.moment is Moment.START:
            if not is_given and (self._is_start_given or self._marks & START_NAMED):
                return
            if not is_given:  # it may be repeated all along: it is of the start, whenever it is sent
                reading = replace(reading, at=min(reading.at, self._row.started_at))
        elif self._is_stop_given and not is_given and self._stop is not None and reading.at > self._stop.at:
            return
        if self._fits(reading):
            self._accept(reading, is_given=is_given)
        else:
            self._doubt(reading)

    def changes(self) -> dict[str, Any]:
        """The fields of the row."""
        start, stop = self._start, self._stop
        return {
            "meter_start_at": start.at if start is not None else None,
            "meter_start_wh": start.value if start is not None else None,
            "meter_stop_at": stop.at if stop is not None else None,
            "meter_stop_wh": stop.value if stop is not None else None,
            "meter_peak_wh": self._peak,
            "is_start_given": self._is_start_given,
            "is_stop_given": self._is_stop_given,
            "meter_marks": self._marks,
            "meter_doubts": _doubts_text(self._doubts) if self._doubts else None,
        }

    # Accepting ----------------------------------------------------------------------------------------

    def _accept(self, reading: Reading, *, is_given: bool) -> None:
        value, is_start = reading.value, reading.moment is Moment.START
        if self._is_new_start(reading, is_given=is_given):
            self._start = reading
            if is_start:
                self._marks |= START_NAMED
                self._is_start_given = self._is_start_given or is_given
        if is_start and is_given:
            return
        if self._is_new_stop(reading, is_given=is_given):
            self._stop = reading
            if reading.moment is Moment.END:
                self._marks |= STOP_NAMED
                self._is_stop_given = self._is_stop_given or is_given
        if not is_given and (self._peak is None or value > self._peak):
            self._peak = value

    def _is_new_start(self, reading: Reading, *, is_given: bool) -> bool:
        start = self._start
        if is_given:
            return reading.moment is Moment.START
        if self._is_start_given:
            return False
        if reading.moment is Moment.START:
            return True
        if self._marks & START_NAMED:
            return False
        return start is None or (reading.at, reading.value) < (start.at, start.value)

    def _is_new_stop(self, reading: Reading, *, is_given: bool) -> bool:
        stop = self._stop
        if reading.moment is Moment.START:
            return stop is None
        if self._is_stop_given and not is_given:
            return False
        is_named = bool(self._marks & STOP_NAMED)
        if is_given or (reading.moment is Moment.END and not is_named):
            return True
        if reading.moment is not Moment.END and is_named:
            return False
        return stop is None or (reading.at, reading.value) > (stop.at, stop.value)

    def _forget_samples(self) -> None:
        """What was read at the inlet counts no more."""
        if not self._is_start_given:
            self._start, self._marks = None, self._marks & ~START_NAMED
        if not self._is_stop_given:
            self._stop, self._marks = None, self._marks & ~STOP_NAMED
        self._peak = None
        self._doubts = [each for each in self._doubts if each.moment is not Moment.INSTANT]

    # Doubting -----------------------------------------------------------------------------------------

    def _fits(self, reading: Reading) -> bool:
        """Whether an EVSE can have got there from what is known, or from there to what is known."""
        start = self._start
        if reading.value < 0:
            return False  # a register counts up from nothing
        if start is None:
            return True
        if reading.moment is Moment.START:
            return start.value - reading.value <= self._allowance(reading, start)
        if reading.at < start.at:
            return abs(start.value - reading.value) <= self._allowance(reading, start)
        stop = self._stop if self._stop is not None else start
        if self._is_alone and reading.value < start.value - ROUNDING_WH:
            return False
        known = stop if reading.at >= stop.at else start
        top = max(known.value, self._peak or 0.0) if known is stop else known.value
        return reading.value - top <= self._allowance(reading, known)

    @property
    def _is_alone(self) -> bool:
        """Whether all that is known is one reading, or that the register stood at nothing."""
        start, stop = self._start, self._stop
        if start is None or stop is None or stop.at == start.at:
            return True
        return start.value == stop.value == 0.0 and not self._peak

    def _allowance(self, one: Reading, other: Reading) -> float:
        return allowance_wh(self._row, one, other)

    def _doubt(self, reading: Reading) -> None:
        """Put it aside; where it and its like agree with each other, and nothing with the first, swap."""
        if reading not in self._doubts:
            self._doubts = [*self._doubts, reading][-DOUBTS_KEPT:]
        if not self._is_alone:
            return
        others = sorted(
            (each for each in self._doubts if each.value >= 0),
            key=lambda each: (each.moment, each.at, each.value),
        )
        is_one_line = len({each.at for each in others}) > 1 and all(
            0 <= after.value - before.value <= self._allowance(before, after)
            for before, after in pairwise(others)
        )
        if not is_one_line:
            return
        wrong = self._start
        self._doubts = [each for each in self._doubts if each.value < 0]
        if wrong is not None:
            self._doubts.append(replace(wrong, moment=Moment.START))
        self._start = self._stop = self._peak = None
        self._is_start_given = self._is_stop_given = False
        self._marks = (self._marks & ~(START_NAMED | STOP_NAMED)) | START_REPLACED
        for each in others:
            self._accept(each, is_given=False)


def allowance_wh(row: TransactionRow, one: Reading, other: Reading) -> float:
    """What the EVSE can have delivered at most between two readings."""
    if not (one.is_timed and other.is_timed):
        return UNTIMED_MOST_WH
    power_w = row.power_limit_w * POWER_MARGIN if row.power_limit_w is not None else POWER_MOST_W
    elapsed_s = min(abs((one.at - other.at).total_seconds()), FULL_POWER_MOST_S)
    return power_w * (elapsed_s + SLACK_S) / 3600


def _reading(at: datetime | None, value: float | None) -> Reading | None:
    return Reading(Moment.INSTANT, at, value) if at is not None and value is not None else None


def doubts_of(row: TransactionRow) -> list[Reading]:
    """The readings of a transaction that cannot be, in the order in which they came."""
    if row.meter_doubts is None:
        return []
    return [
        Reading(Moment(moment), at, value, is_timed)
        for moment, at, value, is_timed in _decode(row.meter_doubts)
    ]


def is_known(row: TransactionRow, wh: float | None) -> bool:
    """Whether the register was told to have stopped there."""
    return row.meter_stop_wh == wh or any(each.value == wh for each in doubts_of(row))


def _doubts_text(doubts: Iterable[Reading]) -> str:
    return _encode([(int(each.moment), each.at, each.value, each.is_timed) for each in doubts]).decode()


# --- What follows -----------------------------------------------------------------------------------------


class Energy(msgspec.Struct, frozen=True, gc=False):
    """What the register proves of a transaction.

    `wh` since the start, never negative. `went_back`: a reading lies below an earlier one. `is_implausible`:
    a reading cannot be. `is_certain` is false where start or stop is not what the station said: that is for a
    person to look at.
    """

    wh: float | None = None
    went_back: bool = False
    is_implausible: bool = False
    is_certain: bool = True

    @property
    def is_odd(self) -> bool:
        """Whether anything is to be noted."""
        return self.went_back or self.is_implausible


_UNKNOWN = Energy()


def plain_energy(row: TransactionRow) -> float | None:
    """Wh since the start where nothing is odd about any reading; None: ask `energy`."""
    start, stop, peak = row.meter_start_wh, row.meter_stop_wh, row.meter_peak_wh
    if start is None or stop is None or row.meter_doubts is not None or row.meter_before_wh is not None:
        return None
    return stop - start if start <= stop and (peak is None or stop >= peak) else None


def energy(row: TransactionRow) -> Energy:
    """The energy of a transaction.

    The given stop is believed wherever it is not below the start; below it, the peak is the last proof.
    """
    start, stop, peak = row.meter_start_wh, row.meter_stop_wh, row.meter_peak_wh
    if row.meter_doubts is None and row.meter_before_wh is None:
        if start is None or stop is None:
            return _UNKNOWN
        wh, went_back = _proven(start, stop, peak)
        return Energy(wh, went_back, is_certain=not went_back)
    doubts = doubts_of(row)
    continued = _continued(row, doubts)
    if continued is not None:
        return Energy(continued, is_implausible=True, is_certain=False)
    if start is None:
        return Energy(None, is_implausible=bool(doubts), is_certain=not doubts)
    wh, went_back = _proven(start, start if stop is None else stop, peak)
    went_back = went_back or any(0 <= each.value < start - ROUNDING_WH for each in doubts)
    is_last = any(row.meter_stop_at is None or each.at >= row.meter_stop_at for each in doubts)
    is_replaced = bool(row.meter_marks & START_REPLACED)
    is_replaced = is_replaced or any(each.moment is Moment.START for each in doubts)
    is_implausible = any(each.value < 0 or each.value > start for each in doubts) or is_replaced
    return Energy(
        wh if stop is not None or doubts else None,
        went_back,
        is_implausible,
        is_certain=not (went_back or is_last or is_replaced),
    )


def _proven(start: float, stop: float, peak: float | None) -> tuple[float, bool]:
    highest = stop if peak is None else max(stop, peak)
    went_back = stop < start or stop < highest - ROUNDING_WH
    proven = stop if stop >= start else highest
    return max(proven - start, 0.0), went_back


def _continued(row: TransactionRow, doubts: list[Reading]) -> float | None:
    """Wh since the previous transaction's end, where the readings go on from there and the start does not.

    A register of a lifetime starts where the last transaction left it (1.6 §7.31); a start of 0 or -1 is a
    meter that was not read. `meter_before_wh` is known only where the start lies below all of the previous
    transaction; one whose register begins anew each time never gets back up there.
    """
    before = row.meter_before_wh
    if before is None:
        return None
    seen = [each.value for each in doubts]
    seen += [value for value in (row.meter_stop_wh, row.meter_peak_wh) if value is not None]
    begun = Reading(Moment.START, row.started_at, before)
    latest = Reading(Moment.END, max(row.last_event_at, row.started_at), before)
    most = allowance_wh(row, begun, latest)
    above = [value - before for value in seen if -ROUNDING_WH <= value - before <= most]
    return max(*above, 0.0) if above else None
