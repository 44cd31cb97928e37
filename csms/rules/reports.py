"""Which command a report was asked for by, and whether all of it has come."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from csms.domain.announced import REPORTS_WITHIN
from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.rows import AnnouncedReportRow
from csms.rules.sequence import has_gap, has_seen, runs, with_number
from csms.rules.state import Decision, State

FIRST_NUMBERS = (0, 1)
"""A report is numbered from 0 on (2.0.1 part 2 §1.3.2.1); some begin at 1."""


class ReportPart(msgspec.Struct, frozen=True, gc=False):
    """One part of a report. Some actions have no numbers."""

    action: str
    request_id: int | None
    seq_no: int | None
    is_last: bool


class OverdueReport(msgspec.Struct, frozen=True):
    """A report of which no more came in time. `was_agreed`: the station said that it would send it."""

    row: AnnouncedReportRow
    was_agreed: bool


def reports_overdue(state: State, overdue: Iterable[OverdueReport], at: datetime) -> Decision:
    """It is told that these stay incomplete, once; of one that the station never meant to send nothing is."""
    rows, events = [], []
    for each in overdue:
        known = state.announced.get((each.row.station_id, each.row.action, each.row.request_id))
        row = known if known is not None and known.command_id == each.row.command_id else each.row
        if row.awaited_until is None or row.awaited_until > at:
            continue
        rows.append(msgspec.structs.replace(row, awaited_until=None))
        if each.was_agreed or row.parts:
            missing = {"missing": missing_numbers(row)}
            events.append(StationEvent("command.unreported", row.station_id, at, _payload(row) | missing))
    return Decision(None, tuple(rows), tuple(events))


def with_progress(decision: Decision, state: State, inbound: Inbound, part: ReportPart) -> Decision:
    """What was decided of a part, and how far the command that asked for it has come with it."""
    if part.request_id is None:
        return decision
    announced = state.announced.get((inbound.station_id, part.action, part.request_id))
    if announced is None or announced.is_complete:
        return decision
    moved = _moved(announced, part, inbound.received_at)
    events = (*decision.events, _completed(moved)) if moved.is_complete else decision.events
    return Decision(decision.reply, (*decision.rows, moved), events, decision.objection)


def _moved(announced: AnnouncedReportRow, part: ReportPart, at: datetime) -> AnnouncedReportRow:
    last = part.seq_no if part.is_last and part.seq_no is not None else announced.last_seq_no
    if part.seq_no is None:
        return msgspec.structs.replace(
            announced,
            parts=announced.parts + 1,
            is_complete=part.is_last,
            moved_at=at,
            awaited_until=_awaited_until(at, is_complete=part.is_last),
        )
    is_known = has_seen(announced.seq_nos, part.seq_no)
    seq_nos = announced.seq_nos if is_known else with_number(announced.seq_nos, part.seq_no)
    is_whole = last is not None and runs(seq_nos)[0][0] in FIRST_NUMBERS and not has_gap(seq_nos, last)
    return msgspec.structs.replace(
        announced,
        parts=announced.parts + (not is_known),
        seq_nos=seq_nos,
        last_seq_no=last,
        is_complete=is_whole,
        moved_at=at,
        awaited_until=_awaited_until(at, is_complete=is_whole),
    )


def _awaited_until(at: datetime, *, is_complete: bool) -> datetime | None:
    return None if is_complete else at + REPORTS_WITHIN


MISSING_MOST = 50
"""Numbers of parts that did not come; the first of them say what to look for."""


def missing_numbers(row: AnnouncedReportRow) -> list[int]:
    """The parts that are known to lack: between those that came, and before the last one."""
    found = runs(row.seq_nos)
    if not found:
        return []
    expected = FIRST_NUMBERS[0] if found[0][0] not in FIRST_NUMBERS else found[0][0]
    missing: list[int] = []
    for low, high in found:
        missing += range(expected, min(low, expected + MISSING_MOST))
        expected = high + 1
    if row.last_seq_no is not None:
        missing += range(expected, min(row.last_seq_no, expected + MISSING_MOST))
    return missing[:MISSING_MOST]


def _completed(row: AnnouncedReportRow) -> StationEvent:
    return StationEvent("command.reported", row.station_id, row.moved_at, _payload(row))


def _payload(row: AnnouncedReportRow) -> dict[str, Any]:
    return {
        "command_id": row.command_id,
        "action": row.action,
        "request_id": row.request_id,
        "parts": row.parts,
    }
