"""Durations, variables, waiting, words and titles: the small parts."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.clock import ManualClock
from runtime.lifecycle import Background
from simulator.scenario import model
from simulator.scenario.files import load_scenario, shipped_names
from simulator.scenario.model import KINDS
from simulator.scenario.pace import Bell, Pace
from simulator.scenario.scope import CaptureError, NoValueError, Scope
from simulator.scenario.titles import title_of
from simulator.scenario.values import seconds_of
from simulator.scenario.verdicts import Verdict
from simulator.scenario.words import Words, texts


@pytest.mark.parametrize(
    ("text", "seconds"), [("5 s", 5), ("2min", 120), ("1.5 h", 5400), ("250 ms", 0.25), (7, 7), (0.5, 0.5)]
)
def test_durations_have_units(text: Any, seconds: float) -> None:
    """A bare number is of seconds."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "5", "5 weeks", "-5 s", "0 s", 0, -1, True, None, [5], "9999 h", "5 s ago"]
)
def test_other_durations_are_refused(text: Any) -> None:
    """Zero, negative, too long, or none."""
    with pytest.raises(ValueError, match="duration"):
        seconds_of(text)


def test_variables_are_filled_in() -> None:
    """A text that is one variable becomes what it holds; within a text it becomes text."""
    scope = Scope({"n": 5, "list": [1], "a.id": "CS", "text": "t"})
    assert scope.fill({"x": "${n}", "y": ["${list}", "<at least ${n}>"], "z": 1, "id": "/x/${a.id}"}) == {
        "x": 5,
        "y": [[1], "<at least 5>"],
        "z": 1,
        "id": "/x/CS",
    }
    assert scope.fill("${text} ${list}") == "t [1]"
    assert scope.number("${n}") == 5
    scope.put("n", "7")
    assert scope.number("${n}") == 7
    with pytest.raises(NoValueError, match=r"\$\{zz\} has no value"):
        scope.fill("a ${zz}")
    with pytest.raises(ValueError, match="no whole number"):
        scope.number("${list}")


@given(st.text(alphabet=string.printable))
def test_text_without_variables_stays_as_it_is(text: str) -> None:
    """Dollars and braces mean nothing by themselves."""
    cleaned = text.replace("${", "$ {")
    assert Scope({}).fill(cleaned) == cleaned


def test_values_are_captured_by_their_path() -> None:
    """Members and elements; a question mark makes it optional."""
    scope = Scope({})
    found = {"a": {"b": [{"c": 1}]}, "d": None}
    assert scope.capture({"x": "a.b.0.c", "y": "d", "z": "e.f?"}, found) == {"x": 1, "y": None, "z": None}
    assert scope.fill("${x}") == 1
    for path in ("a.c", "a.b.1", "a.b.-1", "a.b.x", "d.e", "a.b.0.c.d"):
        with pytest.raises(CaptureError, match=f"no {path}"):
            scope.capture({"x": path}, found)


def test_fast_runs_wait_long_enough_for_people() -> None:
    """At twenty times the pace, a second of the file is a twentieth for this machine: too short to judge."""
    clock = ManualClock()
    assert Pace(clock).patience_s(2) == 2
    assert Pace(clock, 20).patience_s(2) == 40
    assert Pace(clock, 20).patience_s(60) == 100
    assert Pace(clock, 20).patience_s(600) == 600
    assert Pace(clock, 0.5).patience_s(2) == 2


async def test_a_bell_wakes_whoever_waits(clock: ManualClock) -> None:
    """Once what they wait for is so; None when the time is up."""
    bell, found = Bell(), dict[str, int]()
    async with Background("waiting") as tasks:
        waiting = tasks.start(bell.until(lambda: found.get("x"), clock, 10))
        late = tasks.start(bell.until(lambda: found.get("y"), clock, 5))
        await clock.advance(1)
        bell.ring()
        await clock.advance(1)
        assert not waiting.done()
        found["x"] = 1
        bell.ring()
        await clock.advance(4)
        assert waiting.done()
        assert await waiting == 1
        assert await late is None
    assert await bell.until(lambda: 5, clock, 0) == 5
    assert clock.waiting == 0


def test_both_languages_say_everything() -> None:
    """With the same fields; and every kind of step has a title."""
    for key, (english, french) in texts().items():
        assert _fields(english) == _fields(french), key
    assert KINDS.keys() <= texts().keys()
    for words in (Words("en"), Words("fr")):
        assert all(words.verdict(verdict) for verdict in (*Verdict, None))
    assert (Words("fr").seconds(1.25), Words("en").seconds(1.25), Words("en").seconds(61.7)) == (
        "1,2 s",
        "1.2 s",
        "62 s",
    )


def _fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("name", shipped_names())
def test_every_step_of_a_shipped_scenario_has_a_title(name: str) -> None:
    """In both languages, without any variable left that the file gives."""
    scenario = load_scenario(name)
    scope = Scope(scenario.variables)
    for words in (Words("en"), Words("fr")):
        assert all(title_of(step, scope, words) for step in scenario.steps)


def test_titles_say_what_a_step_does() -> None:
    """Where the file gives none."""

    def title(step: model.Step, language: Any = "en") -> str:
        return title_of(step, Scope({"n": 2}), Words(language))

    assert title(model.Plug(plug=model.Socket(evse="${n}"))) == "Plug the cable into connector 2"
    assert (
        title(model.Plug(plug=model.Socket(evse=1, connector=2)), "fr")
        == "Brancher le câble au connecteur 1.2"
    )
    assert title(model.Expect(expect={"1.6": {"call": "X"}})) == "Expect call X"
    assert title(model.Expect(expect={"event": "boot", "registration": "Pending"})) == (
        "Expect boot (registration Pending)"
    )
    assert title(model.Never(never={"event": "boot"}), "fr") == "Vérifier que boot ne vient pas"
    assert (
        title(model.Status.model_validate({"status": "Available"})) == "Status of every connector: Available"
    )
    assert title(model.Check.model_validate({"check": "${zz}", "is": 1})) == "Check ${zz}"
    assert title(model.Wait(wait=5)) == "Wait 5 s"
