"""What has been: the states that a station's connectors were in, and the fleet in numbers."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from csms.api.ports import ApiParts
from csms.api.roles import READER
from csms.api.stations import known_station
from csms.domain.history import FLEET_KEPT_FOR, ConnectorStateRecord, ConnectorStatesWanted, FleetPoint
from runtime.http import Problem
from runtime.paging import GREATEST_NUMBER, PageWanted, cut, json_response, list_response
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.wording import Phrase, WayOut

STEPS_S = (60, 300, 900, 3600, 21_600, 86_400)
"""Steps that are chosen where nobody asks for one."""
MOST_POINTS = 1500
"""In one answer: a day of minutes, a year of quarters of a day."""
DAY = timedelta(days=1)
LEAVE_STEP = WayOut("Enlevez `step`, ou prenez {step} ou plus.", "Leave `step` away, or take {step} or more.")
Number = Annotated[int | None, Query(ge=0, le=GREATEST_NUMBER)]
Since = Annotated[AwareDatetime | None, Query(description="From this instant on, with its time zone.")]
Until = Annotated[AwareDatetime | None, Query(description="Before this instant, with its time zone.")]


class ConnectorStateAnswer(BaseModel):
    """A state that a connector was in: `seconds` long, by our clock from `received_at` to `until`; both null
    where it goes on. `at` is the station's own instant, `reported` the word of its OCPP version.
    """

    number: int
    evse_id: int
    connector_id: int
    status: str
    reported: str
    error_code: str | None
    info: str | None
    vendor_error_code: str | None
    at: str | None
    received_at: str
    until: str | None
    seconds: float | None


class FleetPointAnswer(BaseModel):
    """The minutes of a step: `at` is when it begins, `minutes` how many of them were counted.

    Each number is the worst of them, so that a fault or an outage of one minute is seen at every step: the
    most, but of `stations_online` the fewest. `energy_wh` only grows: what ended between two points is its
    difference.
    """

    at: str
    minutes: int
    stations_known: int
    stations_online: int
    stations_faulted: int
    stations_blocked: int
    connectors_faulted: int
    charging: int
    power_w: float
    energy_wh: float


class FleetHistoryAnswer(BaseModel):
    """The fleet from `since` to before `until`, a point for each `step_s` seconds in which it was counted."""

    since: str
    until: str
    step_s: int
    points: list[FleetPointAnswer]


def build_history_router(parts: ApiParts) -> ApiRouter:
    """The routes of what has been."""
    router = ApiRouter()

    @router.get(
        "/stations/{station_id}/connector-states",
        dependencies=[READER],
        response_model=list[ConnectorStateAnswer],
    )
    async def connector_states(
        *,
        request: Request,
        station_id: str,
        page: PageWanted,
        evse_id: Number = None,
        connector_id: Number = None,
        since: Since = None,
        until: Until = None,
    ) -> Response:
        """The states that a station's connectors were in, newest first, each with how long it lasted.

        Of one EVSE or connector; `since` and `until` give those that lasted into the time between. EVSE 0 is
        the station itself. The newest 5,000 of each station are kept.
        """
        known = await known_station(parts, station_id)
        wanted = ConnectorStatesWanted(known, evse_id, connector_id, since, until)
        found = await parts.history.connector_states(wanted, page.limit + 1, page.number)
        listed = cut(found, lambda each: str(each.number), page, None)
        return list_response(request, listed.shown_as(lambda each: connector_state(each).model_dump()))

    @router.get("/fleet/history", dependencies=[READER], response_model=FleetHistoryAnswer)
    async def fleet_history(
        since: Since = None,
        until: Until = None,
        step: Annotated[int | None, Query(ge=STEPS_S[0], le=STEPS_S[-1], multiple_of=STEPS_S[0])] = None,
    ) -> Response:
        """All stations in numbers, oldest first: the last day, unless `since` and `until` say otherwise.

        They are counted once a minute and kept for a year; a minute in which no server ran is missing. `step`
        is in seconds; without it, the finest that gives at most 1,500 points.
        """
        span = _span(since, until, parts.clock.now())
        chosen = _step(span, step)
        points = await parts.history.fleet(*span, timedelta(seconds=chosen))
        answer = FleetHistoryAnswer(
            since=instant_text(span[0]) or "",
            until=instant_text(span[1]) or "",
            step_s=chosen,
            points=[fleet_point(each) for each in points],
        )
        return json_response(answer.model_dump())

    return router


def _span(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """What is asked for, as far as anything can be there."""
    end = min(until or now, now)
    begin = max(since or end - DAY, now - FLEET_KEPT_FOR)
    return min(begin, end), end


def _step(span: tuple[datetime, datetime], wanted: int | None) -> int:
    """Seconds. Raises Problem 422: so many points are told to nobody."""
    finest = next(each for each in STEPS_S if _points(span, each) <= MOST_POINTS)
    if wanted is None:
        return finest
    if _points(span, wanted) > MOST_POINTS:
        words = Phrase(
            f"un pas de {wanted} s donne plus de {MOST_POINTS} points",
            f"a step of {wanted} s gives more than {MOST_POINTS} points",
        )
        raise Problem(422, "step_too_fine", words, LEAVE_STEP.filled({"step": finest}))
    return wanted


def _points(span: tuple[datetime, datetime], step_s: int) -> int:
    """At most: the first one may have begun before."""
    return (span[1] - span[0]) // timedelta(seconds=step_s) + 2


def fleet_point(point: FleetPoint) -> FleetPointAnswer:
    """A point, as it is told."""
    worst = point.worst
    return FleetPointAnswer(
        at=instant_text(worst.minute) or "",
        minutes=point.minutes,
        stations_known=worst.stations_known,
        stations_online=worst.stations_online,
        stations_faulted=worst.stations_faulted,
        stations_blocked=worst.stations_blocked,
        connectors_faulted=worst.connectors_faulted,
        charging=worst.charging,
        power_w=worst.power_w,
        energy_wh=worst.energy_wh,
    )


def connector_state(record: ConnectorStateRecord) -> ConnectorStateAnswer:
    """A state, as it is told."""
    return ConnectorStateAnswer(
        number=record.number,
        evse_id=record.evse_id,
        connector_id=record.connector_id,
        status=record.status.value,
        reported=record.reported,
        error_code=record.error_code,
        info=record.info,
        vendor_error_code=record.vendor_error_code,
        at=instant_text(record.at),
        received_at=instant_text(record.received_at) or "",
        until=instant_text(record.until),
        seconds=record.seconds,
    )
