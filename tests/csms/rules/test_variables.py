"""What stations report of their variables."""

from csms.domain.commands import CommandEnding, CommandOutcome, Outcome
from csms.rules.rows import VariableRow
from csms.rules.state import State
from csms.rules.variables import variables_answered
from ocppj.model.boot import Reset
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.messages import Acknowledged
from ocppj.model.variables import (
    GetVariables,
    NotifyReport,
    ReportedAttribute,
    ReportedVariable,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.vocabulary import VariableRef
from tests.support.inbound import CP1, NOON, Bench

INTERVAL = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")
SECRET = VariableRef("SecurityCtrlr", "BasicAuthPassword")


def test_a_report_makes_a_row_per_variable_and_keeps_no_secret() -> None:
    """SEC-10: not even one that a station gives away."""
    bench = Bench()
    variables = (
        ReportedVariable(INTERVAL, "300", unit="s", data_type="integer", max_limit=900.0),
        ReportedVariable(SECRET, "hunter2hunter2hunter2"),
        ReportedVariable(VariableRef("ConfigurationKey", "AUTHORIZATIONKEY"), "68756e746572"),
    )
    report = NotifyReport(7, 0, is_last=True, variables=variables)
    assert bench.send(report, proposal=Acknowledged()) == Acknowledged()
    assert [row.value for row in bench.of_kind(VariableRow)] == ["300", None, None]
    assert "hunter2" not in repr(bench.events) + repr(bench.rows)
    assert bench.events[0].payload["variables"][0] == {
        "name": "OCPPCommCtrlr.HeartbeatInterval",
        "value": "300",
        "is_read_only": False,
    }
    assert bench.events[0].payload["is_last"] is True


def test_all_that_is_said_of_a_variable_is_kept() -> None:
    """Characteristics and other attributes; of a secret no attribute shows a value."""
    bench = Bench()
    target = ReportedAttribute("Target", "60")
    whole = ReportedVariable(
        INTERVAL,
        "300",
        min_limit=1.0,
        max_elements=2,
        values_list="300,60",
        is_persistent=True,
        supports_monitoring=True,
        attributes=(target,),
    )
    secret = ReportedVariable(SECRET, None, is_write_only=True, attributes=(target,))
    report = NotifyReport(7, 0, is_last=True, variables=(whole, secret))
    bench.send(report, proposal=Acknowledged())
    row, hidden = bench.of_kind(VariableRow)
    assert (row.min_limit, row.max_elements, row.values_list) == (1.0, 2, "300,60")
    assert (row.is_persistent, row.supports_monitoring, row.is_constant) == (True, True, False)
    assert (row.attributes, row.is_write_only) == ((target,), False)
    assert (hidden.attributes, hidden.is_write_only) == ((ReportedAttribute("Target", None),), True)


def answered(command: Command, answer: CommandAnswer) -> list[VariableRow]:
    """The rows that follow."""
    outcome = CommandOutcome(Outcome.RESULT, "c1", answer)
    decision = variables_answered(State(), CommandEnding("c1", CP1, command, "api", outcome, NOON))
    assert decision.events == ()
    return [row for row in decision.rows if isinstance(row, VariableRow)]


def test_what_was_read_and_what_was_set_is_known_afterwards() -> None:
    """The answer to a command tells; what was refused or waits for a reboot is not in force."""
    other = VariableRef("X", "Y")
    read = VariablesAnswer(
        "Accepted",
        variables=(VariableResult(INTERVAL, "Accepted", "60"), VariableResult(other, "UnknownVariable")),
    )
    (row,) = answered(GetVariables((INTERVAL, other)), read)
    assert (row.ref, row.value, row.keeps_details) == (INTERVAL, "60", True)
    assignments = (VariableAssignment(INTERVAL, "90"), VariableAssignment(other, "1"))
    done = VariablesAnswer(
        "Accepted",
        variables=(VariableResult(INTERVAL, "Accepted"), VariableResult(other, "RebootRequired")),
    )
    (row,) = answered(SetVariables(assignments), done)
    assert (row.ref, row.value) == (INTERVAL, "90")


def test_a_secret_that_was_set_is_not_kept() -> None:
    """Neither by its name nor by how it was marked."""
    odd = VariableRef("Vendor", "Pin")
    assignments = (VariableAssignment(SECRET, "s3cret"), VariableAssignment(odd, "s3cret", is_secret=True))
    results = tuple(VariableResult(each.ref, "Accepted") for each in assignments)
    answer = VariablesAnswer("Accepted", variables=results)
    rows = answered(SetVariables(assignments), answer)
    assert [row.value for row in rows] == [None, None]


def test_an_inventory_brings_its_details() -> None:
    """1.6 GetConfiguration without keys."""
    answer = VariablesAnswer(
        "Accepted",
        variables=(VariableResult(INTERVAL, "Accepted", "60"),),
        inventory=(ReportedVariable(INTERVAL, "60", is_read_only=True),),
    )
    (row,) = answered(GetVariables(), answer)
    assert row.is_read_only
    assert not row.keeps_details


def test_other_commands_tell_nothing_of_variables() -> None:
    """A reset."""
    assert answered(Reset(), CommandAnswer("Accepted")) == []
