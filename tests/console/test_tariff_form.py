"""The form of a tariff, as what the API takes."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import FieldsWrong
from console.tariff_form import READY, begun, fields_of, mark_of, preview_body, tariff_body
from console.words import Words

ENGLISH, FRENCH = Words("en"), Words("fr")
TUESDAY = date(2026, 1, 6)


@pytest.mark.parametrize("ready", READY)
@pytest.mark.parametrize("words", [ENGLISH, FRENCH])
def test_what_is_ready_is_right(ready: str, words: Words) -> None:
    """It can be looked at as soon as it has a name, in either language."""
    typed = begun(ready, TUESDAY, words) | {"name": "Quai"}
    assert set(fields_of(ready)) <= set(typed)
    body = tariff_body(ready, typed, words)
    assert (body.name, body.currency, len(body.taxes)) == ("Quai", "CAD", 0 if ready == "free" else 2)
    assert body.tariff().is_free is (ready == "free")
    session = preview_body(typed, body, words)
    assert (session.starts_at.isoformat(), session.kwh, session.minutes) == ("2026-01-09T17:30:00", 12, 40)
    assert session.site_id is None


@given(st.decimals(0, 999_999_999, places=6), st.sampled_from(".,"))
def test_amounts_are_exact(amount: Decimal, point: str) -> None:
    """To the micro-unit, with either decimal sign."""
    text = f"{amount:f}".replace(".", point)
    typed = begun("energy", TUESDAY, ENGLISH) | {"name": "A", "energy_micro_per_kwh": text}
    assert tariff_body("energy", typed, ENGLISH).energy_micro_per_kwh == amount * 1_000_000


@given(st.text())
def test_what_is_no_amount_is_said(text: str) -> None:
    """Whatever is typed is an amount, or stands at its field."""
    typed = begun("time", TUESDAY, ENGLISH) | {"name": "A", "time_micro_per_h": text}
    faults: set[str] = set()
    try:
        tariff_body("time", typed, ENGLISH)
    except FieldsWrong as wrong:
        faults = set(wrong.faults)
    assert faults <= {"time_micro_per_h"}


def test_the_mark_is_of_the_prices() -> None:
    """A tariff may get another name after it was looked at, and no other price."""
    typed = begun("energy", TUESDAY, ENGLISH) | {"name": "A"}
    mark = mark_of(tariff_body("energy", typed, ENGLISH))
    assert mark == mark_of(tariff_body("energy", typed | {"name": "B"}, ENGLISH))
    assert mark != mark_of(tariff_body("energy", typed | {"energy_micro_per_kwh": "0.31"}, ENGLISH))


def test_two_fields_are_wrong_at_once() -> None:
    """Each is told, also those that the API refuses."""
    typed = begun("night", TUESDAY, ENGLISH) | {"night_from": "", "night_micro": "x", "currency": "C"}
    with pytest.raises(FieldsWrong) as wrong:
        tariff_body("night", typed, ENGLISH)
    assert set(wrong.value.faults) == {"name", "currency", "night_from", "night_micro"}
