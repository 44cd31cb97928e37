"""/stations, one station with its connectors and variables, and the connections that failed."""

import contextlib
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from access.actions import Permission, may, scope_of
from access.guard import checked
from access.principals import Principal
from csms.api.inventory_views import (
    ConnectorAnswer,
    VariableAnswer,
    attempt_view,
    connector_view,
    variable_view,
)
from csms.api.ports import ApiParts
from csms.api.roles import ATTEMPT_READER, READER, Founder, Lister, Reader, shown
from csms.api.views import StationAnswer, StationViews
from csms.domain.audit import Change
from csms.domain.records import ConnectorRecord, StationRecord, UnknownPolicy, variable_key
from csms.domain.station_lists import StationsWanted
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from runtime.audit import Act
from runtime.bodies import Body, FieldsRefused, WrongField
from runtime.http import Problem
from runtime.near import guess
from runtime.paging import (
    MOST_LIMIT,
    Listed,
    Page,
    PageWanted,
    bad_after,
    cut,
    json_response,
    list_response,
    page_of,
    part_of,
)
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

LONGEST_IDENTITY = 64
LONGEST_SEARCH = 100
IDENTITY_PATTERN = r"^[A-Za-z0-9*\-_=:+|@.]+$"


class NewStation(Body):
    """A station to be."""

    station_id: str = Field(min_length=1, max_length=LONGEST_IDENTITY, pattern=IDENTITY_PATTERN)
    admission: UnknownPolicy = "accept"
    """`accept`: no lifecycle; `quarantine`: let it wait; `reject`: answer Rejected; `refuse`: 401."""
    quiet: bool = False
    """Under test: only what somebody asks for is sent to it."""


Word = Annotated[str | None, Query(max_length=LONGEST_SEARCH)]


NO_STATE = Phrase("cet état n'existe pas; {guess}", "there is no such state; {guess}")


def _filter(parts: ApiParts) -> Callable[..., Awaitable[StationsWanted]]:
    """Which stations a query asks for: what leads stations says which states there are, and whose sites."""
    states = parts.details.lifecycles

    async def filtered(
        *,
        who: Lister,
        q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
        online: bool | None = None,
        lifecycle: Annotated[Word, Query(json_schema_extra={"enum": [*states]})] = None,
        site: Annotated[Word, Query(description="The id of a site.")] = None,
        blocked: Annotated[bool | None, Query(description="Whether anything is in the way of it.")] = None,
    ) -> StationsWanted:
        if lifecycle is not None and lifecycle not in states:
            rule = NO_STATE.filled({"guess": guess(lifecycle, states)})
            raise FieldsRefused(WrongField("query.lifecycle", rule))
        if site is not None:
            of_site = parts.owners.of_site(site)
            if of_site is None or not may(who, Permission.READ, of_site):
                raise _no_site(site)
        return StationsWanted(q, online, lifecycle, site, blocked)

    return filtered


def _no_site(site_id: str) -> Problem:
    text = Phrase(f"Il n'y a pas de site {site_id}", f"There is no site {site_id}")
    way_out = WayOut(
        "Voyez ceux qui existent.", "Look at those that exist.", "", "ctl get /sites", "GET /api/v1/sites"
    )
    return Problem(404, "site_unknown", text, way_out)


LOOK_AT_STATIONS = WayOut(
    "Voyez les bornes connues.",
    "Look at the stations that are known.",
    "/stations",
    "ctl stations",
    "GET /api/v1/stations",
)


def resolved(parts: ApiParts, text: str) -> StationId:
    """The station that a path means, in any spelling the resolver knows. Raises Problem 404."""
    try:
        return parts.resolver.resolve(text)
    except IdentityRefused as refused:
        near = ", ".join(refused.nearest)
        way_out = WayOut(f"Vouliez-vous dire {near}?", f"Did you mean {near}?") if near else LOOK_AT_STATIONS
        raise Problem(
            404,
            "station_unknown",
            Phrase(
                f"Aucune borne ne s'appelle « {text} ».", f"No station is named {text!r}: {refused.reason}"
            ),
            way_out,
            nearest=list(refused.nearest),
        ) from None


async def known_station(parts: ApiParts, text: str) -> StationId:
    """The same, and it must have been seen, stored or ordered. Raises Problem 404."""
    station_id = resolved(parts, text)
    is_live = await parts.presence.link(station_id) is not None
    if is_live or parts.details.details(station_id).lifecycle:
        return station_id
    if await parts.records.station(station_id) is None:
        raise unknown(text)
    return station_id


def may_request(parts: ApiParts, text: str, who: Principal, action: Permission) -> Principal:
    """Who they are at the station that a text means, if they may. Raises Problem 403, 404."""
    resource = parts.owners.of_station(resolved(parts, text))
    return checked(who, action, resource, lambda: unknown(text))


def unknown(typed: str) -> Problem:
    """Nobody has seen this station. Told in the words that were typed: else it would be told which of another
    organisation's stations a serial is.
    """
    text = Phrase(f"La borne {typed} n'a jamais été vue ici", f"Station {typed} was never seen here")
    way_out = WayOut(
        "Voyez les bornes connues et les échecs de connexion.",
        "Look at the stations that are known, and at the failed connections.",
        "/attempts",
        "ctl attempts",
        "GET /api/v1/connection-attempts",
    )
    return Problem(404, "station_unknown", text, way_out)


