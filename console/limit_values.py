"""What limits a station, as its page shows it: profiles, limits of others, what may flow in the next day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from console.power_curve import HEIGHT, WIDTH, PowerCurve
from console.words import Words
from csms.rules.charging_profiles import STATION
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, ExceededLimitRow
from csms.rules.composites import ChargingPicture, Plan, differences, limit_of, plan_beside, plan_for
from ocppj.model.smart_charging import ChargingSchedule

DAY_S = 86_400
CURVES_MOST = 8
PROFILES_SHOWN = 50
STEPS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class LimitCurve:
    """What may flow at an EVSE in the next day, drawn and said, and what the station says otherwise."""

    place: str
    steps: str
    curve: PowerCurve
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownLimits:
    """All that the page shows of limits; lines are (what, how much, who and since when)."""

    profiles: tuple[tuple[str, str, str], ...]
    others: tuple[tuple[str, str, str], ...]
    curves: tuple[LimitCurve, ...]


def station_limits(picture: ChargingPicture, now: datetime, words: Words) -> ShownLimits | None:
    """None where nobody limits anything."""
    others = [each for each in picture.limits if each.cleared_at is None]
    if not picture.profiles and not others:
        return None
    return ShownLimits(
        tuple(_profile_line(each, words) for each in picture.profiles[:PROFILES_SHOWN]),
        tuple(_other_line(each, words) for each in others),
        tuple(_curves(picture, now, words)),
    )


def _profile_line(row: ChargingProfileRow, words: Words) -> tuple[str, str, str]:
    what = words(
        "limits.profile",
        purpose=words.of("purpose", row.profile.purpose),
        place=_place(row.evse_id, words),
        level=row.profile.stack_level,
    )
    who = words("limits.ours") if row.asked_by is not None else row.source
    since = words.instant(f"{row.asked_at.astimezone(UTC).isoformat()}")
    return (
        what,
        _schedules(row.profile.schedules, words),
        f"{words.of('profile_state', row.state.value)} · {who} · {since}",
    )


def _other_line(row: ChargingLimitRow, words: Words) -> tuple[str, str, str]:
    what = words("limits.of_others", source=row.source, place=_place(row.evse_id, words))
    return what, _schedules(row.schedules, words), words.instant(row.since.astimezone(UTC).isoformat())


def _place(evse_id: int, words: Words) -> str:
    return words("limits.evse", number=evse_id) if evse_id != STATION else words("limits.whole")


def _schedules(schedules: Iterable[ChargingSchedule], words: Words) -> str:
    """The limits of the first schedule, in their order."""
    first = next(iter(schedules), None)
    if first is None:
        return words("limits.unsaid")
    shown = [_limit(each.limit, first.unit, words) for each in first.periods[:STEPS_SHOWN]]
    return " → ".join(shown)


def _limit(value: float | None, unit: str, words: Words) -> str:
    if value is None:
        return words("limits.none")
    return f"{words.number(value, 0 if value == int(value) else 1)} {unit}"


def _curves(picture: ChargingPicture, now: datetime, words: Words) -> Iterable[LimitCurve]:
    """Of each EVSE that something limits, the whole station first."""
    begins = now.replace(second=0, microsecond=0)
    for evse_id in (STATION, *(each.evse_id for each in picture.evses[:CURVES_MOST])):
        plan = plan_for(picture, evse_id, begins, DAY_S, "A")
        known = [each for each in plan.periods if limit_of(each) is not None]
        if not known:
            continue
        yield LimitCurve(
            _place(evse_id, words),
            _steps(plan, words),
            _drawn(plan, words),
            tuple(_differences(picture, evse_id, words)),
        )


def _differences(picture: ChargingPicture, evse_id: int, words: Words) -> Iterable[str]:
    answer = next((each for each in picture.answers if each.evse_id == evse_id), None)
    if answer is None:
        return
    ours = plan_beside(picture, answer)
    for each in differences(ours, answer)[:STEPS_SHOWN]:
        yield words(
            "limits.more" if each.allows_more else "limits.less",
            station=_limit(each.station, answer.unit, words),
            ours=_limit(each.ours, answer.unit, words),
            at=_clock(answer.starts_at + timedelta(seconds=each.start_s)),
        )


def _steps(plan: Plan, words: Words) -> str:
    """In words: 16 A from 08:00, 10 A from 18:00."""
    said = [
        words(
            "limits.step",
            limit=_limit(limit_of(each), plan.unit, words),
            at=_clock(plan.starts_at + timedelta(seconds=each.start_s)),
        )
        for each in plan.periods[:STEPS_SHOWN]
    ]
    return ", ".join([*said, *(["…"] if len(plan.periods) > STEPS_SHOWN else [])])


def _drawn(plan: Plan, words: Words) -> PowerCurve:
    """Steps; where nobody limits, the line is at the top."""
    values = [limit_of(each) for each in plan.periods]
    top = max(each for each in values if each is not None) or 1.0
    ends = [*(each.start_s for each in plan.periods[1:]), plan.duration_s]
    points: list[str] = []
    for period, value, end in zip(plan.periods, values, ends, strict=True):
        y = 0.0 if value is None else HEIGHT * (1 - value / top)
        points += [f"{WIDTH * at / plan.duration_s:.1f},{y:.1f}" for at in (period.start_s, end)]
    begins = _clock(plan.starts_at)
    until = _clock(plan.starts_at + timedelta(seconds=plan.duration_s))
    peak = _limit(top, plan.unit, words)
    return PowerCurve(
        line=" ".join(points),
        area=f"0,{HEIGHT} {' '.join(points)} {WIDTH},{HEIGHT}",
        peak=peak,
        begins=begins,
        ends=until,
        summary=_steps(plan, words),
    )


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M}"


def exceeded_line(row: ExceededLimitRow, words: Words) -> str:
    """Where a station takes more than it may."""
    return words(
        "limits.exceeded",
        place=_place(row.evse_id, words),
        power=words.power(row.power_w),
        limit=words.power(row.limit_w),
        since=_clock(row.since),
    )
