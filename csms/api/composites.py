"""/stations/{id}/composite-schedule: what may flow by our reckoning, beside what the station says of it."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import Query

from charging.schedule.composite import CompositePlan
from csms.api.ports import ApiParts
from csms.api.roles import READER
from csms.api.stations import known_station
from csms.rules.charging_rows import CompositeRow
from csms.rules.composites import (
    ChargingPicture,
    ScheduleDifference,
    differences,
    limit_of,
    plan_beside,
    plan_for,
)
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import InstantText, View

LONGEST_S = 7 * 86_400
"""A week is what recurring profiles repeat in."""
EVSES_MOST = 10_000


class PlannedPeriodView(View, frozen=True, kw_only=True):
    """From `start_s` on; `limit` null: nobody limits it."""

    start_s: int
    limit: float | None
    phases: int | None


class ScheduleDifferenceView(View, frozen=True, kw_only=True):
    """Where the station says another limit than we do. `allows_more`: it takes more than it may."""

    start_s: int
    end_s: int
    ours: float
    station: float | None
    allows_more: bool


class StationScheduleView(View, frozen=True, kw_only=True):
    """What the station answered when it was asked last, what we expect of the same time, where they differ.

    `is_older`: profiles have changed since.
    """

    answered_at: InstantText
    unit: str
    starts_at: InstantText
    duration_s: int
    periods: tuple[PlannedPeriodView, ...]
    expected: tuple[PlannedPeriodView, ...]
    differences: tuple[ScheduleDifferenceView, ...]
    is_older: bool


class ExpectedScheduleView(View, frozen=True, kw_only=True):
    """What may flow at an EVSE, or in all (EVSE 0), from now on; `station` null: it was never asked."""

    station_id: str
    evse_id: int
    unit: str
    starts_at: InstantText
    duration_s: int
    periods: tuple[PlannedPeriodView, ...]
    station: StationScheduleView | None


def build_composites_router(parts: ApiParts) -> ApiRouter:
    """The route."""
    router = ApiRouter()

    @router.get(
        "/stations/{station_id}/composite-schedule",
        dependencies=[READER],
        response_model=ExpectedScheduleView,
    )
    async def composite_schedule(
        station_id: str,
        evse: Annotated[int, Query(ge=0, le=EVSES_MOST, description="0: the whole station.")] = 0,
        duration_s: Annotated[int, Query(ge=1, le=LONGEST_S)] = 86_400,
        unit: Literal["A", "W"] = "A",
    ) -> ExpectedScheduleView:
        """What may flow from now on by the profiles and limits that are known, beside what the station last
        answered to `get-composite-schedule`, with the differences.
        """
        known = await known_station(parts, station_id)
        picture = await parts.records.charging_picture(known)
        plan = plan_for(picture, evse, parts.clock.now().replace(microsecond=0), duration_s, unit)
        answer = next((each for each in picture.answers if each.evse_id == evse), None)
        return ExpectedScheduleView(
            station_id=known,
            evse_id=evse,
            unit=unit,
            starts_at=instant_text(plan.starts_at),
            duration_s=plan.duration_s,
            periods=plan_views(plan),
            station=station_schedule_view(picture, answer) if answer is not None else None,
        )

    return router


def plan_views(plan: CompositePlan) -> tuple[PlannedPeriodView, ...]:
    """Ours."""
    return tuple(
        PlannedPeriodView(start_s=each.start_s, limit=limit_of(each), phases=each.phases)
        for each in plan.periods
    )


def station_schedule_view(picture: ChargingPicture, answer: CompositeRow) -> StationScheduleView:
    """The station's, and what we expect of the same time by what is known now."""
    expected = plan_beside(picture, answer)
    moved = [each.moved_at for each in picture.profiles] + [each.reported_at for each in picture.limits]
    return StationScheduleView(
        answered_at=instant_text(answer.answered_at),
        unit=answer.unit,
        starts_at=instant_text(answer.starts_at),
        duration_s=answer.duration_s,
        periods=tuple(
            PlannedPeriodView(start_s=each.start_s, limit=each.limit, phases=each.phases)
            for each in answer.periods
        ),
        expected=plan_views(expected),
        differences=tuple(map(_difference_view, differences(expected, answer))),
        is_older=any(each > answer.answered_at + timedelta(seconds=1) for each in moved),
    )


def _difference_view(each: ScheduleDifference) -> ScheduleDifferenceView:
    return ScheduleDifferenceView(
        start_s=each.start_s,
        end_s=each.end_s,
        ours=each.ours,
        station=each.station,
        allows_more=each.allows_more,
    )
