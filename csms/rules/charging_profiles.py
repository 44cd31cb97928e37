"""Charging profiles: what a station holds, by what it was asked and answered, and by what it reports.

What a station says counts, whenever it comes. Which profile takes the place of which is in
`charging.schedule.store`, as on the station's own end.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from charging.schedule.composite import Installed
from charging.schedule.shapes import DYNAMIC, TX
from charging.schedule.store import ProfileCriterion, overlap, to_clear, without_replaced
from csms.domain.charging_profiles import ProfileState
from csms.domain.commands import CommandEnding
from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.charging_rows import ChargingProfileRow, CompositeRow
from csms.rules.rows import AnnouncedReportRow, Row, TransactionRow
from csms.rules.state import Decision, State, transaction_key
from ocppj.model.remote_control import RemoteStart, RemoteStartAnswer
from ocppj.model.smart_charging import (
    RATE_FIELDS,
    ChargingProfile,
    ClearChargingProfile,
    CompositeScheduleAnswer,
    GetChargingProfiles,
    GetCompositeSchedule,
    ReportChargingProfiles,
    ScheduleUpdate,
    SetChargingProfile,
    UpdateDynamicSchedule,
    updated_profile,
)
from ocppj.vocabulary import StationId

STATION_OWN = "CSO"
"""The source of what the central system sets (ChargingLimitSourceEnumType)."""
STATION = 0
"""EVSE 0 is the station as a whole."""
NO_PROFILES = "NoProfiles"
UNKNOWN = "Unknown"

S = ProfileState
Change = tuple[ChargingProfileRow, ProfileState, str | None]
replace = msgspec.structs.replace


# --- What was asked, and answered --------------------------------------------------------------------------


def profile_requested(
    command_id: str, station_id: StationId, command: SetChargingProfile, origin: str, at: datetime
) -> Sequence[Row]:
    """The row of a profile, written with that of its command."""
    return (_requested((command_id, station_id, command.evse_id), command.profile, origin, at),)


def start_profile_requested(
    command_id: str, station_id: StationId, command: RemoteStart, origin: str, at: datetime
) -> Sequence[Row]:
    """The same of the profile that comes with a remote start, if one does (1.6 §5.16.2, 2.x K05)."""
    profile = command.charging_profile
    if profile is None:
        return ()
    return (_requested((command_id, station_id, command.evse_id or STATION), profile, origin, at),)


def _requested(
    entry: tuple[str, StationId, int], profile: ChargingProfile, origin: str, at: datetime
) -> ChargingProfileRow:
    return ChargingProfileRow(
        entry_id=entry[0],
        station_id=entry[1],
        evse_id=entry[2],
        profile=profile,
        source=STATION_OWN,
        transaction_id=profile.transaction_id,
        state=S.REQUESTED,
        asked_by=origin,
        asked_at=at,
        moved_at=at,
    )


def profile_answered(state: State, ending: CommandEnding) -> Decision:
    """Held, with what it replaces; refused; or nobody knows."""
    row = state.profiles.get(ending.station_id, {}).get(ending.command_id)
    if row is None or not row.is_open:
        return Decision()
    outcome = ending.outcome
    if outcome.may_be_done:
        return moved([(row, S.UNKNOWN, outcome.error_description)], ending.at)
    if outcome.answer is None or not outcome.answer.is_accepted:
        return moved([(row, S.REFUSED, outcome.refusal)], ending.at)
    row = replace(row, transaction_id=row.transaction_id or _transaction_of(state, row, ending))
    others = [each for each in open_profiles(state, ending.station_id) if each.entry_id != row.entry_id]
    replaced = [(each, S.REPLACED, None) for each in _replaced_by(state, others, row)]
    return moved([*replaced, (row, S.HELD, None)], ending.at)


def _transaction_of(state: State, row: ChargingProfileRow, ending: CommandEnding) -> str | None:
    """Of a TxProfile that names none (1.6 §7.8): what runs at its connector. That of a remote start comes."""
    if row.profile.purpose != TX:
        return None
    if isinstance(ending.command, RemoteStart):
        answer = ending.outcome.answer
        return answer.transaction_id if isinstance(answer, RemoteStartAnswer) else None
    running = [each for each in state.open_transactions(row.station_id) if each.evse_id == row.evse_id]
    return max(running, key=lambda each: each.transaction_no).transaction_id if running else None


def _replaced_by(
    state: State, others: Sequence[ChargingProfileRow], row: ChargingProfileRow
) -> list[ChargingProfileRow]:
    """Those of its id; in 1.6 those of its purpose and level; in 2.x, where the station took it beside one of
    that, the older is gone (K01.FR.06, .39). Of several transactions each keeps its own.
    """
    is_16 = state.versions.get(row.station_id, "").startswith("1.6")
    found = []
    for each in others:
        if each.source != row.source or _is_of_another_transaction(each, row):
            continue
        same_level = is_16 or overlap(each.profile, row.profile)
        if not without_replaced(
            (_installed(each),), row.profile, row.evse_id, replaces_same_level=same_level
        ):
            found.append(each)
    return found


def _is_of_another_transaction(each: ChargingProfileRow, row: ChargingProfileRow) -> bool:
    """Only where both are known: one of the same id is replaced whatever it was for."""
    if each.profile.profile_id == row.profile.profile_id:
        return False
    known = (each.transaction_id, row.transaction_id)
    return None not in known and known[0] != known[1]


def profiles_cleared(state: State, ending: CommandEnding) -> Decision:
    """Given up what met all that was said; «Unknown»: there was none (K10.FR.01, .02)."""
    command: ClearChargingProfile = ending.command  # type: ignore[assignment] # the table's key
    by = ProfileCriterion(
        profile_ids=frozenset() if command.profile_id is None else frozenset({command.profile_id}),
        evse_id=command.evse_id,
        purpose=command.purpose,
        stack_level=command.stack_level,
    )
    answer = ending.outcome.answer
    if ending.outcome.may_be_done:
        now = S.UNKNOWN
    elif answer is None or not (answer.is_accepted or answer.status == UNKNOWN):
        return Decision()
    else:
        now = S.CLEARED if answer.is_accepted else S.MISSING
    meant = to_clear([_installed(each) for each in open_profiles(state, ending.station_id)], by)
    rows = {(each.evse_id, each.profile.profile_id) for each in meant}
    found = [
        each
        for each in open_profiles(state, ending.station_id)
        if (each.evse_id, each.profile.profile_id) in rows and each.state is not S.REQUESTED
    ]
    return moved([(each, now, None) for each in found if each.state is not now], ending.at)


def profile_report_answered(state: State, ending: CommandEnding) -> Decision:
    """«NoProfiles»: it holds none of what was asked for (K09.FR.03). What it holds follows in reports."""
    command: GetChargingProfiles = ending.command  # type: ignore[assignment] # the table's key
    answer = ending.outcome.answer
    if answer is None or answer.status != NO_PROFILES:
        return Decision()
    return moved(_missing(state, ending.station_id, command, ending.at), ending.at)


def dynamic_updated(state: State, ending: CommandEnding) -> Decision:
    """The station took new limits (K28.FR.06)."""
    command: UpdateDynamicSchedule = ending.command  # type: ignore[assignment] # the table's key
    row = _dynamic(state, ending.station_id, command.profile_id)
    if row is None or not ending.outcome.is_accepted:
        return Decision()
    profile = updated_profile(row.profile, command.update, ending.at)
    return moved([(replace(row, profile=profile), row.state, None)], ending.at)


def composite_answered(state: State, ending: CommandEnding) -> Decision:  # noqa: ARG001 - table
    """What it expects to let flow, kept beside what we do."""
    command: GetCompositeSchedule = ending.command  # type: ignore[assignment] # the table's key
    answer = ending.outcome.answer
    schedule = answer.schedule if isinstance(answer, CompositeScheduleAnswer) else None
    if schedule is None:
        return Decision()
    row = CompositeRow(
        station_id=ending.station_id,
        evse_id=schedule.evse_id,
        unit=schedule.unit,
        starts_at=schedule.starts_at or ending.at,
        duration_s=schedule.duration_s or command.duration_s,
        periods=schedule.periods,
        answered_at=ending.at,
    )
    return Decision(None, (row,))


# --- What stations tell ------------------------------------------------------------------------------------


def with_profiles(
    decision: Decision, state: State, inbound: Inbound, event: ReportChargingProfiles
) -> Decision:
    """What was decided of a part of a report, and the profiles in it (K09). Once all parts are there, what
    should have been among them and was not is missing.
    """
    at, station_id = inbound.received_at, inbound.station_id
    known = {_key(each): each for each in open_profiles(state, station_id) if each.state is not S.REQUESTED}
    changes: list[Change] = []
    silent: list[ChargingProfileRow] = []
    for profile in event.profiles:
        row = known.get((event.evse_id, event.source, profile.profile_id))
        if row is None:
            changes.append((_reported(station_id, event, profile, at), S.HELD, None))
        elif row.state is S.HELD:
            silent.append(replace(row, profile=profile, reported_at=at))
        else:
            changes.append((replace(row, profile=profile, reported_at=at), S.HELD, None))
    complete = next(
        (each for each in decision.rows if isinstance(each, AnnouncedReportRow) and each.is_complete), None
    )
    if complete is not None:
        here = {row.entry_id for row in silent} | {row.entry_id for row, _, _ in changes}
        missing = _missing(state, station_id, _report_request(state, complete), complete.asked_at)
        changes += [each for each in missing if each[0].entry_id not in here]
    more = moved(changes, at)
    rows = (*decision.rows, *silent, *more.rows)
    return Decision(decision.reply, rows, (*decision.events, *more.events), decision.objection)


def _reported(
    station_id: StationId, event: ReportChargingProfiles, profile: ChargingProfile, at: datetime
) -> ChargingProfileRow:
    """One that we did not set, or forgot."""
    return ChargingProfileRow(
        entry_id=f"{station_id}:{event.evse_id}:{event.source}:{profile.profile_id}",
        station_id=station_id,
        evse_id=event.evse_id,
        profile=profile,
        source=event.source,
        transaction_id=profile.transaction_id,
        state=S.HELD,
        asked_at=at,
        moved_at=at,
        reported_at=at,
    )


def _report_request(state: State, announced: AnnouncedReportRow) -> GetChargingProfiles | None:
    """What the command asked for; None where it was a call in the station's own words."""
    try:
        return msgspec.json.decode(state.arguments.get(announced.command_id, ""), type=GetChargingProfiles)
    except msgspec.DecodeError:
        return None