def _exists(typed: str) -> Problem:
    text = Phrase(f"La borne {typed} existe déjà", f"Station {typed} exists already")
    way_out = WayOut(
        "Regardez-la, ou choisissez un autre identifiant.",
        "Look at it, or choose another id.",
        "/stations/{id}",
        "ctl station {id}",
        "GET /api/v1/stations/{id}",
    )
    return Problem(409, "station_exists", text, way_out.at(typed))


def build_stations_router(parts: ApiParts) -> ApiRouter:
    """The routes of stations as such."""
    router = ApiRouter()
    _add_stations(router, parts)
    _add_attempts(router, parts)
    _add_inventory(router, parts)
    return router


def _add_stations(router: ApiRouter, parts: ApiParts) -> None:
    views = StationViews(parts)
    filtered = _filter(parts)

    @router.get("/stations", response_model=list[StationAnswer])
    async def stations(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        wanted: Annotated[StationsWanted, Depends(filtered)],
        station: Annotated[list[str] | None, Query(max_length=MOST_LIMIT)] = None,
    ) -> Response:
        """Stations by id: link, version, security, connectors, open transaction, power and energy. `q` finds
        ids, MACs, models, serials, places and sites; `station` asks for some by name, once or more.
        """
        if station is not None:
            named = _known_names(parts, station, who)
            rows = shown(who, await views.stations(named))
            return list_response(request, Listed(rows, len(named), None))
        wanted = replace(wanted, scope=scope_of(who, Permission.READ))
        if wanted.is_blocked is not None:
            wanted = replace(wanted, troubled=tuple(parts.details.troubled()))
        after = _after(page)
        part = await parts.records.list_stations(wanted, page.limit, after=after)
        made = (shown(who, row) async for row in views.rows(part.states))
        fitting = await page_of(made, lambda row: row.station_id, page, is_more=part.is_more)
        return list_response(request, replace(fitting, total=part.total))

    @router.post("/stations", status_code=201)
    async def add(body: NewStation, who: Founder) -> Response:
        """Make a station known before it connects, with the admission chosen for it."""
        station_id = resolved(parts, body.station_id)
        owner = parts.owners.of_station(station_id)
        checked(who, Permission.SET_UP, owner, lambda: _exists(body.station_id))
        record = StationRecord(station_id, admission=body.admission, is_quiet=body.quiet)
        act = Act(station_id, parts.clock.now(), who.name, Change.ADDED.value, body.admission)
        if not await parts.records.add_station(record, act):
            raise _exists(body.station_id)
        added = await views.station(station_id)
        if added is None:
            raise unknown(body.station_id)
        return json_response(added, status=201)

    @router.get("/stations/{station_id}")
    async def station(station_id: str, who: Reader) -> Response:
        """One station, by its id or its MAC in any spelling."""
        station = await views.station(resolved(parts, station_id))
        if station is None:
            raise unknown(station_id)
        return json_response(shown(who, station))


def _add_attempts(router: ApiRouter, parts: ApiParts) -> None:
    @router.get("/connection-attempts", dependencies=[ATTEMPT_READER])
    async def attempts(
        identity: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
    ) -> Response:
        """The last connections that failed, newest first, each with its reason and first bytes."""
        return json_response([attempt_view(each) for each in parts.attempts.latest(identity, limit)])


def _add_inventory(router: ApiRouter, parts: ApiParts) -> None:
    records = parts.records

    @router.get(
        "/stations/{station_id}/connectors", dependencies=[READER], response_model=list[ConnectorAnswer]
    )
    async def connectors(request: Request, station_id: str, page: PageWanted) -> Response:
        """The last status of every connector; EVSE 0 is the station itself."""
        known = await known_station(parts, station_id)
        listed = part_of(await records.connectors(known), _connector_key, page)
        return list_response(request, listed.shown_as(connector_view))

    @router.get(
        "/stations/{station_id}/variables", dependencies=[READER], response_model=list[VariableAnswer]
    )
    async def variables(request: Request, station_id: str, page: PageWanted) -> Response:
        """What the station reported of itself; of 1.6 stations, their configuration keys."""
        known = await known_station(parts, station_id)
        found = await records.variables(known, page.limit + 1, page.after)
        listed = cut(found, lambda each: variable_key(each.ref), page, None)
        return list_response(request, listed.shown_as(variable_view))


def _after(page: Page) -> StationId | None:
    """After which station the list goes on. Raises Problem 422."""
    if page.after is None:
        return None
    if not re.fullmatch(IDENTITY_PATTERN, page.after):
        raise bad_after(page.after)
    return StationId(page.after)


def _known_names(parts: ApiParts, names: Iterable[str], who: Principal) -> list[StationId]:
    """Each station once; what names none is left out, and what they may not see."""
    found: dict[StationId, None] = {}
    for name in names:
        with contextlib.suppress(IdentityRefused):
            found[parts.resolver.resolve(name)] = None
    scope = scope_of(who, Permission.READ)
    return [each for each in found if scope.covers(parts.owners.of_station(each))]


def _connector_key(record: ConnectorRecord) -> str:
    return f"{record.evse_id:010}.{record.connector_id:010}"
