"""A command says by itself what it is called, which versions have it, and what a good answer is."""

from ocppj.model.authorization import ClearCache
from ocppj.model.boot import Reset
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command, CommandAnswer, ScheduledAnswer
from ocppj.model.local_list import NO_LIST, ListVersionAnswer
from ocppj.model.remote_control import UnlockAnswer
from ocppj.model.variables import (
    GetBaseReport,
    GetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
    results_of,
)
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef

REF = VariableRef("C", "V")


def test_every_command_is_whole() -> None:
    """A name as it stands in a path, a sentence for the reference, a version, a class for its answer."""
    for name, command in COMMANDS.items():
        assert command.name == name
        assert name == name.lower()
        assert issubclass(command, Command)
        assert issubclass(command.answer, CommandAnswer)
        assert command.versions
        assert (command.__doc__ or "").strip().partition("\n")[0].endswith((".", ":", "empties it."))


def test_a_version_that_lacks_a_command_says_what_to_do_instead() -> None:
    """Where there is something."""
    assert GetBaseReport.lacking_reason(OcppVersion.V201) is None
    reason = GetBaseReport.lacking_reason(OcppVersion.V16)
    assert (
        reason == "OCPP 1.6 has no GetBaseReport: read the configuration with GetVariables without references"
    )
    assert all(ClearCache.lacking_reason(version) is None for version in OcppVersion)


def test_good_answers() -> None:
    """Each by its own words."""
    assert CommandAnswer().is_accepted
    assert not CommandAnswer("Scheduled").is_accepted
    assert ScheduledAnswer("Scheduled").is_accepted
    assert Reset.answer is ScheduledAnswer
    assert UnlockAnswer("Unlocked").is_accepted
    assert not UnlockAnswer("Accepted").is_accepted
    assert ListVersionAnswer(local_list_version=0).is_accepted
    assert not ListVersionAnswer(local_list_version=NO_LIST).is_accepted


def test_reasons() -> None:
    """A code, what there is more to say, or both."""
    assert CommandAnswer("Rejected").reason is None
    assert CommandAnswer("Rejected", "Busy").reason == "Busy"
    assert CommandAnswer("Rejected", "Busy", "until noon").reason == "Busy: until noon"
    assert CommandAnswer("Rejected", None, "until noon").reason == "until noon"


def test_answers_of_variables_sum_up() -> None:
    """Accepted, or the first that is not; what waits for a reboot is agreed to."""
    waits, refused = VariableResult(REF, "RebootRequired"), VariableResult(REF, "Rejected")
    assert VariablesAnswer.of((waits,)).status == "Accepted"
    assert VariablesAnswer.of((waits, refused)).status == "Rejected"
    assert results_of(VariablesAnswer.of((waits,))) == (waits,)
    assert results_of(CommandAnswer()) == ()


def test_attributes_are_actual_where_none_is_named() -> None:
    """One for each variable."""
    assert GetVariables((REF,)).requested == ((REF, "Actual"),)
    assert GetVariables((REF,), ("Target",)).requested == ((REF, "Target"),)


def test_a_secret_is_not_shown() -> None:
    """Neither in a log nor in a failed assertion."""
    assert "hunter2" not in repr(VariableAssignment(REF, "hunter2", is_secret=True))
    assert "60" in repr(VariableAssignment(REF, "60"))
