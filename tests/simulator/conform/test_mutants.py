"""Mutants: what they change is what the validation looks at, and nothing else."""

import json
from typing import Any

import pytest

from runtime.patterns import compile_pattern, fits
from runtime.yaml_source import read_source
from simulator.conform.case import case_in
from simulator.conform.mutants import CaseMutant, changed_value, example_of, otherwise
from simulator.scenario.verdicts import StepResult

CALL = {"action": "Reset", "payload": {"type": "OnIdle"}}


def mutant(steps: list[dict[str, Any]]) -> CaseMutant:
    """Of a station case."""
    text = json.dumps({"title": "T", "steps": steps})
    return CaseMutant(case_in(read_source(text, "x.yaml"), "TC_B_01_CS", "cs"), "station")


def frame(*parts: Any) -> bytes:
    """As it goes over the wire."""
    return json.dumps(parts).encode()


@pytest.mark.parametrize(
    ("payload", "pattern"),
    [
        ({"status": "Accepted", "more": 1}, {"status": "Accepted"}),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "x"}]}),
        ({"a": 1}, {"a": "<any>"}),
        ({}, {"a": "<absent>"}),
        ({"a": {"b": 5}}, {"a": {"b": "<above 0>"}}),
        ({"a": [1]}, {"a": {"<contains>": 1}}),
        ({"a": None}, {"a": None}),
        ({"s": "Rejected"}, {"s": "<one of Rejected, Accepted>"}),
    ],
)
def test_an_answer_is_otherwise_where_the_pattern_looks(payload: Any, pattern: Any) -> None:
    """It fits before, and not after."""
    compiled = compile_pattern(pattern)
    assert fits(compiled, payload)
    assert not fits(compiled, otherwise(payload, pattern))


def test_what_has_nothing_to_change_stays() -> None:
    """An empty pattern looks at nothing."""
    assert otherwise({"a": 1}, {}) == {"a": 1}
    assert otherwise(["a"], {"a": 1}) == ["a"]
    assert changed_value("Accepted", "Accepted") == "Rejected"


def test_an_example_fits_its_pattern() -> None:
    """Of plain values."""
    pattern = {"a": "x", "b": [{"c": 1}], "d": "<absent>", "e": "<one of P, Q>", "f": "<not Z>"}
    assert fits(compile_pattern(pattern), example_of(pattern))


def test_an_expected_call_is_hidden_from_the_action_on() -> None:
    """Not before, and no other one."""
    one = mutant(
        [
            {"call": CALL},
            {"expect": {"call": "Heartbeat", "from": "station"}, "clause": "B01.FR.01"},
        ]
    )
    heartbeat, other = frame(2, "1", "Heartbeat", {}), frame(2, "1", "NotifyReport", {})
    assert one.alter(heartbeat).is_seen
    one.step_started(StepResult("1", ""))
    assert not one.alter(heartbeat).is_seen
    assert one.alter(other).is_seen
    assert one.alter(frame(3, "1", {"status": "Accepted"})).text == frame(3, "1", {"status": "Accepted"})


def test_an_answer_is_changed() -> None:
    """Also one that was a CALLERROR."""
    one = mutant([{"call": CALL, "answer": {"status": "Accepted"}, "clause": "B11.FR.01"}])
    one.step_started(StepResult("1", ""))
    assert json.loads(one.alter(frame(3, "1", {"status": "Accepted"})).text)[2] == {"status": "Rejected"}
    assert json.loads(one.alter(frame(4, "1", "InternalError", "", {})).text)[2] == {"status": "Rejected"}
    one.step_ended(StepResult("1", ""))
