"""GET /transactions/{id}/price: what a stored transaction costs, line by line, and why."""

from charging.tariff import ROUNDING, amount_text
from charging.tariff.words import whole_price_text
from csms.api.ports import ApiParts
from csms.api.roles import Reader
from csms.api.transactions import find_one
from csms.domain.bill_views import (
    BillLineAnswer,
    PricedSpanAnswer,
    TaxAmountAnswer,
    line_views,
    span_view,
    tax_views,
)
from csms.domain.records import TransactionRecord
from csms.domain.reviews import Review
from csms.rules.explained import ExplainedPrice
from runtime.http import Problem
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.views import View
from runtime.wording import Phrase, WayOut

SPANS_MOST = 500
"""Of a price that changes often: the rest is in the lines all the same."""
SET_A_TARIFF = WayOut(
    "Une recharge prend le tarif qui vaut à son début : donnez-en un au site pour les prochaines.",
    "A charge takes the tariff in force when it starts: give the site one for those to come.",
    "/tariffs",
    route="GET /api/v1/tariffs",
)


class TransactionPriceAnswer(View, frozen=True, kw_only=True):
    """What a transaction costs, counted from its course by the price of its start.

    `total_micro` is what these lines come to, `cost_micro` what is stored: they differ where a person decided
    (`is_decided`), and of one that is void. `limits` bound it; `waived`: not due, as nothing was taken.
    `spans` are the times at the same prices, the first of them where there are many.
    """

    transaction_id: str
    number: int
    station_id: str
    tariff_id: str
    price_fr: str
    price_en: str
    currency: str
    cost_micro: int | None
    is_provisional: bool
    is_decided: bool
    net_micro: int
    total_micro: int
    total_fr: str
    total_en: str
    rounding: str
    lines: tuple[BillLineAnswer, ...]
    taxes: tuple[TaxAmountAnswer, ...]
    limits: tuple[str, ...]
    waived: tuple[str, ...]
    spans: tuple[PricedSpanAnswer, ...]


def build_prices_router(parts: ApiParts) -> ApiRouter:
    """The route of what transactions cost."""
    router = ApiRouter()

    @router.get("/transactions/{transaction_id}/price", response_model=TransactionPriceAnswer)
    async def price(
        who: Reader, transaction_id: str, station: str | None = None, number: int | None = None
    ) -> object:
        """What a transaction costs, line by line, and when which price counted; so far, of one that goes on.
        `station` and `number` as for the transaction itself.
        """
        one = await find_one(parts, who, station, transaction_id, number)
        found = await parts.records.explained_price(one.transaction_no)
        if found is None:
            raise no_price(one)
        return json_response(price_view(one, found))

    return router


def no_price(one: TransactionRecord) -> Problem:
    """It has none: there was no tariff, or it is a test."""
    text = Phrase(
        f"La transaction {one.transaction_id} n'a pas de prix",
        f"Transaction {one.transaction_id} has no price",
    )
    return Problem(404, "price_unknown", text, SET_A_TARIFF)


def price_view(one: TransactionRecord, found: ExplainedPrice) -> TransactionPriceAnswer:
    """All of it."""
    tariff, bill = found.tariff, found.bill
    return TransactionPriceAnswer(
        transaction_id=one.transaction_id,
        number=one.transaction_no,
        station_id=one.station_id,
        tariff_id=tariff.tariff_id,
        price_fr=whole_price_text(tariff, "fr-CA"),
        price_en=whole_price_text(tariff, "en"),
        currency=bill.currency,
        cost_micro=one.cost_micro,
        is_provisional=one.is_provisional,
        is_decided=one.review not in (None, Review.HELD),
        net_micro=bill.net_micro,
        total_micro=bill.total_micro,
        total_fr=amount_text(bill.total_micro, bill.currency, "fr-CA"),
        total_en=amount_text(bill.total_micro, bill.currency, "en"),
        rounding=ROUNDING,
        lines=line_views(bill),
        taxes=tax_views(bill),
        limits=bill.limits,
        waived=bill.waived,
        spans=tuple(span_view(each, bill.currency) for each in found.spans[:SPANS_MOST]),
    )
