"""/transactions: what was charged, and the metered values of each."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query

from csms.api.needs import ApiParts
from csms.api.roles import Anyone, sees_tokens, shown
from csms.api.stations import resolved
from csms.api.views import sample_json, transaction_json
from csms.domain.records import TransactionRecord
from ocppj.vocabulary import StationId
from runtime.http import Problem


def build_transactions_router(parts: ApiParts) -> APIRouter:
    """The routes of transactions."""
    router = APIRouter()
    records = parts.records

    @router.get("/transactions")
    async def transactions(
        who: Anyone,
        station: str | None = None,
        id_token: str | None = None,
        is_open: Annotated[bool | None, Query(alias="open")] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> list[dict[str, Any]]:
        """Transactions, newest first; of one station, of one id token, open or ended."""
        if id_token is not None and not sees_tokens(who.role):
            raise Problem(
                403,
                "role_required",
                f"{who.name} is {who.role}, and may not ask who charged",
                "Leave id_token away, or ask a manager.",
            )
        found = await records.transactions(
            station_id=_station(parts, station), id_token=id_token, is_open=is_open, limit=limit
        )
        return list(shown(who, [transaction_json(each) for each in found]))

    @router.get("/transactions/{transaction_id}")
    async def transaction(
        who: Anyone,
        transaction_id: str,
        station: str | None = None,
        samples: Annotated[int, Query(ge=0, le=10_000)] = 1000,
    ) -> dict[str, Any]:
        """One transaction with its metered values; `station` where two stations use the same id."""
        found = await records.transactions(
            station_id=_station(parts, station), transaction_id=transaction_id, limit=2
        )
        one = _only(found, transaction_id)
        values = await records.samples(one.station_id, transaction_id, samples) if samples else ()
        told = transaction_json(one) | {"samples": [sample_json(each) for each in values]}
        return dict(shown(who, told))

    return router


def _station(parts: ApiParts, station: str | None) -> StationId | None:
    return resolved(parts, station) if station is not None else None


def _only(found: Sequence[TransactionRecord], transaction_id: str) -> TransactionRecord:
    if not found:
        way_out = "See GET /api/v1/transactions."
        raise Problem(404, "transaction_unknown", f"There is no transaction {transaction_id}", way_out)
    if len(found) > 1:
        detail = f"Several stations have a transaction {transaction_id}"
        raise Problem(409, "transaction_ambiguous", detail, "Add ?station=<station id>.")
    return found[0]
