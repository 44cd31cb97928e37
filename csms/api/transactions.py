"""/transactions: what was charged, and the metered values of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from csms.api.needs import ApiParts
from csms.api.roles import Anyone, sees_tokens, shown
from csms.api.stations import resolved
from csms.api.views import sample_json, transaction_json
from csms.domain.records import TransactionRecord, TransactionsWanted
from ocppj.vocabulary import StationId
from runtime.http import Problem
from runtime.paging import Page, PageWanted, bad_after, cut, list_response, moment_text

LONGEST_NUMBER = 19


def build_transactions_router(parts: ApiParts) -> APIRouter:
    """The routes of transactions."""
    router = APIRouter()
    records = parts.records

    @router.get("/transactions", response_model=list[dict[str, Any]])
    async def transactions(
        *,
        who: Anyone,
        request: Request,
        page: PageWanted,
        station: str | None = None,
        id_token: str | None = None,
        is_open: Annotated[bool | None, Query(alias="open")] = None,
    ) -> Response:
        """Transactions, newest first; of one station, of one id token, open or ended."""
        if id_token is not None and not sees_tokens(who.role):
            raise Problem(
                403,
                "role_required",
                f"{who.name} is {who.role}, and may not ask who charged",
                "Leave id_token away, or ask a manager.",
            )
        wanted = TransactionsWanted(station_id=_station(parts, station), id_token=id_token, is_open=is_open)
        found = await records.transactions(wanted, page.limit + 1, _place(page))
        listed = cut(
            found,
            lambda each: moment_text(each.started_at, each.transaction_no),
            page,
            await records.count_transactions(wanted),
        )
        return list_response(request, listed.shown_as(lambda each: shown(who, transaction_json(each))))

    @router.get("/transactions/{transaction_id}")
    async def transaction(
        who: Anyone,
        transaction_id: str,
        station: str | None = None,
        samples: Annotated[int, Query(ge=0, le=10_000)] = 1000,
    ) -> dict[str, Any]:
        """One transaction with its metered values; `station` where two stations use the same id."""
        wanted = TransactionsWanted(station_id=_station(parts, station), transaction_id=transaction_id)
        found = await records.transactions(wanted, limit=2)
        one = _only(found, transaction_id)
        values = await records.samples(one.station_id, transaction_id, samples) if samples else ()
        told = transaction_json(one) | {"samples": [sample_json(each) for each in values]}
        return dict(shown(who, told))

    return router


def _station(parts: ApiParts, station: str | None) -> StationId | None:
    return resolved(parts, station) if station is not None else None


def _place(page: Page) -> tuple[datetime, int] | None:
    """Where the list goes on. Raises Problem 422."""
    if page.moment is None:
        return None
    at, number = page.moment
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER):
        raise bad_after(str(page.after))
    return at, int(number)


def _only(found: Sequence[TransactionRecord], transaction_id: str) -> TransactionRecord:
    if not found:
        way_out = "See GET /api/v1/transactions."
        raise Problem(404, "transaction_unknown", f"There is no transaction {transaction_id}", way_out)
    if len(found) > 1:
        detail = f"Several stations have a transaction {transaction_id}"
        raise Problem(409, "transaction_ambiguous", detail, "Add ?station=<station id>.")
    return found[0]
