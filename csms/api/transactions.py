"""/transactions: what was charged, and the metered values of each."""

from typing import Annotated

from fastapi import Query, Request, Response
from msgspec.structs import asdict

from access.actions import Permission, may_wherever, scope_of
from access.guard import roles_for
from access.principals import Principal
from csms.api.ports import ApiParts
from csms.api.roles import Lister, Reader, shown
from csms.api.stations import resolved
from csms.api.transaction_views import (
    SampledTransactionAnswer,
    TransactionAnswer,
    WholeTransactionAnswer,
    attachment_view,
    review_view,
    sample_view,
    transaction_view,
)
from csms.domain.records import TransactionRecord, TransactionsWanted
from csms.domain.reviews import Review
from ocppj.vocabulary import StationId
from runtime.http import Problem
from runtime.paging import PageWanted, cut, json_response, list_response, moment_text
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

LISTED_NUMBERS = 10
NAME_THE_STATION = WayOut(
    "Dites de quelle borne : `station`.",
    "Say of which station: `station`.",
    command="ctl get /transactions/{number}'?'station=ID",
    route="GET /api/v1/transactions/{number}?station=ID",
)
NAME_THE_NUMBER = WayOut(
    "Dites laquelle : `number`.",
    "Say which one: `number`.",
    command="ctl get /transactions/{number}'?'station={id}'&'number=NUMBER",
    route="GET /api/v1/transactions/{number}?station={id}&number=NUMBER",
)


def build_transactions_router(parts: ApiParts) -> ApiRouter:
    """The routes of transactions."""
    router = ApiRouter()
    records = parts.records

    @router.get("/transactions", response_model=list[TransactionAnswer])
    async def transactions(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        station: str | None = None,
        id_token: str | None = None,
        is_open: Annotated[bool | None, Query(alias="open")] = None,
        review: Review | None = None,
    ) -> Response:
        """Transactions, newest first; of one station, of one id token, open or ended; `review=held` are those
        that wait for a person.
        """
        if id_token is not None and not may_wherever(who, Permission.READ_ID_TOKENS):
            raise may_not_request(who)
        wanted = TransactionsWanted(
            station_id=_station(parts, station),
            id_token=id_token,
            is_open=is_open,
            review=review,
            scope=scope_of(who, Permission.READ),
        )
        found = await records.transactions(wanted, page.limit + 1, page.numbered_moment)
        listed = cut(
            found,
            lambda each: moment_text(each.started_at, each.transaction_no),
            page,
            await records.count_transactions(wanted),
        )
        return list_response(request, listed.shown_as(lambda each: shown(who, transaction_view(each))))

    @router.get("/transactions/{transaction_id}")
    async def transaction(
        who: Reader,
        transaction_id: str,
        station: str | None = None,
        number: int | None = None,
        samples: Annotated[int, Query(ge=0, le=10_000)] = 1000,
    ) -> Response:
        """One transaction with its metered values, what was decided about it, and what is kept as it came;
        `station` where two stations use the same id, `number` where one has used it twice.
        """
        one = await find_one(parts, who, station, transaction_id, number)
        values = await records.samples(one.transaction_no, samples) if samples else ()
        whole = await whole_transaction(parts, one, who)
        told = SampledTransactionAnswer(**asdict(whole), samples=tuple(map(sample_view, values)))
        return json_response(shown(who, told))

    return router


def may_not_request(who: Principal) -> Problem:
    """A list of one driver, for who does not see drivers."""
    text = Phrase(
        f"{who.name} a le rôle {who.role} et ne peut pas demander qui a rechargé",
        f"{who.name} is {who.role}, and may not ask who charged",
    )
    names = roles_for(Permission.READ_ID_TOKENS)
    way_out = WayOut(
        f"Enlevez `id_token`, ou demandez à quelqu'un qui a le rôle {names.fr}.",
        f"Leave `id_token` away, or ask somebody with the role {names.en}.",
    )
    return Problem(403, "role_required", text, way_out)


async def whole_transaction(
    parts: ApiParts, one: TransactionRecord, who: Principal
) -> WholeTransactionAnswer:
    """A transaction with all that belongs to it but its samples. What is kept as it came may name the driver:
    only who sees tokens gets it.
    """
    reviews = await parts.records.reviews(one.transaction_no)
    sees_all = may_wherever(who, Permission.READ_ID_TOKENS)
    attachments = await parts.records.attachments(one.transaction_no) if sees_all else ()
    return WholeTransactionAnswer(
        **asdict(transaction_view(one)),
        reviews=tuple(map(review_view, reviews)),
        attachments=tuple(map(attachment_view, attachments)),
    )


async def find_one(
    parts: ApiParts, who: Principal, station: str | None, transaction_id: str, number: int | None = None
) -> TransactionRecord:
    """The transaction of this id, of those that `who` may read. Raises Problem: there is none, several
    stations have one, or one has several, and `number` does not say which.
    """
    wanted = TransactionsWanted(
        station_id=_station(parts, station),
        transaction_id=transaction_id,
        number=number,
        scope=scope_of(who, Permission.READ),
    )
    found = await parts.records.transactions(wanted, limit=LISTED_NUMBERS)
    if not found:
        raise transaction_unknown(transaction_id)
    if len({each.station_id for each in found}) > 1:
        text = Phrase(
            f"Plusieurs bornes ont une transaction {transaction_id}",
            f"Several stations have a transaction {transaction_id}",
        )
        raise Problem(409, "transaction_ambiguous", text, NAME_THE_STATION.filled({"number": transaction_id}))
    if len(found) > 1:
        numbers, name = ", ".join(str(each.transaction_no) for each in found), found[0].station_id
        text = Phrase(
            f"{name} a réutilisé l'identifiant {transaction_id} : numéros {numbers}",
            f"{name} has used the id {transaction_id} again: numbers {numbers}",
        )
        raise Problem(
            409, "transaction_ambiguous", text, NAME_THE_NUMBER.filled({"number": transaction_id}).at(name)
        )
    return found[0]


def transaction_unknown(transaction_id: str) -> Problem:
    """There is none of this id."""
    text = Phrase(
        f"Il n'y a pas de transaction {transaction_id}", f"There is no transaction {transaction_id}"
    )
    way_out = WayOut(
        "Voyez celles qui existent.",
        "Look at those that exist.",
        "",
        "ctl get /transactions",
        "GET /api/v1/transactions",
    )
    return Problem(404, "transaction_unknown", text, way_out)


def _station(parts: ApiParts, station: str | None) -> StationId | None:
    return resolved(parts, station) if station is not None else None
