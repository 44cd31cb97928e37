"""/charging-profiles and /charging-limits: what stations hold, and what others than this server limit."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response

from access.actions import Permission, scope_of
from csms.api.ports import ApiParts
from csms.api.profile_views import (
    ChargingLimitView,
    ChargingProfileView,
    ExceededLimitView,
    exceeded_view,
    limit_view,
    profile_view,
)
from csms.api.roles import Lister
from csms.api.stations import resolved
from csms.domain.charging_profiles import LimitPlace, LimitsWanted, ProfilesWanted
from csms.rules.charging_rows import ChargingLimitRow
from ocppj.vocabulary import StationId
from runtime.paging import PageWanted, bad_after, cut, list_response, moment_from, moment_text
from runtime.routers import ApiRouter

LONGEST_NUMBER = 18
"""Digits that a database can count to."""
IsOpen = Annotated[bool | None, Query(alias="open")]


def build_profiles_router(parts: ApiParts) -> ApiRouter:
    """Lists; what changes them are commands."""
    router = ApiRouter()

    def known(station: str | None) -> StationId | None:
        return resolved(parts, station) if station is not None else None

    @router.get("/charging-profiles", response_model=list[ChargingProfileView])
    async def charging_profiles(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        station: str | None = None,
        is_open: IsOpen = None,
    ) -> Response:
        """Charging profiles, latest first: what stations were asked to hold and what they reported; of one
        station, those that it may hold now (`open`) or no longer.
        """
        wanted = ProfilesWanted(known(station), is_open, scope_of(who, Permission.READ))
        found = await parts.records.charging_profiles(wanted, page.limit + 1, page.moment)
        listed = cut(found, lambda each: moment_text(each.asked_at, each.entry_id), page, None)
        return list_response(request, listed.shown_as(profile_view))

    @router.get("/charging-limits", response_model=list[ChargingLimitView])
    async def charging_limits(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        station: str | None = None,
        is_open: IsOpen = None,
    ) -> Response:
        """Limits that others than this server have set, told last first: the last of each source and EVSE; of
        one station, those that hold (`open`) or were given up.
        """
        wanted = LimitsWanted(known(station), is_open, scope_of(who, Permission.READ))
        after = _place(page.after) if page.after is not None else None
        found = await parts.records.charging_limits(wanted, page.limit + 1, after)
        return list_response(request, cut(found, _place_text, page, None).shown_as(limit_view))

    @router.get("/exceeded-limits", response_model=list[ExceededLimitView])
    async def exceeded_limits(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        station: str | None = None,
        is_open: IsOpen = None,
    ) -> Response:
        """Stations that take more than they may, or did, latest first: of each EVSE the last."""
        wanted = LimitsWanted(known(station), is_open, scope_of(who, Permission.READ))
        after = _exceeded_place(page.after) if page.after is not None else None
        found = await parts.records.exceeded_limits(wanted, page.limit + 1, after)
        listed = cut(
            found, lambda each: moment_text(each.since, f"{each.evse_id}/{each.station_id}"), page, None
        )
        return list_response(request, listed.shown_as(exceeded_view))

    return router


def _exceeded_place(text: str) -> tuple[datetime, str, int]:
    """Where a list of exceeded limits goes on. Raises Problem 422."""
    at, station_id, evse_id, _ = _place(f"{text}/…")
    return at, station_id, evse_id


def _place_text(row: ChargingLimitRow) -> str:
    return moment_text(row.reported_at, f"{row.evse_id}/{row.station_id}/{row.source}")


def _place(text: str) -> LimitPlace:
    """Where a list of limits goes on. Raises Problem 422."""
    at, name = moment_from(text)
    evse_id, _, rest = name.partition("/")
    station_id, _, source = rest.partition("/")
    if not (evse_id.isdecimal() and evse_id.isascii()) or len(evse_id) > LONGEST_NUMBER or not source:
        raise bad_after(text)
    return at, station_id, int(evse_id), source