def _missing(
    state: State, station_id: StationId, command: GetChargingProfiles | None, before: datetime
) -> list[Change]:
    """What the command asked for, and was not reported since."""
    if command is None:
        return []
    by = ProfileCriterion(
        profile_ids=frozenset(command.profile_ids),
        evse_id=command.evse_id,
        purpose=command.purpose,
        stack_level=command.stack_level,
        sources=frozenset(command.sources),
    )
    return [
        (each, S.MISSING, None)
        for each in open_profiles(state, station_id)
        if each.state is not S.REQUESTED
        and each.moved_at <= before
        and (each.reported_at is None or each.reported_at < before)
        and by.covers(_installed(each))
    ]


def pulled_update(state: State, station_id: StationId, profile_id: int) -> ScheduleUpdate | None:
    """The limits of a dynamic profile as they are wanted now; None where there is none (K28.FR.08, .12)."""
    row = _dynamic(state, station_id, profile_id)
    if row is None:
        return None
    period = row.profile.schedules[0].periods[0]
    return ScheduleUpdate(**{name: getattr(period, name) for name in RATE_FIELDS})


def with_ended_profiles(decision: Decision, state: State, station_id: StationId, at: datetime) -> Decision:
    """What was decided of transactions, and their profiles: one of a transaction that begins is known by it,
    one of a transaction that is over is over (1.6 §3.13.1, K01.FR.09).
    """
    here = [each for each in open_profiles(state, station_id) if each.profile.purpose == TX]
    if not here:
        return decision
    changes: list[Change] = []
    named: list[ChargingProfileRow] = []
    for transaction in decision.rows:
        if not isinstance(transaction, TransactionRow):
            continue
        if transaction.is_open:
            waiting = [each for each in here if each.transaction_id is None and _fits(each, transaction)]
            named += [replace(each, transaction_id=transaction.transaction_id) for each in waiting]
        else:
            changes += [(each, S.ENDED, None) for each in here if _is_of(each, transaction)]
    more = moved(changes, at)
    rows = (*decision.rows, *named, *more.rows)
    return Decision(decision.reply, rows, (*decision.events, *more.events), decision.objection)


