"""A command with a list in as many messages as a station's limits ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.dividing import FRAME_BYTES, NO_LIMITS, MessageLimits, divided, too_much
from ocppj.model.authorization import ClearCache
from ocppj.model.command import Command
from ocppj.model.local_list import SendLocalList
from ocppj.model.variables import GetReport, GetVariables, SetVariables, VariableAssignment, VariablePattern
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken, LocalListEntry, LocalListUpdate, VariableRef


def reading(*names: str) -> GetVariables:
    """Of these variables."""
    return GetVariables(tuple(VariableRef("C", name) for name in names))


def listed(command: Command) -> int:
    """How long the list is; a byte for each of its items."""
    return len(getattr(command, command.listed))


@given(
    st.lists(st.text("ab", min_size=1, max_size=9), max_size=30, unique=True),
    st.none() | st.integers(1, 9),
    st.none() | st.integers(FRAME_BYTES + 1, FRAME_BYTES + 60),
)
def test_nothing_is_lost_and_each_message_fits(names: list[str], items: int | None, size: int | None) -> None:
    """B05.FR.11, B06.FR.05: in order; only one item alone may be too long."""
    whole = reading(*names)
    parts = divided(whole, MessageLimits(items, size), lambda part: 9 * listed(part))
    assert [ref for part in parts for ref in part.refs] == list(whole.refs)  # type: ignore[attr-defined]
    for part in parts:
        assert items is None or listed(part) <= items
        assert size is None or listed(part) <= 1 or 9 * listed(part) + FRAME_BYTES <= size


def test_attributes_go_with_their_variables() -> None:
    """And assignments stay as they are."""
    refs = tuple(VariableRef("C", name) for name in "abc")
    parts = divided(GetVariables(refs, ("Actual", "Target", "MaxSet")), MessageLimits(2), listed)
    assert parts == [GetVariables(refs[:2], ("Actual", "Target")), GetVariables(refs[2:], ("MaxSet",))]
    assignments = tuple(VariableAssignment(ref, "1") for ref in refs)
    assert divided(SetVariables(assignments), MessageLimits(2), listed) == [
        SetVariables(assignments[:2]),
        SetVariables(assignments[2:]),
    ]


def test_a_local_list_is_sent_whole_by_what_is_added_to_it() -> None:
    """D01.FR.03, .19: each is newer than the one before, and the last one bears the version."""
    entries = tuple(LocalListEntry(IdToken(name), None) for name in "abc")
    parts = divided(SendLocalList(7, LocalListUpdate.FULL, entries), MessageLimits(1), listed)
    assert [(each.version, each.update.value) for each in parts] == [  # type: ignore[attr-defined]
        (5, "Full"),
        (6, "Differential"),
        (7, "Differential"),
    ]


@pytest.mark.parametrize("command", [ClearCache(), reading("a"), reading(), GetReport(1)])
def test_what_is_short_stays_one(command: Command) -> None:
    """Also a command without a list, and where nobody knows a limit."""
    assert divided(command, MessageLimits(1, 1), lambda _: 999) == (command,)
    assert divided(reading("a", "b"), NO_LIMITS, listed) == (reading("a", "b"),)
    assert command.part(0, 9) == command


def test_what_cannot_be_divided_is_refused() -> None:
    """A report is one request (B08.FR.06); an item may be longer than a message."""
    patterns = (VariablePattern("C"), VariablePattern("D"))
    assert "takes 1 items" in (too_much(GetReport(1, (), patterns), MessageLimits(1), listed) or "")
    assert "takes 101 bytes" in (too_much(reading("a"), MessageLimits(None, 101), lambda _: 9) or "")
    assert too_much(GetReport(1, (), patterns), MessageLimits(2), listed) is None
    assert too_much(ClearCache(), MessageLimits(1, 1), lambda _: 999) is None


@pytest.mark.parametrize("version", OcppVersion)
def test_the_calls_of_each_version(version: OcppVersion) -> None:
    """1.6 has GetConfigurationMaxKeys; what is too much is said before the wire."""
    translation, limits = translation_for(version), MessageLimits(1)
    refs = (VariableRef("OCPPCommCtrlr", "HeartbeatInterval"), VariableRef("TxCtrlr", "EVConnectionTimeOut"))
    assert len(translation.calls(GetVariables(refs), limits)) == 2
    assert translation.too_much(GetVariables(refs), limits) is None
    assert translation.too_much(GetVariables(refs), MessageLimits(None, 50)) is not None or (
        version is OcppVersion.V16
    )
