"""The kinds of steps: each has a verb of its own, by which it is told apart."""

from typing import get_args

import pytest
from pydantic import ValidationError

from simulator.scenario.document import Scenario
from simulator.scenario.model import KINDS, AnyStep, GroupStep, PlugStep, Step, tag_of


def test_every_kind_is_in_the_union_and_in_the_table() -> None:
    """Once in each, under its own verb, which is also a field of it."""
    union, _ = get_args(AnyStep)
    members = {get_args(each)[0]: get_args(each)[1].tag for each in get_args(union)}
    assert set(members) == set(KINDS.values())
    for verb, kind in KINDS.items():
        assert (kind.verb, members[kind]) == (verb, tag_of(verb))
        assert verb in kind.model_fields
    assert not set(KINDS) & set(Step.model_fields)


def test_steps_can_be_built_in_code() -> None:
    """And stand in a scenario as they are."""
    steps = [PlugStep(), GroupStep(steps=[PlugStep()], repeat=2)]
    scenario = Scenario.model_validate({"scenario": "x", "title": "X", "steps": steps})
    assert scenario.steps == steps


def test_a_step_never_changes() -> None:
    """What was checked is what is played."""
    with pytest.raises(ValidationError, match="frozen"):
        PlugStep().keep_going = True  # type: ignore[misc]
