"""When a station reads its meters: during a transaction, for its end, and by the clock.

OCPP 1.6 §3.16 and 2.0.1 part 2 J. Sampled values come in an interval that begins with the transaction,
clock-aligned ones at even fractions of the day, from midnight on, with and without a transaction. Values for
a transaction's end are kept with it and told all at once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from ocppj.model.metering import MeterValues
from ocppj.vocabulary import MeterSample
from runtime.clock import Timer
from simulator.model.evse import Evse
from simulator.model.version_rules import VersionRules
from simulator.station.context import StationContext

BEGIN, END, SAMPLE, CLOCK, TRIGGER, OTHER = (
    "Transaction.Begin",
    "Transaction.End",
    "Sample.Periodic",
    "Sample.Clock",
    "Trigger",
    "Other",
)
"""Reading contexts (1.6 §7.35, 2.0.1 ReadingContextEnumType)."""
UPDATED_INTERVAL = ("SampledDataCtrlr", "TxUpdatedInterval")
UPDATED = ("SampledDataCtrlr", "TxUpdatedMeasurands")
STARTED = ("SampledDataCtrlr", "TxStartedMeasurands")
ENDED = ("SampledDataCtrlr", "TxEndedMeasurands")
ALIGNED_INTERVAL = ("AlignedDataCtrlr", "Interval")
ALIGNED = ("AlignedDataCtrlr", "Measurands")
ENDED_ALIGNED = ("AlignedDataCtrlr", "TxEndedMeasurands")

SAMPLINGS_MOST = 100
"""Kept for the end of a transaction; beyond, every other one is dropped (2.0.1 E06.FR.12, .13)."""
DAY_S = 86_400
JUST_NOW_S = 0.05
"""A timer may be due a breath too early; the same fraction of the day does not come twice."""


class ReportUpdate(Protocol):
    """Tells the meter's values of a running transaction."""

    def __call__(self, evse: Evse, *, trigger: str, context: str, measurands: tuple[str, ...]) -> None:
        """By the measurands' names."""
        ...


