"""What pages show and do is of one's own organisation: the functions that they have, for one of another."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from access.actions import Permission
from access.principals import Resource, Role, member
from console.views import ConsoleViews
from csms.api.transaction_views import transaction_view
from csms.domain.records import StationRecord, TransactionRecord
from csms.domain.reviews import Review
from ocppj.vocabulary import IdToken, StationId
from runtime.http import Problem
from tests.support.central import A16, AT, opened_central

TRANSACTION = TransactionRecord(
    A16, "t1", 1, 1, IdToken("AB12"), AT, AT + timedelta(hours=1), review=Review.HELD
)
OURS = member("ann", Role.ADMIN, "autre")
THEIRS = member("bob", Role.ADMIN)
TOLD = transaction_view(TRANSACTION)


class Divided:
    """The station belongs to another organisation than the server does."""

    def of_station(self, station_id: StationId) -> Resource:
        """Only that one."""
        return Resource("autre", "port") if station_id == A16 else Resource()

    def of_site(self, site_id: str) -> Resource | None:
        """One."""
        return Resource("autre", "port") if site_id == "port" else None


Use = Callable[[ConsoleViews], Awaitable[Any]]
USES: dict[str, Use] = {}


def use(fn: Use) -> Use:
    """A function that is refused to who is of another organisation."""
    USES[fn.__name__] = fn
    return fn


@use
async def transactions(views: ConsoleViews) -> Any:
    return await views.transactions(A16, THEIRS)


@use
async def reservations(views: ConsoleViews) -> Any:
    return await views.reservations(A16, THEIRS)


@use
async def review(views: ConsoleViews) -> Any:
    return await views.review(THEIRS, TOLD, {"decision": "void", "reason": "x"})


@use
async def frames(views: ConsoleViews) -> Any:
    return await views.frames(A16, THEIRS)


@use
async def send(views: ConsoleViews) -> Any:
    return await views.send(A16, "clear-cache", {}, THEIRS)


@use
async def call(views: ConsoleViews) -> Any:
    return await views.call(A16, "ClearCache", {}, THEIRS)


@pytest.fixture
async def views(tmp_path: Path) -> Any:
    """With a station of another organisation, and a transaction there."""
    async with opened_central(tmp_path) as central:
        central.records.kept[A16] = StationRecord(A16)
        central.records.kept_transactions.append(TRANSACTION)
        central.owners = Divided()
        yield ConsoleViews(central.parts)


@pytest.mark.parametrize("name", USES)
async def test_another_organisations_station_is_not_there(views: ConsoleViews, name: str) -> None:
    """Whatever is asked of it."""
    with pytest.raises(Problem) as refused:
        await USES[name](views)
    assert (refused.value.status, refused.value.code) == (404, "station_unknown")


async def test_its_page_is_that_of_an_unknown_station(views: ConsoleViews) -> None:
    """And its own people see it."""
    assert await views.station(A16, THEIRS) is None
    assert not views.may(THEIRS, A16, Permission.READ)
    found = await views.station(A16, OURS)
    assert found is not None
    assert views.at(OURS, A16).role is Role.ADMIN


async def test_what_belongs_to_the_server_is_not_theirs(views: ConsoleViews) -> None:
    """An administrator of another organisation adopts nothing and sees no failed connection."""
    assert views.attempts(THEIRS) == []
    for refused in (lambda: views.attempts(OURS),):
        with pytest.raises(Problem, match="role_required"):
            refused()
    with pytest.raises(Problem, match="role_required"):
        await views.adopt(A16, OURS)
