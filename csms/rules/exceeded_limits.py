"""Stations that take more than they may: what their meters say against the limits that they hold. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from charging.obeying import TIME_TO_OBEY, LimitStep, Obedience, obedience
from charging.schedule.composite import STATION, Installed
from csms.domain.station_events import StationEvent
from csms.rules.charging_rows import ExceededLimitRow
from csms.rules.composites import NO_LIMIT_FROM, VOLTAGE_V, ChargingPicture, EvseNow, allowed_now
from csms.rules.state import Decision
from ocppj.model.smart_charging import ChargingProfile
from ocppj.vocabulary import StationId


@dataclass(frozen=True, slots=True)
class PowerNow:
    """What the transaction at an EVSE last metered."""

    evse_id: int
    watts: float | None
    metered_at: datetime | None


def limits_checked(
    station_id: StationId,
    picture: ChargingPicture,
    powers: Sequence[PowerNow],
    before: Iterable[ExceededLimitRow],
    at: datetime,
) -> Decision:
    """What is exceeded from now on, what still is, and what no longer is: obeyed, or over with its charge.

    Where it is too early to tell, or nothing was metered, what was known stays.
    """
    known = {each.evse_id: each for each in before}
    rows: list[ExceededLimitRow] = []
    events: list[StationEvent] = []
    for power in (*powers, *_in_all(powers)):
        evse = next((each for each in picture.evses if each.evse_id == power.evse_id), None)
        steps = limit_steps(picture, power)
        found, was = obedience(steps, power.watts, power.metered_at), known.pop(power.evse_id, None)
        if found is Obedience.UNSAID:
            continue
        if found is Obedience.EXCEEDED:
            limit = max(each.watts for each in steps if each.watts is not None)
            row = ExceededLimitRow(
                station_id=station_id,
                evse_id=power.evse_id,
                transaction_id=evse.transaction_id if evse is not None else None,
                limit_w=round(limit, 1),
                power_w=power.watts or 0.0,
                since=was.since if was is not None else at,
                moved_at=at,
            )
            rows.append(row)
            if was is None:
                events.append(StationEvent("limit.exceeded", station_id, row.moved_at, _payload(row)))
        elif was is not None:
            rows.append(over := _ended(was, at))
            events.append(StationEvent("limit.obeyed", station_id, over.moved_at, _payload(over)))
    for was in known.values():  # nothing goes on there any more
        rows.append(over := _ended(was, at))
        events.append(StationEvent("limit.obeyed", station_id, over.moved_at, _payload(over)))
    return Decision(None, tuple(rows), tuple(events))


def _in_all(powers: Sequence[PowerNow]) -> list[PowerNow]:
    """Of several EVSEs together, as far as all have been metered."""
    if len(powers) < 2:
        return []
    watts = [each.watts for each in powers if each.watts is not None]
    times = [each.metered_at for each in powers if each.metered_at is not None]
    is_whole = len(watts) == len(times) == len(powers)
    return [PowerNow(STATION, sum(watts), min(times))] if is_whole else [PowerNow(STATION, None, None)]


def limit_steps(picture: ChargingPicture, power: PowerNow) -> list[LimitStep]:
    """What was allowed there around a reading, since all that holds now has held: what was before is unknown.

    What an EVSE can by itself is no limit that anybody set.
    """
    until = power.metered_at
    if until is None:
        return []
    held = picture.held
    evses = [replace(each, max_w=None) for each in picture.evses]
    begun = [until - 2 * TIME_TO_OBEY, *_changes(picture), *_beginnings(evses, power.evse_id)]
    at, steps = max(begun), list[LimitStep]()
    while at <= until:
        watts, following = _watts(held, evses, power.evse_id, at)
        steps.append(LimitStep(at, watts))
        if following is None or following <= at:
            break
        at = following
    return steps


def _changes(picture: ChargingPicture) -> list[datetime]:
    return [each.moved_at for each in picture.profiles] + [each.reported_at for each in picture.limits]


def _beginnings(evses: Sequence[EvseNow], evse_id: int) -> list[datetime]:
    return [each.since for each in evses if each.since is not None and evse_id in (STATION, each.evse_id)]


def _watts(
    held: Sequence[Installed[ChargingProfile]], evses: Sequence[EvseNow], evse_id: int, at: datetime
) -> tuple[float | None, datetime | None]:
    rate, until = allowed_now(held, evses, evse_id, at)
    watts = rate.watts(VOLTAGE_V)
    return (watts if watts < NO_LIMIT_FROM * VOLTAGE_V else None), until


def _ended(row: ExceededLimitRow, at: datetime) -> ExceededLimitRow:
    return msgspec.structs.replace(row, moved_at=at, ended_at=at)


def _payload(row: ExceededLimitRow) -> dict[str, object]:
    return {
        "evse_id": row.evse_id,
        "transaction_id": row.transaction_id,
        "limit_w": row.limit_w,
        "power_w": row.power_w,
    }