def _fits(row: ChargingProfileRow, transaction: TransactionRow) -> bool:
    return row.evse_id in (STATION, transaction.evse_id) and row.state is not S.REQUESTED


def _is_of(row: ChargingProfileRow, transaction: TransactionRow) -> bool:
    if row.transaction_id is None:
        return row.evse_id == transaction.evse_id and row.asked_at <= transaction.last_received_at
    return transaction_key(row.transaction_id) == transaction_key(transaction.transaction_id)


# --- Rows --------------------------------------------------------------------------------------------------


def open_profiles(state: State, station_id: StationId) -> list[ChargingProfileRow]:
    """What a station may hold, in the order in which it was asked or told."""
    found = (row for row in state.profiles.get(station_id, {}).values() if row.is_open)
    return sorted(found, key=lambda row: (row.asked_at, row.entry_id))


def _installed(row: ChargingProfileRow) -> Installed[ChargingProfile]:
    return Installed(row.profile, row.evse_id, row.asked_at, row.source)


def _key(row: ChargingProfileRow) -> tuple[int, str, int]:
    return row.evse_id, row.source, row.profile.profile_id


def _dynamic(state: State, station_id: StationId, profile_id: int) -> ChargingProfileRow | None:
    found = (
        row
        for row in open_profiles(state, station_id)
        if row.profile.profile_id == profile_id
        and row.profile.kind == DYNAMIC
        and row.state is not S.REQUESTED
    )
    return next(found, None)


def moved(changes: Iterable[Change], at: datetime) -> Decision:
    """These profiles in another state, and the news of it."""
    rows = [replace(row, state=state, reason=reason, moved_at=at) for row, state, reason in changes]
    return Decision(None, tuple(rows), tuple(_event(row) for row in rows))


def _event(row: ChargingProfileRow) -> StationEvent:
    payload = {
        "entry_id": row.entry_id,
        "profile_id": row.profile.profile_id,
        "evse_id": row.evse_id,
        "purpose": row.profile.purpose,
        "stack_level": row.profile.stack_level,
        "source": row.source,
        "state": row.state.value,
        "reason": row.reason,
        "transaction_id": row.transaction_id,
    }
    return StationEvent("profile.changed", row.station_id, row.moved_at, payload)
