"""A transaction in words: what it costs, what is odd about it, what was decided; and what a form means."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypedDict
from urllib.parse import urlencode

from console.words import Words
from csms.api.transaction_views import TransactionAnswer, WholeTransactionAnswer, cost_text
from csms.domain.reviews import ReviewDecision

MICRO = 1_000_000
_CHANGED = {"energy_wh": "column.energy", "cost_micro": "column.cost"}
_MOVED = {"started_at": "column.started", "ended_at": "column.ended"}


class FormInvalid(ValueError):  # noqa: N818 - named by what is wrong
    """A field that cannot be meant; the text is for people, in their language."""


class TransactionLine(TypedDict):
    """A transaction as a row of a table, which the browser gets as JSON."""

    href: str
    station: str
    transaction: str
    connector: str
    token: str
    started: str
    ended: str
    energy: str
    cost: str
    review: str
    is_held: bool


def transaction_href(transaction: TransactionAnswer) -> str:
    """Where a transaction has its page: its id may hold any character, and may come again."""
    found = {
        "station": transaction.station_id,
        "id": transaction.transaction_id,
        "number": transaction.number,
    }
    return f"/transaction?{urlencode(found)}"


def money(amount_micro: int | None, currency: str | None, words: Words) -> str:
    """An amount at the coin; `–` where there is none."""
    if amount_micro is None:
        return "–"
    if currency is None:
        return words.number(amount_micro / MICRO, 2)
    return cost_text(amount_micro, currency, words.language)


def connector_name(evse_id: int | None, connector_id: int | None) -> str:
    """`1.1`: EVSE and connector."""
    return ".".join(str(each) for each in (evse_id, connector_id) if each is not None) or "–"


def transaction_row(transaction: TransactionAnswer, words: Words) -> TransactionLine:
    """A transaction as a row; what waits for a person is said to be provisional."""
    token, review = transaction.id_token, transaction.review
    is_held = review == "held"
    odd = len(transaction.flags)
    notes = [words.of("review_state", review)] if review else []
    notes += [words("transaction.odd_count", count=odd)] if odd else []

    def counted(text: str) -> str:
        is_told = is_held and text != "–"
        return words("transaction.provisional", value=text) if is_told else text

    return {
        "href": transaction_href(transaction),
        "station": transaction.station_id,
        "transaction": transaction.transaction_id,
        "connector": connector_name(transaction.evse_id, transaction.connector_id),
        "token": token.value if token else "–",
        "started": words.instant(transaction.started_at),
        "ended": words("station.running") if transaction.is_open else words.instant(transaction.ended_at),
        "energy": counted(energy(transaction.energy_wh, words)),
        "cost": counted(money(transaction.cost_micro, transaction.currency, words)),
        "review": ", ".join(notes) or "–",
        "is_held": is_held,
    }


def energy(watt_hours: float | None, words: Words) -> str:
    """In kWh; `–` where nobody knows."""
    return words.energy(watt_hours) if watt_hours is not None else "–"


def odd_lines(transaction: TransactionAnswer, words: Words) -> list[str]:
    """Its flags in words; the findings of its messages are among them."""
    return [words.find("flag", flag) or words.deviation(flag) for flag in transaction.flags]


def provisional_text(transaction: TransactionAnswer, words: Words) -> str:
    """What may still change, and why; empty where nothing may."""
    if transaction.is_open:
        return words("transaction.open_about")
    if not transaction.is_provisional:
        return ""
    cost = money(transaction.cost_micro, transaction.currency, words)
    return words("transaction.held_about", energy=energy(transaction.energy_wh, words), cost=cost)


def review_lines(transaction: WholeTransactionAnswer, words: Words) -> list[tuple[str, list[str]]]:
    """What people decided, oldest first, each with what it changed."""
    lines = []
    for each in transaction.reviews:
        told = words(
            "transaction.decided",
            decision=words.of("decided", each.decision),
            who=each.decided_by,
            when=words.instant(each.decided_at),
            reason=each.reason,
        )
        lines.append((told, _changes(each.before, each.after, transaction.currency, words)))
    return lines


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], currency: str | None, words: Words
) -> list[str]:
    def text(name: str, value: Any) -> str:
        if name in _MOVED:
            return words.instant(value)
        return energy(value, words) if name == "energy_wh" else money(value, currency, words)

    return [
        words("transaction.change", name=words(key), before=text(name, old), after=text(name, new))
        for name, key in (_CHANGED | _MOVED).items()
        if (old := before.get(name)) != (new := after.get(name))
    ]


def review_fields(form: dict[str, str], words: Words) -> dict[str, object]:
    """What POST /transactions/{id}/review takes, from what somebody filled in. Raises FormInvalid.

    Corrections count with `correct` alone.
    """
    fields: dict[str, object] = {"decision": form["decision"], "reason": form["reason"].strip()}
    if not fields["reason"]:
        raise FormInvalid(words("review.needs_reason"))
    if form["decision"] != ReviewDecision.CORRECT.value:
        return fields
    energy_kwh, cost = _number(form["energy"], words), _number(form["cost"], words)
    corrections = {
        "energy_wh": float(energy_kwh * 1000) if energy_kwh is not None else None,
        "cost_micro": int(cost * MICRO) if cost is not None else None,
        "started_at": _instant(form["started"], words),
        "ended_at": _instant(form["ended"], words),
    }
    given = {name: value for name, value in corrections.items() if value is not None}
    if not given:
        raise FormInvalid(words("review.needs_value"))
    return fields | given


def _number(text: str, words: Words) -> Decimal | None:
    """A number of 0 or more in either language's writing: `8.8`, `8,8`, `1 234,5`."""
    plain = "".join(text.split()).replace(",", ".")
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value.adjusted() > 15:
        raise FormInvalid(words("review.no_number", text=text.strip()))
    return value


def _instant(text: str, words: Words) -> datetime | None:
    """A time in UTC, as the pages show it."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise FormInvalid(words("review.no_instant", text=text.strip())) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def transaction_facts(transaction: TransactionAnswer, words: Words) -> list[tuple[str, str]]:
    """What is known of it, as label and text."""
    row = {name: str(text) for name, text in transaction_row(transaction, words).items()}
    reason = transaction.stopped_reason or "–"
    names = ("connector", "token", "started", "ended", "energy", "cost")
    return [
        *((words(f"column.{name}"), row[name]) for name in names),
        (words("transaction.reason"), reason),
        (words("transaction.review"), words.of("review_state", transaction.review)),
    ]
