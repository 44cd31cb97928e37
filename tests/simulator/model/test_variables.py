"""The store of variables: what may be set, what needs a reboot, what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import VariableRef
from simulator.model.variables import Kind, Mutability, SetStatus, StationVariable, VariableStore, index

REF = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")


def store(*variables: StationVariable) -> VariableStore:
    """A store of these."""
    return VariableStore(index(variables))


def one(kind: Kind = Kind.STRING, **limits: object) -> StationVariable:
    """A variable of that kind."""
    return StationVariable(ref=REF, kind=kind, **limits)  # type: ignore[arg-type] # limits by name


@pytest.mark.parametrize(
    ("variable", "good", "bad"),
    [
        (one(Kind.BOOLEAN), ["true", "False", "TRUE"], ["", "1", "yes"]),
        (one(Kind.INTEGER, minimum=0, maximum=10), ["0", "10", "+3"], ["-1", "11", "1.5", "", "ten"]),
        (one(Kind.DECIMAL, minimum=0.5), ["0.5", "1e3"], ["0.4", "x"]),
        (one(Kind.STRING, minimum=2, maximum=4), ["ab", "abcd"], ["a", "abcde"]),
        (one(Kind.STRING), ["", "x" * 2500], ["x" * 2501]),
        (one(Kind.OPTION_LIST, options=("A", "B")), ["A"], ["a", "", "A,B"]),
        (one(Kind.MEMBER_LIST, options=("A", "B")), ["A", "A,B", "B, A", ""], ["A,C"]),
        (one(Kind.MEMBER_LIST), ["anything,at,all"], []),
    ],
)
def test_value_must_suit_its_kind(variable: StationVariable, good: list[str], bad: list[str]) -> None:
    """What does not is Rejected and changes nothing."""
    for value in good:
        assert store(variable).write(REF, value) is SetStatus.ACCEPTED
    for value in bad:
        found = store(variable)
        assert found.write(REF, value) is SetStatus.REJECTED
        assert found.value(REF) is None


def test_names_compare_without_case() -> None:
    """As configuration keys do (quirk 69) and variables too."""
    found = store(one())
    shouted = VariableRef("OCPPCOMMCTRLR", "heartbeatINTERVAL")
    assert found.write(shouted, "5") is SetStatus.ACCEPTED
    assert found.value(REF) == "5"
    assert found.find(shouted) is not None


def test_unknown_component_and_unknown_variable_differ() -> None:
    """2.0.1 B05.FR.04 and B05.FR.05."""
    found = store(one())
    assert found.write(VariableRef("OCPPCommCtrlr", "Nonsense"), "1") is SetStatus.UNKNOWN_VARIABLE
    assert found.write(VariableRef("Nonsense", "Nonsense"), "1") is SetStatus.UNKNOWN_COMPONENT
    elsewhere = VariableRef("OCPPCommCtrlr", "HeartbeatInterval", evse_id=1)
    assert found.write(elsewhere, "1") is SetStatus.UNKNOWN_COMPONENT


def test_read_only_is_for_the_station_itself() -> None:
    """`put` may, and tells nobody; `write` may not."""
    found = store(one(mutability=Mutability.READ_ONLY))
    heard: list[str] = []
    found.subscribe(lambda _ref, value: heard.append(value))
    assert found.write(REF, "1") is SetStatus.REJECTED
    found.put(REF, "2")
    assert (found.value(REF), heard) == ("2", [])


def test_reboot_brings_into_force_what_waited_for_it() -> None:
    """Until then the old value stands; listeners hear of it then."""
    found = store(one(value="old", needs_reboot=True))
    heard: list[tuple[VariableRef, str]] = []
    found.subscribe(lambda ref, value: heard.append((ref, value)))
    assert found.write(REF, "new") is SetStatus.REBOOT_REQUIRED
    assert (found.value(REF), heard) == ("old", [])
    found.restart()
    assert (found.value(REF), heard) == ("new", [(REF, "new")])
    found.restart()
    assert len(heard) == 1


def test_values_as_words_numbers_and_truths() -> None:
    """With a default where there is none, or none that can be read."""
    found = store(
        StationVariable(ref=VariableRef("C", "List"), value="a, b,,c"),
        StationVariable(ref=VariableRef("C", "Number"), value="7"),
        StationVariable(ref=VariableRef("C", "Odd"), value="seven"),
        StationVariable(ref=VariableRef("C", "Truth"), value="True"),
        StationVariable(ref=VariableRef("C", "Part", variable_instance="x"), value="1"),
    )
    assert found.words("C", "List") == ("a", "b", "c")
    assert found.words("C", "Missing") == ()
    assert (found.number("C", "Number", 1), found.number("C", "Odd", 1), found.number("C", "No", 2)) == (
        7,
        1,
        2,
    )
    assert found.number("C", "Part", 0, "x") == 1
    assert (found.flag("C", "Truth"), found.flag("C", "Missing")) == (True, False)
    assert found.text("C", "Missing", "none") == "none"
    assert len(found) == len(list(found)) == 5


PLACES = st.builds(
    VariableRef,
    component=st.sampled_from(["A", "B"]),
    variable=st.sampled_from(["x", "y"]),
    variable_instance=st.sampled_from([None, "one"]),
    evse_id=st.sampled_from([None, 1, 2]),
    connector_id=st.sampled_from([None, 1]),
)


@given(st.dictionaries(PLACES, st.text(max_size=20)), st.sets(PLACES))
def test_what_was_changed_can_be_restored(values: dict[VariableRef, str], reboot: set[VariableRef]) -> None:
    """In a new store of the same variables, those that waited for a reboot included."""
    variables = [StationVariable(ref=ref, value="default", needs_reboot=ref in reboot) for ref in values]
    before, after = store(*variables), store(*variables)
    for ref, value in values.items():
        before.write(ref, value)
    after.restore(before.changed())
    before.restart()
    for ref in values:
        assert after.value(ref) == before.value(ref)


def test_kept_values_of_variables_that_are_gone_are_dropped() -> None:
    """A newer template may lack some; what is read-only follows from what the station does."""
    before = store(one(mutability=Mutability.READ_ONLY), StationVariable(ref=VariableRef("C", "Old")))
    before.put(REF, "state")
    before.write(VariableRef("C", "Old"), "kept")
    assert list(before.changed().values()) == ["kept"]
    after = store(one())
    after.restore(before.changed())
    assert after.changed() == {}
