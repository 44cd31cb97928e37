"""A standing is a pure function of facts, and a checklist says the same gate by gate."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.blockers import Blocker, Clearer, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.standing import GateStatus, checklist, derive
from provisioning.gates.table import BLOCKED_BY
from provisioning.lifecycle import TRANSITIONS, Lifecycle
from runtime.wording import Phrase

STUCK = blocker(Code.STEP_STUCK, step="clock", reason="no answer", wait=5)
REMARK = blocker(Code.KEY_LACKING, key="X")
facts = st.builds(
    GateFacts,
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
    standing = derive(known)
    assert standing.state is state
    assert [each.code.value for each in standing.blocked_by] == codes


@given(known=facts)
def test_a_state_is_total_and_names_who_acts(known: GateFacts) -> None:
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
def test_what_is_for_people_moves_no_state(known: GateFacts, online: bool) -> None:
    """Link, progress, pending changes and remarks only tell."""
    told = replace(known, is_online=online, progress=None, pending=None, remarks=(), suspend_reason="")
    assert derive(told).state is derive(known).state


@given(known=facts)
def test_more_facts_never_move_a_station_back(known: GateFacts) -> None:
    """Out of order is normal: a later fact adds, it takes nothing away (suspension aside)."""
    order = list(Lifecycle)
    for name in ("is_ours", "is_seen", "is_assigned", "is_requested", "is_activated"):
        later = replace(known, **{name: True})
        assert order.index(derive(later).state) >= order.index(derive(known).state)


@given(known=facts)
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
    _, paused = derive(replace(active, is_paused=True, progress=STUCK)).remarks
    assert paused.code is Code.UNDER_TEST
    assert derive(replace(CONFIGURING, pending=Phrase("tarif", "tariff"))).remarks == ()


def test_blockers_are_values() -> None:
    """Equal facts give equal standings: nothing is announced twice."""
    assert derive(GateFacts()) == derive(GateFacts())
    assert isinstance(derive(GateFacts()).blocked_by[0], Blocker)


# --- The checklist ------------------------------------------------------------------------------------------


def lines(known: GateFacts) -> dict[str, str]:
    """Gate by gate."""
    return {each.gate.name: each.status.value for each in checklist(known)}


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


def test_a_station_in_service_has_passed_what_led_there() -> None:
    """Whatever became of it since: a requirement that is new takes no station out of service."""
    known = GateFacts(is_ours=True, is_activated=True, is_suspended=True)
    told = lines(known)
    assert told.pop("in-service") == "blocked"
    assert set(told.values()) == {"passed"}
    assert set(lines(replace(known, is_suspended=False)).values()) == {"passed"}


@given(known=facts)
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
    """For the API: words in both languages; the station's id is filled in."""
    line = checklist(GateFacts(is_ours=True))[1].at("AB12")
    told = line.as_json
    assert (told["gate"], told["status"], told["title_fr"]) == (
        "powered",
        "blocked",
        "Mise sous tension et connectée",
    )
    assert told["blocked_by"]["code"] == "E_NOT_SEEN"
    assert checklist(GateFacts(is_ours=True))[0].at("AB12").as_json["blocked_by"] is None
