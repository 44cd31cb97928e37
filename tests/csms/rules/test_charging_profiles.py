"""Charging profiles at the central system: what follows from answers, reports and ends of transactions."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from csms.domain.charging_profiles import PERHAPS_HELD, ProfileState
from csms.domain.commands import CommandEnding, CommandOutcome, Outcome
from csms.domain.reviews import EndRequest
from csms.rules.charging_profiles import (
    composite_answered,
    profile_answered,
    profile_report_answered,
    profile_requested,
    profiles_cleared,
    pulled_update,
    start_profile_requested,
    with_profiles,
)
from csms.rules.charging_rows import ChargingProfileRow, CompositeRow
from csms.rules.command_ends import command_ended
from csms.rules.reviewing import transaction_decided
from csms.rules.rows import AnnouncedReportRow
from csms.rules.state import Decision, State
from csms.rules.transactions import transaction_reported
from ocppj.model.command import CommandAnswer
from ocppj.model.remote_control import RemoteStart, RemoteStartAnswer
from ocppj.model.smart_charging import (
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    ClearChargingProfile,
    CompositeSchedule,
    CompositeScheduleAnswer,
    GetChargingProfiles,
    GetCompositeSchedule,
    ReportChargingProfiles,
    ScheduleUpdate,
    SetChargingProfile,
    UpdateDynamicSchedule,
)
from ocppj.model.transactions import TransactionEventResponse
from tests.support.inbound import CP1, ENDED, NOON, STARTED, TAG, event201, inbound, minutes

S = ProfileState
SCHEDULE = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=16.0),))
EMS = "EMS"


def profile(number: int = 1, purpose: Any = "TxDefaultProfile", **more: Any) -> ChargingProfile:
    """A limit."""
    values: dict[str, Any] = {"profile_id": number, "purpose": purpose, "schedules": (SCHEDULE,)} | more
    return ChargingProfile(**values)


def tx(number: int, transaction_id: str) -> ChargingProfile:
    """A limit of one transaction."""
    return profile(number, "TxProfile", transaction_id=transaction_id)


def row(
    entry_id: str = "c0", held: ProfileState = S.HELD, evse_id: int = 1, **more: Any
) -> ChargingProfileRow:
    """As stored, from before noon."""
    values: dict[str, Any] = {
        "entry_id": entry_id,
        "station_id": CP1,
        "evse_id": evse_id,
        "profile": profile(),
        "source": "CSO",
        "state": held,
        "asked_by": "api:ann",
        "asked_at": minutes(-10),
        "moved_at": minutes(-10),
    }
    made = ChargingProfileRow(**values | more)
    return replace(made, transaction_id=made.transaction_id or made.profile.transaction_id)


def state_with(*rows: Any, version: str = "2.0.1") -> State:
    """As loaded."""
    state = State()
    state.versions = {CP1: version}
    state.apply(rows)
    return state


def answered(command: Any, status: str = "Accepted", command_id: str = "c1", **more: Any) -> CommandEnding:
    """The station's answer, a minute later."""
    outcome = CommandOutcome(Outcome.RESULT, command_id, more.get("answer") or CommandAnswer(status))
    return CommandEnding(command_id, CP1, command, "api:ann", outcome, minutes(1))


def lost(command: Any, outcome: Outcome = Outcome.TIMEOUT) -> CommandEnding:
    """There was no answer."""
    return CommandEnding("c1", CP1, command, "api:ann", CommandOutcome(outcome, "c1"), minutes(1))


def moved(decision: Decision) -> list[tuple[str, str]]:
    """(entry, state) of the rows that are told."""
    told = [
        (e.payload["entry_id"], e.payload["state"]) for e in decision.events if e.event == "profile.changed"
    ]
    rows = [(r.entry_id, r.state.value) for r in decision.rows if isinstance(r, ChargingProfileRow)]
    assert set(told) <= set(rows)
    return told


def asked(state: State, command: SetChargingProfile) -> State:
    """With the row of a command that is under way."""
    state.apply(profile_requested("c1", CP1, command, "api:ann", NOON))
    return state


