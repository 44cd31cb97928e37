"""The lifecycle as a pure function of facts, the tables beside it, and the drawing made from them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import RegistrationStatus
from provisioning.blockers import Blocker, Clearer, Code
from provisioning.catalogue import blocker
from provisioning.lifecycle import (
    BLOCKED_BY,
    BOOT_ANSWERS,
    CONDITIONS,
    TRANSITIONS,
    Facts,
    Interval,
    Lifecycle,
    derive,
    diagram,
    table,
)
from runtime.wording import Phrase

STUCK = blocker(Code.STEP_STUCK, step="clock", reason="no answer", wait=5)
REMARK = blocker(Code.KEY_LACKING, key="X")
facts = st.builds(
    Facts,
    is_ours=st.booleans(),
    is_seen=st.booleans(),
    is_assigned=st.booleans(),
    is_requested=st.booleans(),
    is_released=st.booleans(),
    is_activated=st.booleans(),
    is_suspended=st.booleans(),
    suspend_reason=st.text(max_size=20),
    is_online=st.booleans(),
    progress=st.sampled_from([None, STUCK, blocker(Code.CONFIGURING, step="clock")]),
    is_paused=st.booleans(),
    pending=st.sampled_from([None, Phrase("tarif", "tariff")]),
    remarks=st.sampled_from([(), (REMARK,)]),
)

Change = Callable[[Facts], Facts | None]
"""What people and stations do to the facts; None where it cannot be done."""


def _taken_away(known: Facts) -> Facts | None:
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
    "claimed": lambda f: replace(f, is_assigned=True) if f.is_ours and not f.is_assigned else None,
    "claimed, approved": lambda f: (
        replace(f, is_assigned=True, is_requested=True) if f.is_ours and not f.is_assigned else None
    ),
    "asked for": lambda f: replace(f, is_requested=True) if f.is_assigned else None,
    "released": lambda f: replace(f, is_released=True) if f.is_requested and f.is_seen else None,
    "released while accepted": lambda f: (
        replace(f, is_released=True, is_activated=True) if f.is_requested and f.is_seen else None
    ),
    "suspended": lambda f: replace(f, is_suspended=True) if f.is_activated else None,
    "resumed": lambda f: replace(f, is_suspended=False) if f.is_activated else None,
    "taken away": _taken_away,
    "cancelled": lambda f: replace(f, is_ours=False) if f.is_ours and not f.is_assigned else None,
}


def reachable() -> set[tuple[Lifecycle, Lifecycle]]:
    """Every pair of states that some sequence of changes leads from and to."""
    begins = [Facts(is_seen=True), Facts(is_ours=True)]
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
        (Facts(), Lifecycle.QUARANTINE, ["E_NOT_ORDERED"]),
        (Facts(is_seen=True), Lifecycle.QUARANTINE, ["E_NOT_ORDERED"]),
        (Facts(is_ours=True), Lifecycle.ORDERED, ["E_NOT_SEEN", "E_NOT_LOCALIZED"]),
        (Facts(is_ours=True, is_assigned=True), Lifecycle.ORDERED, ["E_NOT_SEEN"]),
        (Facts(is_ours=True, is_seen=True), Lifecycle.POWERED, ["E_NOT_LOCALIZED"]),
        (
            Facts(is_ours=True, is_seen=True, is_assigned=True),
            Lifecycle.LOCALIZED,
            ["E_NOT_ACTIVATED"],
        ),
        (
            Facts(is_ours=True, is_seen=True, is_assigned=True, is_requested=True),
            Lifecycle.CONFIGURING,
            ["W_CONFIGURING"],
        ),
        (
            Facts(is_ours=True, is_seen=True, is_assigned=True, is_requested=True, is_activated=True),
            Lifecycle.ACTIVE,
            [],
        ),
        (
            Facts(
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
def test_each_state_from_its_facts(known: Facts, state: Lifecycle, codes: list[str]) -> None:
    """And what is in its way."""
    standing = derive(known)
    assert standing.state is state
    assert [each.code.value for each in standing.blocked_by] == codes


@given(known=facts)
def test_a_state_is_total_and_names_who_acts(known: Facts) -> None:
    """Any facts have one state; what blocks it is in the table, in both languages, with a way out."""
    standing = derive(known)
    assert {each.code for each in standing.blocked_by} <= set(BLOCKED_BY[standing.state])
    assert bool(standing.blocked_by) is (standing.state is not Lifecycle.ACTIVE)
    assert (standing.who_clears is None) is (not standing.in_the_way)
    assert set(standing.blocked_by) <= set(standing.in_the_way)
    for each in (*standing.blocked_by, *standing.remarks):
        assert isinstance(each.who_clears, Clearer)
        assert each.text.fr
        assert each.text.en
        assert each.way_out.en
        assert each.way_out.fr


@given(known=facts, online=st.booleans())
def test_what_is_for_people_moves_no_state(known: Facts, online: bool) -> None:
    """Link, progress, pending changes and remarks only tell."""
    told = replace(known, is_online=online, progress=None, pending=None, remarks=(), suspend_reason="")
    assert derive(told).state is derive(known).state


@given(known=facts)
def test_more_facts_never_move_a_station_back(known: Facts) -> None:
    """Out of order is normal: a later fact adds, it takes nothing away (suspension aside)."""
    order = list(Lifecycle)
    for name in ("is_ours", "is_seen", "is_assigned", "is_requested", "is_activated"):
        later = replace(known, **{name: True})
        assert order.index(derive(later).state) >= order.index(derive(known).state)


@given(known=facts)
def test_remarks_are_never_lost(known: Facts) -> None:
    """What a station refused or lacks is shown in every state."""
    assert derive(known).remarks[-len(known.remarks) or 99 :] == known.remarks


CONFIGURING = Facts(is_ours=True, is_seen=True, is_assigned=True, is_requested=True)


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
def test_what_holds_up_a_configuration(known: Facts, code: Code) -> None:
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
    _, paused = derive(replace(active, is_paused=True, progress=STUCK)).remarks
    assert paused.code is Code.UNDER_TEST
    assert derive(replace(CONFIGURING, pending=Phrase("tarif", "tariff"))).remarks == ()


def test_every_state_has_a_boot_answer_and_a_condition() -> None:
    """Accepted only in service; a suspended station stays accepted."""
    assert set(BOOT_ANSWERS) == set(CONDITIONS) == set(BLOCKED_BY) == set(Lifecycle)
    accepted = {state for state, (answer, _) in BOOT_ANSWERS.items() if answer is RegistrationStatus.ACCEPTED}
    assert accepted == {Lifecycle.ACTIVE, Lifecycle.SUSPENDED}
    for state, (answer, interval) in BOOT_ANSWERS.items():
        is_accepted = answer is RegistrationStatus.ACCEPTED
        assert interval is (Interval.HEARTBEAT if is_accepted else Interval.PENDING), state


def test_the_drawing_shows_every_transition() -> None:
    """A Mermaid state diagram."""
    lines = diagram().splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert len(lines) == 3 + len(TRANSITIONS)
    assert "    active --> suspended: suspended" in lines


def test_the_table_shows_every_state() -> None:
    """One row each, with what blocks it and who clears that."""
    rows = table().splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == [f"`{state.value}`" for state in Lifecycle]
    assert "`E_NOT_SEEN`, `E_NOT_LOCALIZED`" in rows[1]
    assert rows[5].endswith("| – | – |")


def test_blockers_are_values() -> None:
    """Equal facts give equal standings: nothing is announced twice."""
    assert derive(Facts()) == derive(Facts())
    assert isinstance(derive(Facts()).blocked_by[0], Blocker)
