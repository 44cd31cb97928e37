"""French is set in one way, and what a text says to do has its place on each surface."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.wording import Phrase, WayOut, counted, stored_phrase, typeset, verbatim

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Rien à faire : elle répond.", f"Rien à faire{NO_BREAK}: elle répond."),
        ("« horloge »", f"«{NO_BREAK}horloge{NO_BREAK}»"),
        (
            "Trop d'essais ; déblocage dans {hours} h !",
            f"Trop d'essais; déblocage dans {{hours}}{NO_BREAK}h!",
        ),
        (f"vouliez-vous dire 02:B0{NO_BREAK}?", "vouliez-vous dire 02:B0?"),
        ("http://hôte:8080/ocpp et 08:00", "http://hôte:8080/ocpp et 08:00"),
        ("80 % de 22 kW", f"80{NO_BREAK}% de 22{NO_BREAK}kW"),
        ("adresse ?…, qui", "adresse ?…, qui"),
    ],
)
def test_french_is_set_as_in_canada(typed: str, set_: str) -> None:
    """A no-break space before : and units and inside « », none before ; ! and ?"""
    assert typeset(typed) == set_
    assert typeset(set_) == set_
    assert Phrase(typed, "").fr == WayOut(typed, "").fr == set_


@given(st.text())
def test_what_is_typeset_stays_so(text: str) -> None:
    """Setting it twice changes nothing more."""
    assert typeset(typeset(text)) == typeset(text)


@given(st.text())
def test_what_people_typed_is_filled_in_as_it_is(typed: str) -> None:
    """Neither typeset nor read as a template."""
    filled = Phrase("Le nom {name} existe.", "The name {name} exists.").filled({"name": typed})
    assert filled.fr == f"Le nom {typed} existe."
    assert filled.en == f"The name {typed} exists."


def test_each_place_quotes_what_is_filled_in() -> None:
    """An id may hold any character; a shell and a URL take it all the same."""
    way_out = WayOut("Voir.", "Look.", "/stations/{id}", "doctor {id}", "GET /api/v1/stations/{id}")
    filled = way_out.filled({"id": "A|*/1"})
    assert (filled.page, filled.command) == ("/stations/A%7C%2A%2F1", "doctor 'A|*/1'")
    assert way_out.at("A|*/1") == filled
    assert WayOut("Attendre.", "Wait.").as_json == {"page": None, "command": None, "route": None}


def test_a_missing_field_is_a_mistake() -> None:
    """It must not reach people with braces in it."""
    with pytest.raises(KeyError, match="name"):
        Phrase("{name}", "{name}").filled({})


def test_a_count_takes_its_word() -> None:
    """French counts none as one, English does not."""
    one, many = Phrase("{count} borne", "{count} station"), Phrase("{count} bornes", "{count} stations")
    assert counted(0, one, many) == Phrase("0 borne", "0 stations")
    assert counted(1, one, many) == Phrase("1 borne", "1 station")
    assert counted(2, one, many) == Phrase("2 bornes", "2 stations")


def test_a_strangers_words_are_not_typeset() -> None:
    """Nor what was stored: it was set, or taken as it is, before."""
    assert (verbatim("a : b").fr, verbatim("a : b").en) == ("a : b", "a : b")
    assert (stored_phrase("a : b", "c").fr, stored_phrase("a : b", "c").en) == ("a : b", "c")
