"""What the pages make of transactions: flags in words, what is provisional, decisions, a form."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import asdict

from access.principals import Role, member
from console.transaction_values import (
    FormInvalid,
    odd_lines,
    provisional_text,
    review_fields,
    review_lines,
    transaction_href,
    transaction_row,
)
from console.views import ConsoleViews
from console.words import Words
from csms.api.transaction_views import ReviewAnswer, WholeTransactionAnswer, transaction_view
from csms.domain.records import TransactionRecord
from csms.domain.reviews import Review
from ocppj.vocabulary import IdToken
from runtime.http import Problem
from tests.support.central import A16, AT, opened_central

EN, FR = Words("en"), Words("fr")
NO_BREAK = "\N{NO-BREAK SPACE}"
HELD = TransactionRecord(
    A16,
    "h/1?",
    1,
    1,
    IdToken("AB12"),
    AT,
    AT + timedelta(hours=1),
    energy_wh=880.0,
    cost_micro=440_000,
    currency="EUR",
    review=Review.HELD,
    flags=("meter-implausible", "fraction-for-integer"),
)
FORM = {"decision": "accept", "reason": "ok", "energy": "", "cost": "", "started": "", "ended": ""}


def told(**changes: Any) -> WholeTransactionAnswer:
    """As the API tells it."""
    fields: dict[str, Any] = asdict(transaction_view(HELD)) | {"reviews": (), "attachments": ()} | changes
    return WholeTransactionAnswer(**fields)


def test_what_is_held_is_said_to_be_provisional() -> None:
    """In the row and on its page, in the reader's language; what was decided is not."""
    row = transaction_row(told(), EN)
    assert (row["energy"], row["cost"]) == ("0.880 kWh (provisional)", "€0.44 (provisional)")
    assert (row["review"], row["is_held"]) == ("held for review, 2 odd", True)
    assert transaction_row(told(), FR)["review"] == "à décider, 2 à noter"
    assert "0.880 kWh" in provisional_text(told(), EN)
    decided = told(review="corrected", is_provisional=False)
    assert transaction_row(decided, EN)["cost"] == "€0.44"
    assert provisional_text(decided, EN) == ""
    assert provisional_text(told(is_open=True), FR).startswith("Elle est en cours")
    unknown = transaction_row(told(energy_wh=None, cost_micro=None, id_token=None), EN)
    assert (unknown["energy"], unknown["cost"], unknown["token"]) == ("–", "–", "–")
    assert transaction_row(told(currency=None), FR)["cost"] == "0,44 (provisoire)"


def test_flags_and_findings_are_words() -> None:
    """One that nobody translated is shown as it is."""
    english, finding = odd_lines(told(), EN)
    assert english == "A reading of the meter that no EVSE can have reached; the others count, it does not."
    assert finding == EN.deviation("fraction-for-integer") != "fraction-for-integer"
    assert odd_lines(told(flags=["meter-implausible"]), FR)[0].startswith("Un relevé du compteur")
    assert odd_lines(told(flags=["new"]), EN) == ["new"]


def test_an_address_holds_any_transaction_id() -> None:
    """Stations of 2.x choose them."""
    assert transaction_href(told()) == "/transaction?station=0024%3Ab1%3A16&id=h%2F1%3F&number=0"


def test_a_decision_tells_who_when_why_and_what_changed() -> None:
    """What did not change is not told."""
    before = {"energy_wh": 880.0, "cost_micro": 440_000, "started_at": "2026-01-05T12:00:00Z"}
    review = ReviewAnswer(
        decision="correct",
        reason="read on site",
        decided_by="kim",
        decided_at="2026-01-06T08:00:00Z",
        before=before,
        after=before | {"energy_wh": 8800.0, "cost_micro": None},
    )
    ((text, changes),) = review_lines(told(reviews=[review]), EN)
    assert text == "corrected by kim, 2026-01-06 08:00:00 (UTC): read on site"
    assert changes == ["Energy: 0.880 kWh → 8.800 kWh", "Cost: €0.44 → –"]
    assert review_lines(told(reviews=[review]), FR)[0][0].startswith("corrigée par kim")


@pytest.mark.parametrize("energy", ["8.8", "8,8", " 8,800 "])
def test_a_form_means_what_people_write(energy: str) -> None:
    """Either language's decimal mark, kWh and money, times in UTC; empty fields leave their value."""
    form = FORM | {
        "decision": "correct",
        "energy": energy,
        "cost": "1 234,565",
        "started": "2026-01-05 12:30",
    }
    assert review_fields(form, EN) == {
        "decision": "correct",
        "reason": "ok",
        "energy_wh": 8800,
        "cost_micro": 1_234_565_000,
        "started_at": datetime(2026, 1, 5, 12, 30, tzinfo=UTC),
    }
    assert review_fields(FORM | {"energy": "x"}, EN) == {"decision": "accept", "reason": "ok"}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"reason": "  "}, "Say why."),
        ({"decision": "correct"}, "Fill in what to correct."),
        ({"decision": "correct", "energy": "-1"}, "-1 is no number of 0 or more."),
        ({"decision": "correct", "energy": "1e400"}, "1e400 is no number of 0 or more."),
        ({"decision": "correct", "cost": "NaN"}, "NaN is no number of 0 or more."),
        ({"decision": "correct", "cost": "two"}, "two is no number of 0 or more."),
        ({"decision": "correct", "ended": "noon"}, "noon is no time like 2026-01-31 14:30."),
    ],
)
def test_what_cannot_be_meant_is_said(changes: dict[str, str], text: str) -> None:
    """Before anything is sent."""
    with pytest.raises(FormInvalid, match="^" + text.replace(".", r"\.") + "$"):
        review_fields(FORM | changes, EN)


async def test_only_who_manages_decides_on_the_page(tmp_path: Path) -> None:
    """By the same path as the API; the trace names them."""
    async with opened_central(tmp_path) as central:
        central.records.kept_transactions.append(HELD)
        await central.clock.advance(7200)
        views = ConsoleViews(central.parts)
        manager, viewer = member("kim", Role.MANAGER), member("lou", Role.VIEWER)
        assert [await views.waiting_for_review(each) for each in (manager, viewer)] == [1, 0]
        fields = review_fields(FORM, EN)
        with pytest.raises(Problem, match="role_required"):
            await views.review(viewer, told(), fields)
        with pytest.raises(Problem, match="invalid_request"):
            await views.review(manager, told(), fields | {"energy_wh": 1})
        ((listed,), more) = await views.reviewable(viewer, Review.HELD, None, 1)
        assert (listed.id_token and listed.id_token.value, more) == ("…", None)
        decided = await views.review(manager, told(), fields)
        assert (decided.review, decided.is_provisional) == ("accepted", False)
        assert [each.decided_by for each in decided.reviews] == ["kim"]
        assert (await views.reviewable(manager, Review.HELD, None, 1))[0] == []