class Metering:
    """One station's readings. `start` with the power, `stop` without it."""

    def __init__(self, context: StationContext, rules: VersionRules, update: ReportUpdate) -> None:
        self._context = context
        self._connectors = context.connectors
        self._variables = context.variables
        self._clock = context.clock
        self._rules = rules
        self._update = update
        self._aligned: dict[tuple[str, str], Timer] = {}
        self._is_on = False
        context.variables.subscribe(self._changed)

    # During a transaction

    def begin(self, evse: Evse) -> None:
        """A transaction has begun: sample it from now on."""
        self._keep(evse, self._words(ENDED), BEGIN)
        self._watch(evse)

    def samples_for_end(self, evse: Evse, at: datetime) -> tuple[MeterSample, ...]:
        """What is told at the end: all that was kept, and the last values, as of `at`."""
        transaction = evse.transaction
        kept = [] if transaction is None else [one for sampling in transaction.sampled for one in sampling]
        return (*kept, *evse.meter.samples(self._words(ENDED), self._clock.monotonic(), at, END))

    def _watch(self, evse: Evse) -> None:
        self._every(evse, UPDATED_INTERVAL, self._sample)
        if self._rules.ended_interval == UPDATED_INTERVAL:
            return  # 1.6: one interval, one timer
        self._every(evse, self._rules.ended_interval, self._sample_for_end)

    def _every(self, evse: Evse, interval: tuple[str, str], due: Callable[[Evse], None]) -> None:
        """Let `due` happen in an interval as long as this transaction runs."""
        transaction = evse.transaction
        name = ".".join(interval)
        evse.cancel_timer(name)
        interval_s = self._variables.number(*interval, 0)
        if interval_s <= 0:
            return

        def is_due() -> None:
            if evse.transaction is transaction:
                self._every(evse, interval, due)
                due(evse)

        evse.timers[name] = self._clock.call_later(interval_s, is_due)

    def _sample(self, evse: Evse) -> None:
        measurands = self._words(UPDATED)
        if measurands:
            self._update(evse, trigger="MeterValuePeriodic", context=SAMPLE, measurands=measurands)
        if self._rules.ended_interval == UPDATED_INTERVAL:
            self._sample_for_end(evse)

    def _sample_for_end(self, evse: Evse) -> None:
        self._keep(evse, self._words(ENDED), SAMPLE)

    def _keep(self, evse: Evse, measurands: tuple[str, ...], context: str) -> None:
        """Keep a sampling for the end; when there are too many, every other one after the first goes."""
        sampling = self._read(evse, measurands, context)
        if evse.transaction is None or not sampling:
            return
        kept = evse.transaction.sampled
        kept.append(list(sampling))
        if len(kept) > SAMPLINGS_MOST:
            del kept[1::2]

    # By the clock

    def start(self) -> None:
        """There is power."""
        self._is_on = True
        self.align()

    def stop(self) -> None:
        """There is none."""
        self._is_on = False
        for timer in self._aligned.values():
            timer.cancel()
        self._aligned.clear()

    def align(self) -> None:
        """Set the timers of clock-aligned values anew: the clock was set, or an interval."""
        self._at_fractions(ALIGNED_INTERVAL, self._report_aligned)
        if self._rules.ended_aligned_interval != ALIGNED_INTERVAL:
            self._at_fractions(self._rules.ended_aligned_interval, self._keep_aligned)

    def _at_fractions(self, interval: tuple[str, str], due: Callable[[], None]) -> None:
        """Let `due` happen at each even fraction of the day (2.0.1 part 2 §2.7.12)."""
        old = self._aligned.pop(interval, None)
        if old is not None:
            old.cancel()
        interval_s = self._variables.number(*interval, 0)
        if interval_s <= 0 or not self._is_on:
            return
        now = self._context.now()
        since_midnight_s = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
        ordinal = (since_midnight_s + JUST_NOW_S) // interval_s + 1
        wait_s = min(ordinal * interval_s, DAY_S) - since_midnight_s

        def is_due() -> None:
            self._at_fractions(interval, due)
            due()

        self._aligned[interval] = self._clock.call_later(wait_s, is_due)

    def _report_aligned(self) -> None:
        measurands = self._words(ALIGNED)
        for evse in self._connectors.evses.values():
            if evse.transaction is not None and measurands:
                self._update(evse, trigger="MeterValueClock", context=CLOCK, measurands=measurands)
            elif samples := self._read(evse, measurands, CLOCK):
                self._context.sender.send(MeterValues(evse.evse_id, None, samples))
        if self._rules.ended_aligned_interval == ALIGNED_INTERVAL:
            self._keep_aligned()

    def _keep_aligned(self) -> None:
        for evse in self._connectors.running():
            self._keep(evse, self._words(ENDED_ALIGNED), CLOCK)

    # When asked

    def report(self, evse: Evse, measurands: tuple[str, ...]) -> None:
        """Tell the meter's values, with or without a transaction (triggered)."""
        samples = self._read(evse, measurands, TRIGGER)
        if samples:
            csms_id = evse.transaction.csms_id if evse.transaction is not None else None
            self._context.sender.send(MeterValues(evse.evse_id, csms_id, samples), is_requested=True)

    def _read(self, evse: Evse, measurands: tuple[str, ...], context: str) -> tuple[MeterSample, ...]:
        return evse.meter.samples(measurands, self._clock.monotonic(), self._context.now(), context)

    def _words(self, variable: tuple[str, str]) -> tuple[str, ...]:
        return self._variables.words(*variable)

    def _changed(self, ref: Any, _value: str) -> None:
        """An interval that is set counts from now on."""
        name = (ref.component, ref.variable)
        if name in (ALIGNED_INTERVAL, self._rules.ended_aligned_interval):
            self.align()
        elif name in (UPDATED_INTERVAL, self._rules.ended_interval):
            for evse in self._connectors.running():
                self._watch(evse)
