"""Case files: expanded, checked, and refused where they validate nothing."""

import pytest

from runtime.yaml_source import read_source
from simulator.conform.case import (
    SIDES,
    ConformCase,
    case_ids,
    case_in,
    is_validation,
    leaves,
    load_case,
    main_validation,
    order_of,
)
from simulator.conform.errors import ConformError
from simulator.conform.index import is_always_mandatory, profiles_of
from simulator.scenario import model
from simulator.scenario.errors import ScenarioFileError

EVERY = [(case_id, side) for side in SIDES for case_id in case_ids(side)]
CALL = "{action: GetVariables, payload: {}}"


def case_of(text: str) -> ConformCase:
    """A station case from its text."""
    return case_in(read_source(text, "x.yaml"), "TC_B_01_CS", "cs")


@pytest.mark.parametrize("side", SIDES)
def test_every_case_that_ships_is_whole(side: str) -> None:
    """It can be read, is in part 5, validates with a clause, and its condition agrees with part 5."""
    for case_id, its_side in EVERY:
        if its_side != side:
            continue
        case = load_case(case_id, its_side)
        assert profiles_of(case_id, its_side), f"{case_id} is in no profile"
        assert main_validation(case)[1].clause
        if is_always_mandatory(case_id, its_side):
            assert case.needs == "", f"{case_id} is mandatory without condition"


def test_cases_are_in_the_order_of_their_numbers() -> None:
    """2 comes before 10."""
    assert sorted(["TC_B_10_CS", "TC_C_01_CS", "TC_B_2_CS"], key=order_of)[0] == "TC_B_2_CS"
    assert order_of("else") == ("else", 0)


def test_a_case_without_a_validation_is_refused() -> None:
    """Also one whose CALL has no pattern for its answer."""
    for steps in ("- connect:", f"- call: {CALL}"):
        with pytest.raises(ScenarioFileError, match="a case has a validation"):
            case_of(f"title: T\nsteps:\n  {steps}\n")


def test_a_validation_without_a_clause_is_refused() -> None:
    """With its place."""
    with pytest.raises(ScenarioFileError, match=r"x.yaml:4:5: `expect` validates: name its `clause`"):
        case_of(
            "title: T\nsteps:\n  - never: {call: Heartbeat, from: station}\n    clause: B01.FR.01\n"
            "  - expect: {call: Heartbeat, from: station}\n".replace(
                "    clause: B01.FR.01\n", "", 1
            ).replace(
                "  - never: {call: Heartbeat, from: station}\n",
                "  - {never: {call: Heartbeat, from: station}, clause: B01.FR.01}\n",
            )
        )


def test_an_unknown_preparation_is_refused() -> None:
    """With the nearest one."""
    with pytest.raises(ScenarioFileError, match="there is no preparation `boted`; did you mean `booted`"):
        case_of("title: T\nsteps:\n  - use: boted\n")


def test_a_file_that_is_no_case_is_refused() -> None:
    """A list is none."""
    with pytest.raises(ScenarioFileError, match="a case is a mapping"):
        case_of("- a\n")


def test_a_case_that_is_not_there() -> None:
    """It is named, with the nearest one."""
    with pytest.raises(ConformError, match="there is no case TC_Z_99_CS"):
        load_case("TC_Z_99_CS", "cs")


def test_preparations_become_groups_with_what_they_are_given() -> None:
    """Numbers and texts; what is not given stays as it ships."""
    case = case_of(
        "title: T\nneeds: C-13\nsteps:\n  - steps:\n      - use: plugged\n        with: {place: 2}\n"
        "  - {status: Available, clause: B01.FR.05}\n  - {check: 1, is: 1, clause: B01.FR.01, main: true}\n"
    )
    (group, status, check) = case.scenario.steps
    assert isinstance(group, model.GroupStep)
    found = [step for _, step in leaves(case.scenario.steps)]
    assert isinstance(found[0], model.PlugStep)
    assert found[0].plug == model.ConnectorRef(evse=2)
    assert main_validation(case) == ("3", check)
    assert is_validation(status)
    assert (case.needs, case.title, case.block) == ("C-13", "T", "B")


def test_what_validates() -> None:
    """A connection that must be refused does, one that must be there does not."""
    refused = model.ConnectStep(connect=model.ConnectArguments(refused=True))
    assert is_validation(refused)
    assert not is_validation(model.ConnectStep())
    assert not is_validation(model.PowerCutStep())
