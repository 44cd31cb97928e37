"""The list of gates, and the tables that are made from it."""

import itertools
import pkgutil

import pytest

from ocppj.vocabulary import RegistrationStatus
from provisioning import gates
from provisioning.gates.gate import Gate
from provisioning.gates.table import BLOCKED_BY, BOOT_ANSWERS, CONDITIONS, GATES, Interval, gates_table, table
from provisioning.lifecycle import Lifecycle


def test_every_file_of_a_gate_is_in_the_list() -> None:
    """A gate that nobody lists holds up nobody."""
    besides = {"facts", "gate", "table", "standing"}
    files = {name for _, name, _ in pkgutil.iter_modules(gates.__path__)} - besides
    assert files == {gate.name.replace("-", "_") for gate in GATES}


def test_a_gate_waits_only_for_gates_before_it() -> None:
    """One walk over the list decides; a misspelt name would wait for nothing."""
    before: set[str] = set()
    for gate in GATES:
        assert set(gate.after) <= before, gate.name
        before.add(gate.name)
    assert len(before) == len(GATES)


def test_states_come_in_the_order_of_the_gates() -> None:
    """How far a station is grows with what it has passed."""
    order = list(Lifecycle)
    states = [order.index(gate.state) for gate in GATES]
    assert states == sorted(states)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_a_code_belongs_to_one_gate(gate: Gate) -> None:
    """Whoever reads it knows which requirement is meant."""
    others = itertools.chain.from_iterable(each.codes for each in GATES if each is not gate)
    assert gate.codes
    assert not set(gate.codes) & set(others)


def test_every_state_has_a_boot_answer_and_a_condition() -> None:
    """Accepted only in service; a suspended station stays accepted."""
    assert set(BOOT_ANSWERS) == set(CONDITIONS) == set(BLOCKED_BY) == set(Lifecycle)
    accepted = {state for state, (answer, _) in BOOT_ANSWERS.items() if answer is RegistrationStatus.ACCEPTED}
    assert accepted == {Lifecycle.ACTIVE, Lifecycle.SUSPENDED}
    for state, (answer, interval) in BOOT_ANSWERS.items():
        is_accepted = answer is RegistrationStatus.ACCEPTED
        assert interval is (Interval.HEARTBEAT if is_accepted else Interval.PENDING), state


def test_the_table_shows_every_state() -> None:
    """One row each, with what blocks it and who clears that."""
    rows = table().splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == [f"`{state.value}`" for state in Lifecycle]
    assert "`E_NOT_SEEN`, `E_NOT_LOCALIZED`" in rows[1]
    assert rows[5].endswith("| – | – |")


def test_the_table_of_gates_shows_each() -> None:
    """What it asks for, what it waits for, and who clears it."""
    rows = gates_table().splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == [f"`{gate.name}`" for gate in GATES]
    assert rows[1] == "| `powered` | Powered up and connected | `ordered` | `E_NOT_SEEN` | installer |"
