"""The catalogue: complete, in both languages, with a way out for whoever reads it."""

import re
import string

import pytest

from provisioning.blockers import Blocker, Clearer, Code, Phrase, blocker_from_json
from provisioning.catalogue import CATALOGUE, blocker

FIELDS = re.compile(r"\{([^}]*)\}")
KEPT_FRENCH = {"Station", "Code"}


def fields(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_its_line() -> None:
    """And no line is without a code."""
    assert set(CATALOGUE) == set(Code)
    assert all(re.fullmatch(r"[EW]_[A-Z_]+", code.value) for code in Code)


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.value)
def test_a_line_says_the_same_in_both_languages(code: Code) -> None:
    """Same fields, both with a way out, each ending like a sentence."""
    entry = CATALOGUE[code]
    assert fields(entry.fr) == fields(entry.en)
    assert entry.fr != entry.en
    assert entry.way_out != entry.way_out_fr
    for text in (entry.fr, entry.en, entry.way_out_fr, entry.way_out):
        assert text[-1] in ".?"
        assert "  " not in text
    assert ("/api/v1" in entry.way_out) is ("/api/v1" in entry.way_out_fr)


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.value)
def test_french_punctuation(code: Code) -> None:
    """A space before : ; ? and inside quotation marks, as people in Québec write."""
    for text in (CATALOGUE[code].fr, CATALOGUE[code].way_out_fr):
        without_paths = re.sub(r"(GET|POST|DELETE|PUT) \S+|/api\S+|\d\d:\d\d", "", text)
        assert not re.search(r"\S[;?]|\w:(?!\d)", without_paths), text
        assert "'" not in re.sub(r"\w'\w", "", text)


def test_what_blocks_an_installer_never_needs_another_role_only() -> None:
    """Each line names one of four who can act."""
    assert {entry.clearer for entry in CATALOGUE.values()} == set(Clearer)
    statuses = {entry.status for entry in CATALOGUE.values()}
    assert statuses == {403, 404, 409, 422, 429}


def test_fields_are_filled_in_both_languages() -> None:
    """A phrase in the reader's own; a route's placeholder stays where nobody gives one."""
    made = blocker(Code.STEP_STUCK, step=Phrase("horloge", "clock"), reason="x", wait=3)
    assert "« horloge »" in made.fr
    assert "step clock" in made.en
    assert "/stations/{id}/activation" in blocker(Code.NOT_ACTIVATED).way_out
    assert "/stations/a/assignment" in blocker(Code.MAC_IN_USE, place="P", id="a").way_out


def test_a_text_without_its_field_is_a_mistake() -> None:
    """It must not reach people with braces in it."""
    with pytest.raises(KeyError, match="reason"):
        blocker(Code.SUSPENDED)


def test_a_blocker_survives_storage() -> None:
    """As JSON, with English for programs that know one language."""
    made = blocker(Code.KEY_LACKING, key="X")
    assert blocker_from_json(made.as_json) == made
    assert made.as_json["text"] == made.as_json["text_en"] == made.en
    assert isinstance(made, Blocker)
    assert str(Phrase("un", "one")) == "one"


def test_braces_in_what_people_typed_are_harmless() -> None:
    """A name is filled in, never read as a template."""
    made = blocker(Code.NAME_TAKEN, name="{0.__class__} {id}")
    assert "{0.__class__} {id}" in made.en
