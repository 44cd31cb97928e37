"""The catalogue: complete, in both languages, with a way out for whoever reads it."""

import re
import string
from collections.abc import Iterator

import pytest

from provisioning.blockers import NOTES, PROBLEMS, Blocker, Clearer, Code, blocker_from_json
from provisioning.catalogue import CATALOGUE, blocker
from provisioning.install_texts import INSTALLING
from provisioning.job_texts import JOBS
from provisioning.lifecycle_texts import ON_THE_WAY
from provisioning.remark_texts import REMARKS
from runtime.wording import Phrase


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
    assert fields(entry.text.fr) == fields(entry.text.en)
    assert fields(entry.way_out.fr) == fields(entry.way_out.en)
    assert entry.text.fr != entry.text.en
    assert entry.way_out.fr != entry.way_out.en
    for text in (entry.text.fr, entry.text.en, entry.way_out.fr, entry.way_out.en):
        assert text[-1] in ".?"
        assert "  " not in text


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.value)
def test_the_words_of_a_line_suit_every_reader(code: Code) -> None:
    """Routes, paths, fields of bodies and commands stand where their reader looks, never in the sentences."""
    entry = CATALOGUE[code]
    for text in (entry.text.fr, entry.text.en, entry.way_out.fr, entry.way_out.en):
        assert not re.search(r"/api|\b(GET|POST|PUT|PATCH|DELETE)\b|borne ctl|_id\b|--", text), text
    way_out = entry.way_out
    assert bool(way_out.command) is bool(way_out.route), "what a program can do, a person at a terminal can"
    assert not way_out.page or way_out.page.startswith("/")
    assert not way_out.route or re.fullmatch(r"(GET|POST|PUT|PATCH|DELETE) /api/v1/\S+", way_out.route)
    assert not way_out.command or way_out.command.split()[0] in {"ctl", "doctor"}


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.value)
def test_nothing_is_left_open_on_any_surface(code: Code) -> None:
    """Whatever a line needs is filled in: texts in both languages, page, command and route."""
    entry = CATALOGUE[code]
    texts = (entry.text.en, entry.way_out.en, entry.way_out.page, entry.way_out.command, entry.way_out.route)
    needed = set().union(*map(fields, texts)) - (set() if "{id}" in entry.text.en else {"id"})
    shown = blocker(code, **dict.fromkeys(needed, "x")).at("A|1").as_json
    for text in (*_leaves(shown),):
        assert not re.search(r"\{[a-z_]*\}", text), text
        assert "A|1" not in text or "'A|1'" in text, "an id is quoted for the shell, and for the URL"


def _leaves(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, str):
        yield value


def test_what_blocks_an_installer_never_needs_another_role_only() -> None:
    """Each line names one of four who can act."""
    assert {entry.clearer for entry in CATALOGUE.values()} == set(Clearer)
    statuses = {entry.status for entry in CATALOGUE.values()}
    assert statuses == {403, 404, 409, 422, 429}


def test_fields_are_filled_in_both_languages() -> None:
    """A phrase in the reader's own; the station's id where its blocker is shown."""
    made = blocker(Code.STEP_STUCK, step=Phrase("horloge", "clock"), reason="x", wait=3)
    assert "«\N{NO-BREAK SPACE}horloge\N{NO-BREAK SPACE}»" in made.text.fr
    assert "step clock" in made.text.en
    assert "/stations/a/activation" in blocker(Code.NOT_ACTIVATED).at("a").way_out.route
    assert "/stations/a/assignment" in blocker(Code.MAC_IN_USE, place="P", id="a").way_out.command


def test_a_text_without_its_field_is_a_mistake() -> None:
    """It must not reach people with braces in it."""
    with pytest.raises(KeyError, match="reason"):
        blocker(Code.SUSPENDED)


def test_a_blocker_survives_storage() -> None:
    """As JSON, with English for programs that know one language."""
    made = blocker(Code.KEY_LACKING, key="X")
    assert blocker_from_json(made.as_json) == made
    assert made.as_json["text"] == made.as_json["text_en"] == made.text.en
    assert isinstance(made, Blocker)
    older = {name: value for name, value in made.as_json.items() if name != "ways_out"}
    assert blocker_from_json(older).text == made.text
    assert str(Phrase("un", "one")) == "one"


def test_braces_in_what_people_typed_are_harmless() -> None:
    """A name is filled in, never read as a template."""
    made = blocker(Code.NAME_TAKEN, name="{0.__class__} {id}")
    assert "{0.__class__} {id}" in made.text.en


def test_every_remark_is_in_the_way_or_worth_knowing() -> None:
    """No remark about a station is without its severity; what keeps it from being active blocks."""
    of_jobs = {each for each in JOBS | INSTALLING if each.value.startswith("W_")}
    assert set(REMARKS) | of_jobs == NOTES | PROBLEMS
    assert not NOTES & PROBLEMS
    for code in ON_THE_WAY:
        assert code not in NOTES | PROBLEMS