# --- Set ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "held", "reason"),
    [
        (CommandOutcome(Outcome.RESULT, "c1", CommandAnswer("Accepted")), S.HELD, None),
        (CommandOutcome(Outcome.RESULT, "c1", CommandAnswer("Rejected", "x")), S.REFUSED, "Rejected: x"),
        (CommandOutcome(Outcome.ERROR, "c1", error_code="NotSupported"), S.REFUSED, "NotSupported"),
        (CommandOutcome(Outcome.OFFLINE, "c1"), S.REFUSED, "offline"),
        (CommandOutcome(Outcome.TIMEOUT, "c1", error_description="30 s"), S.UNKNOWN, "30 s"),
    ],
)
def test_what_was_asked_is_held_refused_or_unknown(
    outcome: CommandOutcome, held: ProfileState, reason: str | None
) -> None:
    """By the answer."""
    command = SetChargingProfile(1, profile())
    state = asked(state_with(), command)
    assert state.profiles[CP1]["c1"].state is S.REQUESTED
    decision = command_ended(state, CommandEnding("c1", CP1, command, "api:ann", outcome, minutes(1)))
    assert moved(decision) == [("c1", held)]
    assert [r.reason for r in decision.rows if isinstance(r, ChargingProfileRow)] == [reason]


def test_what_is_not_there_or_over_stays() -> None:
    """A command of before this was kept; one that a report has found missing since."""
    command = SetChargingProfile(1, profile())
    assert profile_answered(state_with(), answered(command)) == Decision()
    gone = row("c1", S.MISSING)
    assert profile_answered(state_with(gone), answered(command)) == Decision()


@pytest.mark.parametrize(
    ("version", "before", "wanted", "evse_id", "is_replaced"),
    [
        ("2.0.1", profile(1), profile(1, stack_level=3), 1, True),
        ("2.0.1", profile(1), profile(1), 0, True),
        ("2.0.1", profile(2), profile(1), 1, True),
        ("2.0.1", profile(2), profile(1), 2, False),
        ("2.0.1", profile(2), profile(1, stack_level=1), 1, False),
        ("2.0.1", profile(2, valid_to=NOON), profile(1, valid_from=NOON), 1, False),
        ("1.6", profile(2, valid_to=NOON), profile(1, valid_from=NOON), 1, True),
        ("1.6", profile(2), profile(1, "ChargingStationMaxProfile"), 1, False),
        ("2.0.1", tx(2, "A"), tx(1, "B"), 1, False),
        ("2.0.1", tx(1, "A"), tx(1, "B"), 1, True),
        ("2.0.1", tx(2, "B"), tx(1, "B"), 1, True),
    ],
)
def test_one_that_is_held_replaces_another(
    version: str, before: ChargingProfile, wanted: ChargingProfile, evse_id: int, *, is_replaced: bool
) -> None:
    """K01.FR.05, .06, .39; 1.6 §5.16.3."""
    command = SetChargingProfile(evse_id, wanted)
    state = asked(state_with(row(profile=before), version=version), command)
    told = moved(profile_answered(state, answered(command)))
    assert told == [*([("c0", S.REPLACED)] if is_replaced else []), ("c1", S.HELD)]


def test_what_others_have_set_is_not_replaced() -> None:
    """Their ids are their own."""
    command = SetChargingProfile(1, profile())
    state = asked(state_with(row(source=EMS)), command)
    assert moved(profile_answered(state, answered(command))) == [("c1", S.HELD)]


def test_a_refusal_replaces_nothing() -> None:
    """The one before still holds."""
    command = SetChargingProfile(1, profile())
    state = asked(state_with(row()), command)
    assert moved(profile_answered(state, answered(command, "Rejected"))) == [("c1", S.REFUSED)]


def running(transaction_id: str = "T1", **more: Any) -> Any:
    """A transaction that began at noon at EVSE 1."""
    state = State()
    message = inbound(event201(STARTED, 0, NOON, transaction_id=transaction_id, id_token=TAG, **more))
    return transaction_reported(state, message, TransactionEventResponse(transaction_id)).rows[0]


