"""/leases: a station of the bench that somebody has to themselves for a while."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field, field_validator

from access.actions import Permission, may, scope_of
from access.guard import checked
from access.principals import Principal
from csms.api.lease_rules import (
    SEE_BENCH,
    lease_held,
    lease_of_another,
    lease_over,
    lease_unknown,
)
from csms.api.lease_views import LeaseView, lease_view
from csms.api.ports import ApiParts
from csms.api.roles import BenchClerk, BenchUser, Lister, Reader
from csms.api.stations import known_station, resolved, unknown
from csms.central.leases import NoStationFree
from csms.domain.leases import (
    LONGEST_LEASE_S,
    LONGEST_PURPOSE,
    LONGEST_TAG,
    LONGEST_WAIT_S,
    SHORTEST_LEASE_S,
    TAG_PATTERN,
    TAGS_MOST,
    USUAL_LEASE_S,
    BenchWanted,
    Lease,
    LeasesWanted,
    LeaseWish,
)
from csms.rules.leases import LeaseOver
from csms.storage.leases import STATIONS_MOST
from ocppj.vocabulary import StationId
from runtime.bodies import Body, FieldsRefused, WrongField
from runtime.http import Problem
from runtime.paging import PageWanted, cut, list_response, moment_text
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

BASELINE_WITHIN_S = 20.0
"""How long an answer waits for the station's configuration to be read."""
Tag = Annotated[str, Field(pattern=TAG_PATTERN, max_length=LONGEST_TAG)]
REASON_WANTED = Phrase(
    "dites pourquoi : une autre personne a cette borne", "say why: somebody else has this station"
)
ONE_OF_BOTH = Phrase(
    "nommez une borne, ou les étiquettes qu'elle doit avoir", "name a station, or the tags that it shall have"
)
TAG_THEM = WayOut(
    "Donnez ces étiquettes à une borne du banc, ou demandez-en moins.",
    "Give a station of the bench these tags, or ask for fewer.",
    "/bench",
    "ctl lease tag ID TAG",
    "PUT /api/v1/stations/{id}/tags",
)


class LeaseBody(Body):
    """What somebody wants: a station by name, or any with all of these tags."""

    station: str | None = Field(default=None, min_length=1, max_length=64)
    tags: list[Tag] = Field(default_factory=list, max_length=TAGS_MOST)
    purpose: str = Field(min_length=1, max_length=LONGEST_PURPOSE)
    lasts_s: int = Field(default=USUAL_LEASE_S, ge=SHORTEST_LEASE_S, le=LONGEST_LEASE_S)
    wait_s: float = Field(default=0.0, ge=0, le=LONGEST_WAIT_S, allow_inf_nan=False)

    @field_validator("purpose")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        return " ".join(value.split())


def build_leases_router(parts: ApiParts) -> ApiRouter:
    """The routes of leases."""
    router = ApiRouter()

    @router.get("/leases", response_model=list[LeaseView])
    async def leases(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        station: str | None = None,
        is_open: Annotated[bool | None, Query(alias="open")] = None,
    ) -> Response:
        """Leases, latest first; of one station, open or over."""
        known = resolved(parts, station) if station is not None else None
        wanted = LeasesWanted(known, is_open, scope_of(who, Permission.READ))
        found = await parts.leases.find(wanted, page.limit + 1, page.moment)
        listed = cut(found, lambda each: moment_text(each.since, each.lease_id), page, None)
        return list_response(request, listed.shown_as(lease_view))

    @router.post("/leases", status_code=201, response_model=LeaseView)
    async def begin(body: LeaseBody, who: BenchClerk) -> LeaseView:
        """Have a station to oneself: one by its name, or any connected one that has all of the `tags`.

        `wait_s`: how long to wait for one that is free. The answer comes once the station's configuration was
        read, which is set back when the lease is over; `lasts_s` after the last renewal the server ends it.
        """
        return await begin_wished(parts, body, who)

    @router.get("/leases/{lease_id}", response_model=LeaseView)
    async def lease(lease_id: str, who: Reader) -> LeaseView:  # noqa: ARG001 - asked
        """One lease; of one that is over, what was set back."""
        return lease_view(await _one(parts, lease_id))

    @router.post("/leases/{lease_id}/renewal", response_model=LeaseView)
    async def renew(lease_id: str, who: BenchUser) -> LeaseView:
        """It lasts as long again from now on. Only who has the station can."""
        return await renew_theirs(parts, lease_id, who)

    @router.delete("/leases/{lease_id}", response_model=LeaseView)
    async def end(
        lease_id: str, who: BenchUser, reason: Annotated[str | None, Query(max_length=LONGEST_PURPOSE)] = None
    ) -> LeaseView:
        """Give the station back; an administrator takes it away from another, with a `reason`."""
        return lease_view(await end_lease(parts, lease_id, who, reason))

    return router


