"""The list of gates, and the tables that are made from it."""

import itertools
import pkgutil
from dataclasses import replace

import pytest
from hypothesis import given

from ocppj.vocabulary import RegistrationStatus
from provisioning import gates
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.gates.lifecycle_status import derive
from provisioning.gates.table import (
    BLOCKED_BY,
    BOOT_ANSWERS,
    CONDITIONS,
    GATES,
    GateStatus,
    Interval,
    checklist,
    gates_table,
    table,
)
from provisioning.lifecycle import Lifecycle
from tests.support.gates import GATE_FACTS


def test_every_file_of_a_gate_is_in_the_list() -> None:
    """A gate that nobody lists holds up nobody."""
    besides = {"facts", "gate", "table", "lifecycle_status"}
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
    """Accepted only in service and in a test window; a suspended station stays accepted."""
    assert set(BOOT_ANSWERS) == set(CONDITIONS) == set(BLOCKED_BY) == set(Lifecycle)
    accepted = {state for state, (answer, _) in BOOT_ANSWERS.items() if answer is RegistrationStatus.ACCEPTED}
    assert accepted == {Lifecycle.TESTING, Lifecycle.ACTIVE, Lifecycle.SUSPENDED}
    for state, (answer, interval) in BOOT_ANSWERS.items():
        is_accepted = answer is RegistrationStatus.ACCEPTED
        assert interval is (Interval.HEARTBEAT if is_accepted else Interval.PENDING), state


def test_the_table_shows_every_state() -> None:
    """One row each, with what blocks it and who clears that."""
    rows = table().splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == [f"`{state.value}`" for state in Lifecycle]
    assert "`E_NOT_SEEN`, `E_NOT_LOCALIZED`" in rows[2]
    assert rows[6].endswith("| – | – |")


def test_what_waits_for_a_gate_is_in_the_way_only_behind_it() -> None:
    """Nor what waits for one that waits: a station that was never here cannot be resumed."""
    of_the_site = (
        Code.SITE_UNSAFE,
        Code.SIGNAL_BELOW_MIN,
        Code.SITE_UNPREPARED,
        Code.SITE_NOT_APPROVED,
    )
    of_the_account = (
        Code.ACCT_BEFORE_CHARGE,
        Code.ORG_UNCONFIRMED,
        Code.FLEX_REQUIRED,
        Code.CONTACTS_MISSING,
    )
    assert BLOCKED_BY[Lifecycle.ORDERED] == (
        Code.NOT_SEEN,
        Code.NOT_LOCALIZED,
        *of_the_site,
        *of_the_account,
    )
    assert [state for state, codes in BLOCKED_BY.items() if Code.SUSPENDED in codes] == [Lifecycle.SUSPENDED]


def test_the_table_of_gates_shows_each() -> None:
    """What it asks for, what it waits for, and who clears it."""
    rows = gates_table().splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == [f"`{gate.name}`" for gate in GATES]
    assert rows[2] == "| `powered` | Powered up and connected | `ordered` | `E_NOT_SEEN` | installer |"


# --- The checklist ------------------------------------------------------------------------------------------


def lines(known: GateFacts) -> dict[str, str]:
    """Gate by gate."""
    return {each.gate.name: each.status.value for each in checklist(known)}


@pytest.mark.requirement("R1", "refuses")
def test_a_new_station_is_asked_for_power_and_place_at_once() -> None:
    """Two people can act on the same day; what comes after waits; nobody is asked to resume it."""
    assert lines(GateFacts(is_ours=True)) == {
        "ordered": "passed",
        "powered": "blocked",
        "localized": "blocked",
        "requested": "waiting",
        "configured": "waiting",
    }
    assert set(list(lines(GateFacts()).values())[1:]) == {"waiting"}


@pytest.mark.requirement("R1", "passes")
def test_a_station_in_service_has_passed_what_led_there() -> None:
    """Whatever became of it since: a requirement that is new takes no station out of service."""
    known = GateFacts(is_ours=True, is_activated=True, is_suspended=True)
    told = lines(known)
    assert told.pop("in-service") == "blocked"
    assert set(told.values()) == {"passed"}
    assert set(lines(replace(known, is_suspended=False)).values()) == {"passed"}


@given(known=GATE_FACTS)
def test_a_checklist_says_what_the_standing_says(known: GateFacts) -> None:
    """What is blocked is in the way, in that order; what waits, waits for a line that is not passed."""
    told = checklist(known)
    blocked = [each.blocker for each in told if each.blocker is not None]
    assert tuple(blocked) == derive(known).blocked_by
    assert all((each.status is GateStatus.BLOCKED) is (each.blocker is not None) for each in told)
    open_gates = {each.gate.name for each in told if each.status is not GateStatus.PASSED}
    for each in told:
        if each.status is GateStatus.WAITING:
            assert open_gates & set(each.gate.after)


def test_a_line_is_told_with_what_to_do() -> None:
    """The station's id is filled in."""
    line = checklist(GateFacts(is_ours=True))[1].at("AB12")
    assert (line.gate.name, line.status) == ("powered", "blocked")
    assert line.blocker == blocker(Code.NOT_SEEN).at("AB12")
    passed = checklist(GateFacts(is_ours=True))[0]
    assert passed.at("AB12") is passed
