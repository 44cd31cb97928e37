"""/bench: the stations that can be leased, who has which, and what their tags are."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field

from access.actions import Permission, scope_of
from csms.api.lease_views import BenchStationView, TagsView, bench_station_view
from csms.api.leases import Tag
from csms.api.ports import ApiParts
from csms.api.roles import BenchUser, Lister
from csms.api.stations import known_station
from csms.domain.leases import TAGS_MOST, BenchWanted
from ocppj.vocabulary import StationId
from runtime.bodies import Body
from runtime.paging import PageWanted, cut, list_response
from runtime.routers import ApiRouter


class TagsBody(Body):
    """The tags that a station is to have, and no other."""

    tags: list[Tag] = Field(max_length=TAGS_MOST)


def build_bench_router(parts: ApiParts) -> ApiRouter:
    """The routes of the bench."""
    router = ApiRouter()

    @router.get("/bench", response_model=list[BenchStationView])
    async def bench(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        tag: Annotated[list[Tag] | None, Query(max_length=TAGS_MOST)] = None,
    ) -> Response:
        """The stations of the bench, by id: those that have a tag, and those that somebody has.

        `tag`, once or more: only those that have all of these.
        """
        wanted = BenchWanted(tuple(tag or ()), scope_of(who, Permission.READ))
        after = StationId(page.after) if page.after is not None else None
        found = await parts.leases.bench(wanted, page.limit + 1, after)
        listed = cut(found, lambda each: each.station_id, page, None)
        links = await parts.presence.links([each.station_id for each in listed.rows])
        shown = listed.shown_as(lambda each: bench_station_view(each, links.get(each.station_id)))
        return list_response(request, shown)

    @router.put("/stations/{station_id}/tags", response_model=TagsView)
    async def set_tags(station_id: str, body: TagsBody, who: BenchUser) -> TagsView:
        """Say what a station of the bench is; one without a tag is none of it."""
        known = await known_station(parts, station_id)
        return TagsView(station_id=known, tags=list(await parts.leases.set_tags(known, body.tags, who.name)))

    return router
