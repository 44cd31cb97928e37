"""Messages on displays: what a station was asked to show, what it says that it holds, and what is over."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from csms.domain.commands import CommandEnding
from csms.domain.display_messages import DisplayMessageState
from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.display_rows import DisplayMessageRow, DisplayReportWantedRow
from csms.rules.keeping import message_kept
from csms.rules.rows import Row
from csms.rules.state import Decision, State
from ocppj.model.display import (
    ClearDisplayMessage,
    GetDisplayMessages,
    NotifyDisplayMessages,
    SetDisplayMessage,
)
from ocppj.model.messages import Reply
from ocppj.vocabulary import StationId

ALONE = "AlwaysFront"
REPLACED, NOT_REPORTED, CLEARED = "Replaced", "NotReported", "Cleared"
"""Why one is gone."""

replace = msgspec.structs.replace


def message_answered(state: State, ending: CommandEnding) -> Decision:
    """It is held; one of the same number is replaced (O06.FR.01), and so is one that was alone in front
    (O01.FR.16). Where the answer was lost, its next report tells. A refusal leaves all as it was.
    """
    command: SetDisplayMessage = ending.command  # type: ignore[assignment] # the table's key
    answer = ending.outcome.answer
    is_held = answer is not None and answer.is_accepted
    if not is_held and not ending.outcome.may_be_done:
        return Decision()
    row = DisplayMessageRow(
        station_id=ending.station_id,
        message=command.message,
        state=DisplayMessageState.HELD if is_held else DisplayMessageState.UNKNOWN,
        reason=None if is_held else ending.outcome.error_description,
        asked_by=ending.origin,
        moved_at=ending.at,
    )
    rows = [row]
    if is_held and command.priority == ALONE:
        others = (each for each in _there(state, ending.station_id) if each.message.priority == ALONE)
        rows += _gone(
            [each for each in others if each.message.message_id != command.message_id], REPLACED, ending.at
        )
    return _changed(rows)


def clearing_answered(state: State, ending: CommandEnding) -> Decision:
    """It is gone; a station that says Unknown holds none of that number (O05.FR.01, .02)."""
    command: ClearDisplayMessage = ending.command  # type: ignore[assignment] # the table's key
    answer = ending.outcome.answer
    if answer is None or answer.status not in ("Accepted", "Unknown"):
        return Decision()
    found = [
        each for each in _there(state, ending.station_id) if each.message.message_id == command.message_id
    ]
    return _changed(_gone(found, CLEARED if answer.is_accepted else NOT_REPORTED, ending.at))


def report_requested(
    command_id: str,  # noqa: ARG001 - table
    station_id: StationId,
    command: GetDisplayMessages,
    origin: str,  # noqa: ARG001
    at: datetime,  # noqa: ARG001
) -> Sequence[Row]:
    """Written before it is sent, so that the report cannot be faster."""
    return (DisplayReportWantedRow(station_id, command.request_id),) if command.is_for_all else ()


def report_answered(state: State, ending: CommandEnding) -> Decision:
    """A station that holds none says so at once, and reports nothing (O03.FR.06)."""
    command: GetDisplayMessages = ending.command  # type: ignore[assignment] # the table's key
    answer = ending.outcome.answer
    if answer is None or answer.status != "Unknown" or not command.is_for_all:
        return Decision()
    return _changed(_gone(_there(state, ending.station_id), NOT_REPORTED, ending.at))


def messages_notified(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """NotifyDisplayMessages: each is held; after the last part, what was not named is gone (O03.FR.02)."""
    event: NotifyDisplayMessages = inbound.event  # type: ignore[assignment] # the table's key
    kept = Decision(proposal)
    if event.report is not None:
        kept = message_kept(state, replace(inbound, event=event.report), proposal)
    known = {each.message.message_id: each for each in state.display_messages_of(inbound.station_id)}
    named = {each.message_id: each for each in event.messages}
    rows, news = [], []
    for number, message in named.items():
        before = known.get(number)
        row = DisplayMessageRow(
            station_id=inbound.station_id,
            message=message,
            state=DisplayMessageState.HELD,
            asked_by=before.asked_by if before is not None and before.message == message else None,
            moved_at=inbound.received_at,
        )
        if before is not None and before.message == message and before.state is DisplayMessageState.HELD:
            rows.append(replace(row, moved_at=before.moved_at))
        else:
            news.append(row)
    if event.is_last:
        awaited = (each for number, each in known.items() if number not in named)
        missing = [each for each in awaited if each.awaited_by == event.request_id]
        news += _gone(missing, NOT_REPORTED, inbound.received_at)
    more = _changed(news)
    return Decision(proposal, (*kept.rows, *rows, *more.rows), (*kept.events, *more.events))


def _there(state: State, station_id: StationId) -> list[DisplayMessageRow]:
    """Those that a station may hold."""
    known = state.display_messages_of(station_id)
    return [each for each in known if each.is_there]


def _gone(found: Iterable[DisplayMessageRow], reason: str, at: datetime) -> list[DisplayMessageRow]:
    return [
        replace(each, state=DisplayMessageState.GONE, reason=reason, moved_at=at, awaited_by=None)
        for each in found
        if each.is_there
    ]


def _changed(rows: Sequence[DisplayMessageRow]) -> Decision:
    return Decision(None, tuple(rows), tuple(_event(row) for row in rows))


def _event(row: DisplayMessageRow) -> StationEvent:
    payload = {
        "message_id": row.message.message_id,
        "state": row.state.value,
        "reason": row.reason,
        "text": row.message.text,
        "priority": row.message.priority,
        "transaction_id": row.message.transaction_id,
    }
    return StationEvent("display.changed", row.station_id, row.moved_at, payload)
