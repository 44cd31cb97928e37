"""A lifecycle status is a pure function of facts, and a checklist says the same gate by gate."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import StationId
from provisioning.blockers import Clearer, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.lifecycle_status import derive
from provisioning.gates.table import BLOCKED_BY
from provisioning.lifecycle import TRANSITIONS, Lifecycle
from provisioning.lifecycle_moves import LiveFacts, Move
from runtime.wording import Phrase
from tests.support.gates import GATE_FACTS, REMARK, STUCK

Change = Callable[[GateFacts], GateFacts | None]
"""What people and stations do to the facts; None where it cannot be done."""


def _taken_away(known: GateFacts) -> GateFacts | None:
    if not known.is_assigned:
        return None
    return replace(
        known,
        is_assigned=False,
        is_requested=False,
        is_released=False,
        is_activated=False,
        is_suspended=False,
    )


CHANGES: dict[str, Change] = {
    "ordered or adopted": lambda f: replace(f, is_ours=True) if not f.is_ours else None,
    "adopted at a place": lambda f: replace(f, is_ours=True, is_assigned=True) if not f.is_ours else None,
    "adopted at a place, approved": lambda f: (
        replace(f, is_ours=True, is_assigned=True, is_requested=True) if not f.is_ours else None
    ),
    "booted": lambda f: replace(f, is_seen=True, is_activated=f.is_activated or f.is_released),
    "test window opened": lambda f: (
        replace(f, tested_until="noon") if f.is_ours and f.is_seen and not f.is_released else None
    ),
    "test window over": lambda f: replace(f, tested_until="") if f.tested_until else None,
    "claimed": lambda f: replace(f, is_assigned=True) if f.is_ours and not f.is_assigned else None,
    "claimed, approved": lambda f: (
        replace(f, is_assigned=True, is_requested=True) if f.is_ours and not f.is_assigned else None
    ),
    "asked for": lambda f: replace(f, is_requested=True) if f.is_assigned else None,
    "released": lambda f: (
        replace(f, is_released=True) if f.is_requested and f.is_seen and not f.tested_until else None
    ),
    "released while accepted": lambda f: (
        replace(f, is_released=True, is_activated=True)
        if f.is_requested and f.is_seen and not f.tested_until
        else None
    ),
    "suspended": lambda f: replace(f, is_suspended=True) if f.is_activated else None,
    "resumed": lambda f: replace(f, is_suspended=False) if f.is_activated else None,
    "taken away": _taken_away,
    "cancelled": lambda f: (
        replace(f, is_ours=False, tested_until="") if f.is_ours and not f.is_assigned else None
    ),
}


def reachable() -> set[tuple[Lifecycle, Lifecycle]]:
    """Every pair of states that some sequence of changes leads from and to."""
    begins = [GateFacts(is_seen=True), GateFacts(is_ours=True)]
    seen, waiting, moves = set(begins), list(begins), set()
    while waiting:
        known = waiting.pop()
        for change in CHANGES.values():
            after = change(known)
            if after is None:
                continue
            moves.add((derive(known).state, derive(after).state))
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return {(before, after) for before, after in moves if before is not after}


def test_the_table_of_transitions_is_what_can_happen() -> None:
    """No move that it lacks, and none in it that cannot be made."""
    assert reachable() == {(before, after) for before, _, after in TRANSITIONS}


@pytest.mark.parametrize(
    ("known", "state", "codes"),
    [
        (GateFacts(), Lifecycle.QUARANTINE, ["E_NOT_ORDERED"]),
        (GateFacts(is_seen=True), Lifecycle.QUARANTINE, ["E_NOT_ORDERED"]),
        (GateFacts(is_ours=True), Lifecycle.ORDERED, ["E_NOT_SEEN", "E_NOT_LOCALIZED"]),
        (GateFacts(is_ours=True, is_assigned=True), Lifecycle.ORDERED, ["E_NOT_SEEN"]),
        (GateFacts(is_ours=True, is_seen=True), Lifecycle.POWERED, ["E_NOT_LOCALIZED"]),
        (
            GateFacts(is_ours=True, is_seen=True, is_assigned=True),
            Lifecycle.LOCALIZED,
            ["E_NOT_ACTIVATED"],
        ),
        (
            GateFacts(is_ours=True, is_seen=True, is_assigned=True, is_requested=True),
            Lifecycle.CONFIGURING,
            ["W_CONFIGURING"],
        ),
        (
            GateFacts(is_ours=True, is_seen=True, is_assigned=True, is_requested=True, is_activated=True),
            Lifecycle.ACTIVE,
            [],
        ),
        (
            GateFacts(
                is_ours=True,
                is_seen=True,
                is_assigned=True,
                is_activated=True,
                is_suspended=True,
                suspend_reason="x",
            ),
            Lifecycle.SUSPENDED,
            ["E_SUSPENDED"],
        ),
    ],
)
def test_each_state_from_its_facts(known: GateFacts, state: Lifecycle, codes: list[str]) -> None:
    """And what is in its way."""
    lifecycle_status = derive(known)
    assert lifecycle_status.state is state
    assert [each.code.value for each in lifecycle_status.blocked_by] == codes


@given(known=GATE_FACTS)
def test_a_state_is_total_and_names_who_acts(known: GateFacts) -> None:
    """Any facts have one state; what blocks it is in the table, in both languages, with a way out."""
    lifecycle_status = derive(known)
    assert {each.code for each in lifecycle_status.blocked_by} <= set(BLOCKED_BY[lifecycle_status.state])
    assert bool(lifecycle_status.blocked_by) is (lifecycle_status.state is not Lifecycle.ACTIVE)
    assert (lifecycle_status.who_clears is None) is (not lifecycle_status.in_the_way)
    assert set(lifecycle_status.blocked_by) <= set(lifecycle_status.in_the_way)
    for each in (*lifecycle_status.blocked_by, *lifecycle_status.remarks):
        assert isinstance(each.who_clears, Clearer)
        assert each.text.fr
        assert each.text.en
        assert each.way_out.en
        assert each.way_out.fr


@given(known=GATE_FACTS, online=st.booleans())
def test_what_is_for_people_moves_no_state(known: GateFacts, online: bool) -> None:
    """Link, progress, pending changes and remarks only tell."""
    told = replace(known, is_online=online, progress=None, pending=None, remarks=(), suspend_reason="")
    assert derive(told).state is derive(known).state


@given(known=GATE_FACTS)
def test_more_facts_never_move_a_station_back(known: GateFacts) -> None:
    """Out of order is normal: a later fact adds, it takes nothing away (suspension aside)."""
    order = list(Lifecycle)
    for name in ("is_ours", "is_seen", "is_assigned", "is_requested", "is_activated"):
        fact: dict[str, Any] = {name: True}
        later = replace(known, **fact)
        assert order.index(derive(later).state) >= order.index(derive(known).state)


@given(known=GATE_FACTS)
def test_remarks_are_never_lost(known: GateFacts) -> None:
    """What a station refused or lacks is shown in every state."""
    assert derive(known).remarks[-len(known.remarks) or 99 :] == known.remarks


CONFIGURING = GateFacts(is_ours=True, is_seen=True, is_assigned=True, is_requested=True)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (replace(CONFIGURING, progress=STUCK), Code.STEP_STUCK),
        (replace(CONFIGURING, is_released=True), Code.WAITING_FOR_BOOT),
        (replace(CONFIGURING, is_paused=True, progress=STUCK), Code.UNDER_TEST),
        (replace(CONFIGURING, is_paused=True, is_online=False), Code.STATION_OFFLINE),
        (replace(CONFIGURING, is_online=False, is_released=True, progress=STUCK), Code.STATION_OFFLINE),
    ],
)
def test_what_holds_up_a_configuration(known: GateFacts, code: Code) -> None:
    """Offline comes first: nothing else can be done about it."""
    assert [each.code for each in derive(known).blocked_by] == [code]


def test_a_configuration_that_has_told_nothing_yet_is_at_its_beginning() -> None:
    """A sentence with one full stop."""
    (told,) = derive(CONFIGURING).blocked_by
    assert told.text == Phrase("Configuration en cours : au début.", "Being configured: at its beginning.")


def test_a_change_for_a_station_in_service_is_pending_until_proved() -> None:
    """A remark, not a blocker: it charges on; what keeps it from the station is told too."""
    active = replace(CONFIGURING, is_activated=True, pending=Phrase("tarif", "tariff"))
    (pending,) = derive(active).remarks
    assert pending.code is Code.CHANGE_PENDING
    assert "tariff" in pending.text.en
    assert "tarif" in pending.text.fr
    assert derive(active).blocked_by == ()
    assert derive(replace(active, progress=STUCK)).remarks == (pending, STUCK)
    going_on = blocker(Code.CONFIGURING, step="clock")
    assert derive(replace(active, progress=going_on)).remarks == (pending,)
    _, paused = derive(replace(active, is_paused=True, progress=STUCK)).remarks
    assert paused.code is Code.UNDER_TEST
    assert derive(replace(CONFIGURING, pending=Phrase("tarif", "tariff"))).remarks == ()


@given(known=GATE_FACTS, other=GATE_FACTS)
def test_what_is_the_same_is_not_told_again(known: GateFacts, other: GateFacts) -> None:
    """Blockers are values: a move is one exactly where state, blockers or remarks are others."""
    before, now = derive(known), derive(other)
    told = (before.state, before.blocked_by, before.remarks) != (now.state, now.blocked_by, now.remarks)
    assert Move(StationId("cp"), before, now, LiveFacts()).is_published is told
    assert not Move(StationId("cp"), before, derive(replace(known)), LiveFacts()).is_published


@given(known=GATE_FACTS)
def test_remarks_of_the_moment_come_first(known: GateFacts) -> None:
    """What a station suffers from now does not move it, and stands before what it lacks."""
    lifecycle_status = derive(known)
    amid = lifecycle_status.amid((REMARK,))
    assert (amid.state, amid.blocked_by) == (lifecycle_status.state, lifecycle_status.blocked_by)
    assert amid.remarks == (REMARK, *lifecycle_status.remarks)
    assert lifecycle_status.amid(()) is lifecycle_status


def test_what_has_to_be_done_names_the_station() -> None:
    """In each way out, of blockers and of remarks."""
    told = derive(GateFacts(is_ours=True, is_seen=True, is_assigned=True, remarks=(REMARK,))).at("AB12")
    assert any("AB12" in str(each.way_out) for each in told.in_the_way)
    assert "{id}" not in str([each.way_out for each in (*told.blocked_by, *told.remarks)])