@pytest.mark.parametrize(("evse_id", "known"), [(1, "T1"), (2, None)])
def test_a_profile_that_names_no_transaction_is_of_what_runs_there(evse_id: int, known: str | None) -> None:
    """1.6 §7.8."""
    command = SetChargingProfile(evse_id, profile(1, "TxProfile"))
    state = asked(state_with(running()), command)
    state.apply(profile_answered(state, answered(command)).rows)
    assert state.profiles[CP1]["c1"].transaction_id == known


def test_the_profile_of_a_remote_start_waits_for_its_transaction() -> None:
    """1.6 §5.16.2, K05: held once it was accepted, of the transaction once that has begun."""
    command = RemoteStart(TAG, 7, None, profile(1, "TxProfile"))
    assert start_profile_requested("c1", CP1, RemoteStart(TAG, 7), "api:ann", NOON) == ()
    state = state_with(*start_profile_requested("c1", CP1, command, "api:ann", NOON))
    state.apply(command_ended(state, answered(command)).rows)
    assert (state.profiles[CP1]["c1"].state, state.profiles[CP1]["c1"].transaction_id) == (S.HELD, None)
    message = inbound(event201(STARTED, 0, NOON, id_token=TAG), received_at=minutes(2))
    state.apply(transaction_reported(state, message, TransactionEventResponse("T1")).rows)
    assert state.profiles[CP1]["c1"].transaction_id == "T1"


def test_a_start_that_came_too_late_says_its_transaction() -> None:
    """F01.FR.13."""
    command = RemoteStart(TAG, 7, 1, profile(1, "TxProfile"))
    state = state_with(*start_profile_requested("c1", CP1, command, "api:ann", NOON))
    answer = RemoteStartAnswer("Accepted", transaction_id="T9")
    state.apply(profile_answered(state, answered(command, answer=answer)).rows)
    assert state.profiles[CP1]["c1"].transaction_id == "T9"
    state = state_with(*start_profile_requested("c1", CP1, command, "api:ann", NOON))
    state.apply(profile_answered(state, answered(command)).rows)
    assert state.profiles[CP1]["c1"].transaction_id is None


# --- The end of a transaction -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "is_over"),
    [
        (row(profile=profile(1, "TxProfile", transaction_id="t1")), True),
        (row(profile=profile(1, "TxProfile", transaction_id="T2")), False),
        (row(profile=profile(1, "TxProfile")), True),
        (row(profile=profile(1, "TxProfile"), evse_id=2), False),
        (row(), False),
    ],
)
def test_a_tx_profile_ends_with_its_transaction(held: ChargingProfileRow, *, is_over: bool) -> None:
    """1.6 §3.13.1; others stay."""
    state = state_with(held, running())
    message = inbound(event201(ENDED, 1, minutes(5)), "m2", received_at=minutes(5))
    told = moved(transaction_reported(state, message, TransactionEventResponse("T1")))
    assert told == ([("c0", S.ENDED)] if is_over else [])


def test_a_profile_under_way_is_of_no_transaction_yet() -> None:
    """Nobody knows whether it is taken."""
    state = state_with(row(held=S.REQUESTED, profile=profile(1, "TxProfile")))
    message = inbound(event201(STARTED, 0, NOON, id_token=TAG))
    decision = transaction_reported(state, message, TransactionEventResponse("T1"))
    assert not [each for each in decision.rows if isinstance(each, ChargingProfileRow)]


def test_a_transaction_that_is_given_up_takes_its_profile_with_it() -> None:
    """A person has ended it."""
    transaction = running()
    state = state_with(row(profile=profile(1, "TxProfile", transaction_id="T1")), transaction)
    state.add_stored(transaction)
    request = EndRequest(
        station_id=CP1,
        transaction_id="T1",
        transaction_no=transaction.transaction_no,
        at=minutes(9),
        since=minutes(9),
        decided_by="ann",
    )
    assert moved(transaction_decided(state, request)) == [("c0", S.ENDED)]


# --- Clear -------------------------------------------------------------------------------------------------


HERE = (
    row("max", profile=profile(1, "ChargingStationMaxProfile"), evse_id=0),
    row("low", profile=profile(2)),
    row("high", profile=profile(3, stack_level=5), evse_id=2),
    row("new", S.REQUESTED, profile=profile(4)),
    row("ems", profile=profile(-1, "ChargingStationExternalConstraints"), source=EMS),
)