async def begin_wished(parts: ApiParts, body: LeaseBody, who: Principal) -> LeaseView:
    """A lease as somebody wishes, once the station's configuration was read. Raises Problem 404, 409, 422."""
    if (body.station is None) == (not body.tags):
        raise FieldsRefused(WrongField("body.station", ONE_OF_BOTH))
    lease = await _begun(parts, body, who)
    if await parts.presence.link(lease.station_id) is not None:
        lease = await parts.leases.until_known(lease, BASELINE_WITHIN_S)
    return lease_view(lease)


async def renew_theirs(parts: ApiParts, lease_id: str, who: Principal) -> LeaseView:
    """Somebody's own lease lasts as long again. Raises Problem 403, 404, 409."""
    one = await _one(parts, lease_id)
    if one.holder != who.name:
        raise lease_of_another(one)
    try:
        return lease_view(await parts.leases.renew(lease_id))
    except LeaseOver as over:
        raise lease_over(over.lease) from None


async def end_lease(parts: ApiParts, lease_id: str, who: Principal, reason: str | None) -> Lease:
    """End a lease: one's own, or as an administrator another's. Raises Problem 403, 404, 409, 422."""
    one = await _one(parts, lease_id)
    is_theirs = one.holder == who.name and one.end is None
    try:
        if is_theirs:
            return await parts.leases.give_back(lease_id, who.name)
        if not may(who, Permission.CLEAR_BENCH, parts.owners.of_station(one.station_id)):
            raise lease_of_another(one) if one.is_open else lease_over(one)
        if not (reason or "").strip():
            raise FieldsRefused(WrongField("query.reason", REASON_WANTED))
        return await parts.leases.revoke(lease_id, who.name, " ".join((reason or "").split()))
    except LeaseOver as over:
        raise lease_over(over.lease) from None


async def _one(parts: ApiParts, lease_id: str) -> Lease:
    found = await parts.leases.one(lease_id)
    if found is None:
        raise lease_unknown(lease_id)
    return found


async def _begun(parts: ApiParts, body: LeaseBody, who: Principal) -> Lease:
    """The lease of the first station that is free, as soon as one is. Raises Problem 404, 409."""
    wish = LeaseWish(
        holder=who.name, purpose=body.purpose, lasts_s=body.lasts_s, tags=tuple(sorted(set(body.tags)))
    )
    until = parts.clock.monotonic() + body.wait_s
    with parts.leases.waiting_room() as room:
        while True:
            try:
                return await parts.leases.begin(await _candidates(parts, body, who), wish)
            except NoStationFree as problem:
                if room.is_full or not await room.until_news(until):
                    raise _none_free(wish, problem) from None


async def _candidates(parts: ApiParts, body: LeaseBody, who: Principal) -> Sequence[StationId]:
    """The stations that would do: the named one, or the connected ones with these tags."""
    if body.station is not None:
        known = await known_station(parts, body.station)
        typed = body.station
        checked(who, Permission.USE_BENCH, parts.owners.of_station(known), lambda: unknown(typed))
        return [known]
    wanted = BenchWanted(tuple(body.tags), scope_of(who, Permission.USE_BENCH))
    found = [each.station_id for each in await parts.leases.bench(wanted, STATIONS_MOST)]
    links = await parts.presence.links(found)
    return [each for each in found if each in links]


def _none_free(wish: LeaseWish, problem: NoStationFree) -> Problem:
    if len(problem.held) == 1:
        return lease_held(problem.held[0])
    if problem.held:
        holders = ", ".join(f"{each.station_id}: {each.holder}" for each in problem.held[:5])
        text = Phrase(
            f"Les {len(problem.held)} bornes qui conviennent sont prises ({holders})",
            f"All {len(problem.held)} stations that fit are somebody's ({holders})",
        )
        return Problem(409, "no_station_free", text, SEE_BENCH, held=_held(problem))
    tags = ", ".join(wish.tags)
    text = Phrase(
        f"Aucune borne connectée n'a toutes ces étiquettes : {tags}",
        f"No connected station has all of these tags: {tags}",
    )
    return Problem(409, "no_station_fits", text, TAG_THEM)


def _held(problem: NoStationFree) -> list[dict[str, str]]:
    views = [lease_view(each) for each in problem.held[:20]]
    return [
        {"station_id": each.station_id, "holder": each.holder, "since": each.since, "until": each.expires_at}
        for each in views
    ]
