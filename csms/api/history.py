"""What has been: the states that a station's connectors were in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from csms.api.kept import number_after
from csms.api.needs import ApiParts
from csms.api.roles import ANYONE
from csms.api.stations import known_station
from csms.domain.history import ConnectorStateRecord, ConnectorStatesWanted
from runtime.paging import PageWanted, cut, list_response
from runtime.texts import instant_text

GREATEST = 2**63 - 1
"""What a database can count to."""
Number = Annotated[int | None, Query(ge=0, le=GREATEST)]
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


def build_history_router(parts: ApiParts) -> APIRouter:
    """The routes of what has been."""
    router = APIRouter()

    @router.get(
        "/stations/{station_id}/connector-states",
        dependencies=[ANYONE],
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
        found = await parts.history.connector_states(wanted, page.limit + 1, number_after(page))
        listed = cut(found, lambda each: str(each.number), page, None)
        return list_response(request, listed.shown_as(lambda each: connector_state(each).model_dump()))

    return router


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
