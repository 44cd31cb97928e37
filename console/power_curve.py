"""The power of a transaction over time, as a drawing that the server makes. Pure.

Stations tell power, on each phase or in all; those that do not are drawn by what their register gained.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from console.words import Words
from csms.domain.records import SampleRecord
from ocppj.vocabulary import ENERGY_REGISTER, MeterSample

POWER = "Power.Active.Import"
MEASURANDS = (POWER, ENERGY_REGISTER)
AT_THE_CAR = frozenset({"EV", "Inlet", "Body"})
"""Locations that tell what another meter sees (OCPP 2.0.1 part 2, LocationEnumType)."""
WIDTH, HEIGHT = 600, 120
POINTS_MOST = 150
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class PowerPoint:
    """How much flowed at an instant."""

    at: datetime
    watts: float


@dataclass(frozen=True, slots=True)
class PowerCurve:
    """A drawing: `line` and `area` are points of an SVG of WIDTH × HEIGHT; the texts say it in words."""

    line: str
    area: str
    peak: str
    begins: str
    ends: str
    summary: str


def power_points(samples: Iterable[SampleRecord]) -> list[PowerPoint]:
    """What these samples tell, oldest first; of the same instant once."""
    known = [(each.sample.at or each.received_at, each.sample) for each in samples]
    seen = sorted(
        ((at, each) for at, each in known if each.location not in AT_THE_CAR), key=lambda each: each[0]
    )
    powers = [(at, each) for at, each in seen if each.measurand == POWER]
    if powers:
        return [PowerPoint(at, _in_all(some)) for at, some in _by_instant(powers)]
    return _gained([(at, each) for at, each in seen if each.measurand == ENERGY_REGISTER])


def _by_instant(known: Iterable[tuple[datetime, MeterSample]]) -> list[tuple[datetime, list[MeterSample]]]:
    found: dict[datetime, list[MeterSample]] = {}
    for at, sample in known:
        found.setdefault(at, []).append(sample)
    return list(found.items())


def _in_all(samples: Sequence[MeterSample]) -> float:
    """The whole where it is told, else the sum of its phases, each once."""
    whole = [each.value for each in samples if each.phase is None]
    return whole[-1] if whole else sum({each.phase: each.value for each in samples}.values())


def _gained(known: Sequence[tuple[datetime, MeterSample]]) -> list[PowerPoint]:
    registers = [(at, some[-1].value) for at, some in _by_instant(known) if some[-1].phase is None]
    return [
        PowerPoint(at, max(0.0, (value - before) / ((at - since).total_seconds() / _HOUR_S)))
        for (since, before), (at, value) in pairwise(registers)
    ]


def thinned(points: Sequence[PowerPoint], most: int = POINTS_MOST) -> list[PowerPoint]:
    """As many at most, of each stretch its highest, so that no peak is lost."""
    if len(points) <= most:
        return list(points)
    bounds = [len(points) * each // most for each in range(most + 1)]
    return [max(points[begin:end], key=lambda each: each.watts) for begin, end in pairwise(bounds)]


def power_curve(samples: Iterable[SampleRecord], words: Words) -> PowerCurve | None:
    """The drawing; None where there is no stretch of time to draw."""
    points = thinned(power_points(samples))
    if len(points) < 2:
        return None
    begin, span = points[0].at, (points[-1].at - points[0].at).total_seconds()
    peak = max(each.watts for each in points)
    top = peak or 1.0
    places = [((each.at - begin).total_seconds() / span, 1 - max(each.watts, 0.0) / top) for each in points]
    drawn = [f"{WIDTH * x:.1f},{HEIGHT * y:.1f}" for x, y in places]
    begins, ends = _clock(begin), _clock(points[-1].at)
    return PowerCurve(
        line=" ".join(drawn),
        area=f"0,{HEIGHT} {' '.join(drawn)} {WIDTH},{HEIGHT}",
        peak=words.power(peak),
        begins=begins,
        ends=ends,
        summary=words(
            "curve.summary",
            begins=begins,
            ends=ends,
            peak=words.power(peak),
            last=words.power(points[-1].watts),
        ),
    )


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M}"