@pytest.mark.parametrize(
    ("command", "gone"),
    [
        (ClearChargingProfile(), ["high", "low", "max"]),
        (ClearChargingProfile(profile_id=2), ["low"]),
        (ClearChargingProfile(evse_id=2), ["high"]),
        (ClearChargingProfile(purpose="TxDefaultProfile"), ["high", "low"]),
        (ClearChargingProfile(stack_level=5), ["high"]),
    ],
)
def test_what_meets_all_that_is_said_is_cleared(command: ClearChargingProfile, gone: list[str]) -> None:
    """K10; never what others have set, nor what is still under way. «Unknown»: there was none."""
    state = state_with(*HERE)
    assert sorted(moved(command_ended(state, answered(command)))) == [(each, S.CLEARED) for each in gone]
    unknown = moved(profiles_cleared(state, answered(command, "Unknown")))
    assert sorted(unknown) == [(each, S.MISSING) for each in gone]
    assert sorted(moved(profiles_cleared(state, lost(command)))) == [(each, S.UNKNOWN) for each in gone]


def test_a_clearing_that_was_refused_clears_nothing() -> None:
    """Nor one that was never sent; what is unknown is not told to be so again."""
    command = ClearChargingProfile()
    state = state_with(row(held=S.UNKNOWN))
    assert profiles_cleared(state, answered(command, "Rejected")) == Decision()
    assert profiles_cleared(state, lost(command, Outcome.OFFLINE)) == Decision()
    assert profiles_cleared(state, lost(command)) == Decision()


# --- Reports -----------------------------------------------------------------------------------------------


def announced(command: GetChargingProfiles | None, *, is_complete: bool = True) -> tuple[Decision, State]:
    """The part of a report that has been counted, and the state with what was asked."""
    report = AnnouncedReportRow(
        command_id="g1",
        station_id=CP1,
        action="ReportChargingProfiles",
        request_id=9,
        asked_at=NOON,
        moved_at=minutes(1),
        is_complete=is_complete,
    )
    state = state_with(*HERE, row("lost", S.UNKNOWN, profile=profile(7)))
    text = msgspec.json.encode(command).decode() if command is not None else '{"requestId":9}'
    state.arguments = {"g1": text}
    return Decision(None, (report,)), state


def reported(decision: Decision, state: State, *profiles: ChargingProfile, source: str = "CSO") -> Decision:
    """What a part comes to that came a minute after noon."""
    event = ReportChargingProfiles(9, 1, source, profiles)
    return with_profiles(decision, state, inbound(event, received_at=minutes(1)), event)


def test_a_report_says_what_is_held() -> None:
    """Known ones are seen again, lost ones found, new ones are kept."""
    decision, state = announced(None)
    found = reported(decision, state, profile(2, stack_level=2), profile(7), profile(8))
    assert moved(found) == [("lost", S.HELD), ("cp1:1:CSO:8", S.HELD)]
    rows = {each.entry_id: each for each in found.rows if isinstance(each, ChargingProfileRow)}
    assert (rows["low"].profile.stack_level, rows["low"].reported_at) == (2, minutes(1))
    assert (rows["cp1:1:CSO:8"].asked_by, rows["cp1:1:CSO:8"].reported_at) == (None, minutes(1))
    [more] = moved(reported(Decision(), state, profile(2), source=EMS))
    assert more == ("cp1:1:EMS:2", S.HELD)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        (GetChargingProfiles(9), ["ems", "high", "lost", "max"]),
        (GetChargingProfiles(9, evse_id=1), ["ems", "lost"]),
        (GetChargingProfiles(9, profile_ids=(3,)), ["high"]),
        (GetChargingProfiles(9, purpose="ChargingStationMaxProfile"), ["max"]),
        (GetChargingProfiles(9, stack_level=5), ["high"]),
        (GetChargingProfiles(9, sources=("CSO",)), ["high", "lost", "max"]),
        (None, []),
    ],
)
def test_what_a_whole_report_lacks_is_missing(
    command: GetChargingProfiles | None, missing: list[str]
) -> None:
    """Of what it was asked for; of a call in the station's own words nothing is known."""
    told = moved(reported(*announced(command), profile(2)))
    assert sorted(told) == [(each, S.MISSING) for each in missing]


