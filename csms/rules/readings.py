"""What a sampled value says: which moment, which place and which wires it was read at. Never its position.

The three tables decide for every value that the specifications know (1.6 §7.30, §7.34, §7.35; 2.0.1 part 2
§3.47, §3.64, §3.66; 2.1 §3.56, §3.77, §3.82 have the same ones). A word that no version knows is nobody's
default: a sample with an unknown location or phase counts for nothing, one with an unknown context is of its
instant, after all contexts that are known.
"""

import enum
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from csms.rules.instants import Instant, believed
from csms.rules.rows import SampleRow
from ocppj.vocabulary import MeterSample, StationId

POWER = "Power.Active.Import"
CURRENT = "Current.Import"


class Moment(enum.IntEnum):
    """Which moment of a transaction a value was read at."""

    START = 0
    INSTANT = 1
    END = 2


CONTEXTS: dict[str | None, tuple[Moment, int]] = {
    None: (Moment.INSTANT, 0),  # the default is Sample.Periodic (2.x SampledValueType; 1.6 §7.43)
    "Sample.Periodic": (Moment.INSTANT, 0),
    "Sample.Clock": (Moment.INSTANT, 1),
    "Trigger": (Moment.INSTANT, 2),
    "Interruption.End": (Moment.INSTANT, 3),
    "Interruption.Begin": (Moment.INSTANT, 4),
    "Other": (Moment.INSTANT, 5),
    "Transaction.Begin": (Moment.START, 0),  # "value taken at start of transaction", whenever it is sent
    "Transaction.End": (Moment.END, 0),
}
"""(moment, preference): of values of one instant in one message those of the least preference count."""
UNKNOWN_CONTEXT = (Moment.INSTANT, 6)


class MeterPoint(enum.IntEnum):
    """Where it was metered; the lesser one is better evidence of what was delivered."""

    OUTLET = 0
    INLET = 1


LOCATIONS: dict[str | None, MeterPoint | None] = {
    None: MeterPoint.OUTLET,  # the default
    "Outlet": MeterPoint.OUTLET,  # "measurement at a connector"
    # The grid's side of the station, or of an EVSE (2.x): with the station's own losses. It stands in only
    # where nothing is metered at the outlet.
    "Inlet": MeterPoint.INLET,
    "Body": None,  # "inside body of Charge Point (e.g. temperature)"
    "Cable": None,  # "from cable between EV and Charge Point": a sensor, not the meter
    "EV": None,  # what the vehicle says of itself
    "Upstream": None,  # 2.1: a meter above the station, which others draw from too
}

PHASES: dict[str | None, tuple[int, int] | None] = {
    None: (0, 0),  # "when phase is absent, the measured value is interpreted as an overall value"
    "": (0, 0),
    "L1": (1, 0),
    "L2": (2, 0),
    "L3": (3, 0),
    "L1-N": (1, 1),  # of energy and power the same as L1: what flows on L1, against neutral
    "L2-N": (2, 1),
    "L3-N": (3, 1),
    "N": None,  # what comes back: energy and power of L1 to L3 contain it
    "L1-L2": None,  # between two wires: the three of them do not add up to what was delivered
    "L2-L3": None,
    "L3-L1": None,
}
"""(wire, form): 0 is the total, 1 to 3 are the wires that are summed where no total comes with them."""


class Reading(msgspec.Struct, frozen=True, gc=False, order=True):
    """A total that counts: `value` in the base unit. `at` tells readings apart whose moment is an instant.

    `is_timed`: the instant is the station's own, and not that of reception.
    """

    moment: Moment
    at: datetime
    value: float
    is_timed: bool = True


class Readings(msgspec.Struct, frozen=True, gc=False):
    """The readings of one measurand, in order, and where they were taken."""

    point: MeterPoint
    found: tuple[Reading, ...]

    @property
    def latest(self) -> float | None:
        """What is metered now: the start of a transaction says nothing of it."""
        return next((each.value for each in reversed(self.found) if each.moment is not Moment.START), None)


NOTHING = Readings(MeterPoint.INLET, ())
_Instant = tuple[Moment, datetime, bool]
_Wires = dict[tuple[int, int], set[float]]


def readings(
    samples: Sequence[MeterSample], measurand: str, unit: str, otherwise_at: datetime, received_at: datetime
) -> Readings:
    """The readings of a measurand among the samples of one message, whatever their order.

    `otherwise_at` is the time of samples without one. Those at the outlet count, and those at the inlet where
    there are none.
    """
    only: MeterSample | None = None
    for sample in samples:
        if sample.measurand == measurand and sample.unit == unit:
            if only is not None:
                return _of_many(samples, measurand, unit, otherwise_at, received_at)
            only = sample
    if only is None:
        return NOTHING
    point, wire = LOCATIONS.get(only.location), PHASES.get(only.phase)  # the usual case: there is one
    if point is None or wire is None:
        return NOTHING
    moment, _ = CONTEXTS.get(only.context, UNKNOWN_CONTEXT)
    if only.at is None or only.at == otherwise_at:
        return Readings(point, (Reading(moment, otherwise_at, only.value),))
    when = believed(only.at, received_at)
    return Readings(point, (Reading(moment, when.at, only.value, when.is_timed),))


def _of_many(
    samples: Iterable[MeterSample], measurand: str, unit: str, otherwise_at: datetime, received_at: datetime
) -> Readings:
    points: dict[MeterPoint, dict[_Instant, dict[int, _Wires]]] = {}
    for sample in samples:
        if sample.measurand != measurand or sample.unit != unit:
            continue
        point, wire = LOCATIONS.get(sample.location), PHASES.get(sample.phase)
        if point is None or wire is None:
            continue
        moment, preference = CONTEXTS.get(sample.context, UNKNOWN_CONTEXT)
        is_told = sample.at is None or sample.at == otherwise_at
        when = Instant(otherwise_at) if is_told else believed(sample.at, received_at)
        instant = points.setdefault(point, {}).setdefault((moment, when.at, when.is_timed), {})
        instant.setdefault(preference, {}).setdefault(wire, set()).add(sample.value)
    if not points:
        return NOTHING
    best = min(points)
    return Readings(best, tuple(sorted(_totals(points[best]))))


def _totals(instants: dict[_Instant, dict[int, _Wires]]) -> Iterable[Reading]:
    """Totals, and sums where no total comes with them (quirk 72).

    A wire that is missing at one instant and there at another is not zero: such an instant has no sum.
    """
    chosen = {instant: contexts[min(contexts)] for instant, contexts in instants.items()}
    wires = {wire for found in chosen.values() for wire, _ in found if wire}
    for (moment, at, is_timed), found in chosen.items():
        totals = found.get((0, 0))
        if totals is not None:
            yield from (Reading(moment, at, value, is_timed) for value in totals)
        elif {wire for wire, _ in found} == wires:
            yield Reading(moment, at, sum(_of_wire(found, wire) for wire in sorted(wires)), is_timed)


def _of_wire(found: _Wires, wire: int) -> float:
    """A wire is told in one of two forms; where one form has several values of one instant, the greatest."""
    return max(found.get((wire, 0)) or found[wire, 1])


def sample_rows(
    station_id: StationId,
    transaction_no: int | None,
    evse_id: int | None,
    samples: Sequence[MeterSample],
    received_at: datetime,
) -> tuple[SampleRow, ...]:
    """One row per sample."""
    return tuple(SampleRow(station_id, transaction_no, evse_id, s, received_at) for s in samples)
