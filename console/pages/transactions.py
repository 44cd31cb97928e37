"""Transactions: those that wait for a person first of all, each with its page, where managers decide."""

from datetime import datetime
from typing import TypedDict
from urllib.parse import urlencode

from starlette.responses import Response

from access.actions import Permission
from console.page_routes import POST, PageRoute, see_other
from console.power_curve import power_curve
from console.rendering import Shown
from console.station_values import station_href
from console.transaction_values import (
    FormInvalid,
    odd_lines,
    provisional_text,
    review_fields,
    review_lines,
    transaction_facts,
    transaction_href,
    transaction_row,
)
from console.views import ConsoleViews, Place
from console.visit import PageVisit
from console.words import Words
from csms.api.transaction_views import WholeTransactionAnswer
from csms.domain.reviews import Review, ReviewDecision
from runtime.http import Problem

ROWS_SHOWN = 50
ALL = "all"
STATES = (*(state.value for state in Review), ALL)
DECISIONS = ("accept", "correct", "void")
CORRECTIONS = {
    "energy": "review.energy",
    "cost": "review.cost",
    "started": "review.started",
    "ended": "review.ended",
}
"""What can be corrected, and its label."""
LIST, ONE = "/transactions", "/transaction"


class ReviewForm(TypedDict):
    """What a manager fills in, as it was typed, and what is wrong with it."""

    decisions: list[tuple[str, str]]
    corrections: list[tuple[str, str]]
    typed: dict[str, str]
    fault: str


async def transactions(visit: PageVisit, views: ConsoleViews) -> Shown:
    """By what was decided, newest first."""
    words = visit.words
    state = visit.given("state")
    state = state if state in STATES else Review.HELD.value
    wanted = None if state == ALL else Review(state)
    after = _place_from(visit.given("after"))
    found, last = await views.reviewable(visit.who, wanted, after, ROWS_SHOWN)
    values = {
        "rows": [
            {**transaction_row(each, words), "place": views.place_of(each.station_id)} for each in found
        ],
        "state": state,
        "states": [(each, words.of("review_state", each)) for each in STATES],
        "newest": f"{LIST}?{urlencode({'state': state})}" if after else "",
        "older": f"{LIST}?{urlencode({'state': state, 'after': _place_text(last)})}" if last else "",
    }
    return Shown("transactions.html", "transactions.title", values)


async def transaction(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One of them; for an unknown one, a sentence."""
    found = await _found(visit, views)
    if found is None:
        return _unknown(visit)
    return await _shown(visit, views, found, {"decision": ReviewDecision.ACCEPT.value})


async def decide(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Decide about it; what cannot be meant is said, and what was typed stays."""
    found, words, typed = await _found(visit, views), visit.words, await visit.form()
    if found is None:
        return _unknown(visit)
    form = {name: typed.get(name, "") for name in (*CORRECTIONS, "reason")}
    form["decision"] = typed.get("decision", "") if typed.get("decision") in DECISIONS else ""
    try:
        await views.review(visit.who, found, review_fields(form, words))
    except FormInvalid as error:
        return await _shown(visit, views, found, form, str(error), status=422)
    except Problem as problem:
        return await _shown(visit, views, found, form, words.problem(problem), status=problem.status)
    return see_other(f"{transaction_href(found)}&decided=1")


async def _found(visit: PageVisit, views: ConsoleViews) -> WholeTransactionAnswer | None:
    number = visit.given("number")
    try:
        return await views.transaction(
            visit.who, visit.given("station"), visit.given("id"), int(number) if number.isdecimal() else None
        )
    except Problem:
        return None


def _unknown(visit: PageVisit) -> Shown:
    values = {"station": visit.given("station"), "id": visit.given("id")}
    return Shown("transaction_unknown.html", "transactions.title", values, status=404)


async def _shown(
    visit: PageVisit,
    views: ConsoleViews,
    found: WholeTransactionAnswer,
    typed: dict[str, str],
    fault: str = "",
    *,
    status: int = 200,
) -> Shown:
    words = visit.words
    may_decide = views.may(visit.who, found.station_id, Permission.REVIEW) and not found.is_open
    values = {
        "transaction": found,
        "href": transaction_href(found),
        "station_href": station_href(found.station_id),
        "place": views.place_of(found.station_id),
        "review": words.of("review_state", found.review) if found.review is not None else "",
        "is_held": found.review == Review.HELD.value,
        "provisional": provisional_text(found, words),
        "facts": transaction_facts(found, words),
        "curve": power_curve(await views.power_samples(found), words),
        "odd": odd_lines(found, words),
        "trace": review_lines(found, words),
        "form": _form(found, typed, fault, words) if may_decide else None,
        "was_decided": bool(visit.given("decided")),
    }
    heading = words("transaction.title", id=found.transaction_id)
    return Shown("transaction.html", "transactions.title", values, heading=heading, status=status)


def _form(found: WholeTransactionAnswer, typed: dict[str, str], fault: str, words: Words) -> ReviewForm:
    currency = found.currency or "–"
    return {
        "decisions": [(each, words.of("decision", each)) for each in DECISIONS],
        "corrections": [(name, words(key, currency=currency)) for name, key in CORRECTIONS.items()],
        "typed": {name: typed.get(name, "") for name in (*CORRECTIONS, "reason", "decision")},
        "fault": fault,
    }


def _place_text(place: Place) -> str:
    at, number = place
    return f"{at.isoformat()},{number}"


def _place_from(text: str) -> Place | None:
    """Where the list goes on; None for what is no place: it begins anew."""
    at, _, number = text.rpartition(",")
    try:
        begun = datetime.fromisoformat(at)
        return (begun, int(number)) if begun.tzinfo is not None else None
    except ValueError:
        return None


ROUTES = (PageRoute(LIST, transactions), PageRoute(ONE, transaction), PageRoute(ONE, decide, POST))
