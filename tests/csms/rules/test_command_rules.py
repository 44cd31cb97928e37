"""What the central system adds to each command: who may send it, what it is called, and what follows."""

import pytest

from access.actions import Permission
from csms.domain.commands import CommandEnding, CommandOutcome, Outcome
from csms.rules.command_rules import (
    COMMAND_RULES,
    check_rules,
    nothing_ends,
    rule_of,
)
from csms.rules.state import Decision, State
from csms.rules.variables import variables_answered
from ocppj.model.authorization import ClearCache
from ocppj.model.catalogue import COMMANDS
from tests.support.inbound import CP1, NOON


def test_every_command_has_a_rule() -> None:
    """One that lacks is named when the server is imported."""
    check_rules(COMMAND_RULES)
    with pytest.raises(TypeError, match="says nothing of: clear-cache"):
        check_rules({each: rule for each, rule in COMMAND_RULES.items() if each is not ClearCache})


def test_installers_may_try_a_station_out() -> None:
    """Trigger, start and stop, ask how it goes, reserve and cancel; all else takes who operates it."""
    trying = {name for name in COMMANDS if rule_of(name).action is Permission.TRY_OUT}
    charging = {"remote-start", "remote-stop", "get-transaction-status"}
    assert trying == {"trigger-message", *charging, "reserve", "cancel-reservation"}
    starting = {name for name in COMMANDS if rule_of(name).starts_something}
    assert starting == {"remote-start", "remote-stop", "reserve", "cancel-reservation"}


def test_labels_are_there_in_both_languages_and_tell_commands_apart() -> None:
    """The console's buttons."""
    labels = [rule.label for rule in COMMAND_RULES.values()]
    assert len({label.en for label in labels}) == len({label.fr for label in labels}) == len(COMMANDS)


def test_what_follows() -> None:
    """Variables are known, reservations, profiles and displays move; with most nothing ends."""
    following = {name for name in COMMANDS if rule_of(name).ended is not nothing_ends}
    limits = {name for name in COMMANDS if "charging-profile" in name or "schedule" in name}
    moved = {"get-variables", "set-variables", "reserve", "cancel-reservation", "remote-start"}
    displays = {"set-display-message", "get-display-messages", "clear-display-message"}
    assert following == moved | limits | displays
    assert rule_of("get-variables").ended is rule_of("set-variables").ended is variables_answered


def test_of_most_commands_only_their_own_rows_are_kept() -> None:
    """Neither when they are asked nor when they end."""
    rule, command = rule_of("clear-cache"), ClearCache()
    assert rule.requested("c1", CP1, command, "api:ann", NOON) == ()
    ending = CommandEnding("c1", CP1, command, "api:ann", CommandOutcome(Outcome.RESULT, "c1"), NOON)
    assert rule.ended(State(), ending) == Decision()