def test_before_its_last_part_nothing_is_missing() -> None:
    """And what came since the question was not among what it was asked for."""
    decision, state = announced(GetChargingProfiles(9), is_complete=False)
    assert moved(reported(decision, state, profile(2))) == []
    decision, state = announced(GetChargingProfiles(9))
    state.apply([row("low", profile=profile(2), moved_at=minutes(1)), row("max", S.CLEARED)])
    state.apply([row("high", profile=profile(3), evse_id=2, reported_at=minutes(1))])
    assert moved(reported(decision, state, profile(7))) == [("lost", S.HELD), ("ems", S.MISSING)]


def test_no_profiles_are_none() -> None:
    """K09.FR.03."""
    state, command = state_with(*HERE), GetChargingProfiles(9, evse_id=2)
    assert moved(command_ended(state, answered(command, "NoProfiles"))) == [("high", S.MISSING)]
    assert profile_report_answered(state, answered(command)) == Decision()
    assert profile_report_answered(state, lost(command)) == Decision()


# --- Dynamic profiles, composite schedules ------------------------------------------------------------------


DYNAMIC = profile(5, kind="Dynamic")


@pytest.mark.parametrize(
    ("held", "status", "limit"),
    [
        (row(profile=DYNAMIC), "Accepted", 10.0),
        (row(profile=DYNAMIC), "Rejected", 16.0),
        (row(held=S.UNKNOWN, profile=DYNAMIC), "Accepted", 10.0),
    ],
)
def test_a_dynamic_profile_has_the_limits_that_it_was_given(
    held: ChargingProfileRow, status: str, limit: float
) -> None:
    """K28.FR.06; who pulls them gets the same (K28.FR.08)."""
    command = UpdateDynamicSchedule(5, ScheduleUpdate(limit=10.0))
    state = state_with(held)
    state.apply(command_ended(state, answered(command, status)).rows)
    found = state.profiles[CP1]["c0"]
    assert found.profile.schedules[0].periods[0].limit == limit
    assert found.state is held.state


def test_of_a_profile_that_is_none_of_ours_nothing_is_updated() -> None:
    """Nor of one that is not dynamic."""
    command = UpdateDynamicSchedule(5, ScheduleUpdate(limit=10.0))
    for held in (row(profile=profile(5)), row(held=S.REQUESTED, profile=DYNAMIC), row(profile=profile(6))):
        decision = command_ended(state_with(held), answered(command))
        assert moved(decision) == []


def test_a_composite_schedule_is_kept() -> None:
    """The last of each EVSE, with what it leaves out."""
    command = GetCompositeSchedule(1, 3600)
    periods = (ChargingPeriod(limit=6.0),)
    schedule = CompositeSchedule(evse_id=1, unit="A", periods=periods)
    answer = CompositeScheduleAnswer("Accepted", schedule=schedule)
    decision = composite_answered(State(), answered(command, answer=answer))
    assert decision.rows == (
        CompositeRow(
            station_id=CP1,
            evse_id=1,
            unit="A",
            starts_at=minutes(1),
            duration_s=3600,
            periods=periods,
            answered_at=minutes(1),
        ),
    )
    assert composite_answered(State(), lost(command)) == Decision()
    assert (
        composite_answered(State(), answered(command, answer=CompositeScheduleAnswer("Rejected")))
        == Decision()
    )


def test_what_may_be_held_is_open() -> None:
    """And nothing else."""
    assert {each for each in ProfileState if row(held=each).is_open} == PERHAPS_HELD


def test_who_pulls_gets_the_limits_that_were_given_last() -> None:
    """K28.FR.08; of what is not there, nothing (K28.FR.12)."""
    assert pulled_update(state_with(row(profile=DYNAMIC)), CP1, 5) == ScheduleUpdate(limit=16.0)
    assert pulled_update(state_with(row(profile=profile(5))), CP1, 5) is None
