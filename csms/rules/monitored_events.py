"""NotifyEvent: kept as it came, and what it tells of a connector is its status (2.x G01, N07)."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from csms.domain.inbound import Inbound
from csms.rules.availability import connector_status_reported
from csms.rules.keeping import message_kept
from csms.rules.state import Decision, State
from ocppj.model.availability import StatusNotification
from ocppj.model.diagnostics import PROBLEM, MonitoredEvent, NotifyEvent, StatusInEvent, status_in_event
from ocppj.model.messages import Reply
from ocppj.vocabulary import ConnectorStatus, StationId

OUT_OF_ORDER = (ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE)
"""What an EVSE says of all of its connectors; that it is occupied says nothing of each."""
OF_EVSE = "EVSE "
"""Before the word by which an EVSE has put several connectors out of order: its next word ends that alone."""


class _Reported(NamedTuple):
    event: MonitoredEvent
    status: StatusInEvent
    at: datetime


class _Now(NamedTuple):
    evse_id: int
    connector_id: int
    status: ConnectorStatus
    word: str


def events_notified(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """The report, and of each status in it what a StatusNotification would bring about, the oldest first."""
    event: NotifyEvent = inbound.event  # type: ignore[assignment] # the table's key
    decision = Decision(proposal)
    if event.report is not None:
        decision = message_kept(state, msgspec.structs.replace(inbound, event=event.report), proposal)
    rows, events = list(decision.rows), list(decision.events)
    ahead = state.ahead()
    for reported in _in_order(event, inbound):
        for message in _as_messages(ahead, inbound, reported):
            as_if = msgspec.structs.replace(inbound, event=message)
            moved = connector_status_reported(ahead, as_if, proposal)
            ahead.apply(moved.rows)
            rows += moved.rows
            events += moved.events
    return Decision(proposal, tuple(rows), tuple(events))


def statuses_in(event: NotifyEvent) -> list[StatusInEvent]:
    """What it says of statuses, as it came."""
    found = (status_in_event(each)[0] for each in event.events)
    return [each for each in found if each is not None]


def _in_order(event: NotifyEvent, inbound: Inbound) -> list[_Reported]:
    """However a station sorts them. Of what is reported of one instant the state comes before the problem,
    and the whole before its part.
    """
    found = []
    for each in event.events:
        status, _ = status_in_event(each)
        if status is not None:
            found.append(_Reported(each, status, each.at or event.generated_at or inbound.received_at))
    return sorted(found, key=_place_in_order)


def _place_in_order(reported: _Reported) -> tuple[datetime, bool, int, int]:
    tier = bool(reported.status.evse_id) + bool(reported.status.connector_id)
    return reported.at, reported.status.word == PROBLEM, tier, reported.event.event_id


def _as_messages(state: State, inbound: Inbound, reported: _Reported) -> list[StatusNotification]:
    """What a station would have said of each connector; nothing of one that has said something since."""
    found = []
    for each in _of_connectors(state, inbound.station_id, reported.status):
        now = _as_of_now(state, inbound.station_id, each)
        if now is None or _is_outdated(state, inbound, now, reported.at):
            continue
        found.append(_message(now, reported))
    return found


def _message(now: _Now, reported: _Reported) -> StatusNotification:
    is_fault = now.status is ConnectorStatus.FAULTED
    return StatusNotification(
        now.evse_id,
        now.connector_id,
        now.status,
        now.word,
        reported.at,
        error_code=reported.event.tech_code if is_fault else None,
        info=reported.event.tech_info if is_fault else None,
    )


def _of_connectors(state: State, station_id: StationId, reported: StatusInEvent) -> list[StatusInEvent]:
    """What an EVSE says is said of its only connector; of several only that they are out of order."""
    if reported.connector_id or not reported.evse_id:
        return [reported]
    known = sorted(
        connector_id
        for owner, evse_id, connector_id in state.connectors
        if (owner, evse_id) == (station_id, reported.evse_id) and connector_id
    )
    if len(known) < 2:
        return [msgspec.structs.replace(reported, connector_id=known[0] if known else 1)]
    status = reported.status if reported.status in OUT_OF_ORDER else None
    return [StatusInEvent(reported.evse_id, each, status, OF_EVSE + reported.word) for each in known]


def _as_of_now(state: State, station_id: StationId, reported: StatusInEvent) -> _Now | None:
    """What is over gives way to what the station's transactions tell; None: it was not so before."""
    if reported.status is not None:
        return _Now(reported.evse_id, reported.connector_id, reported.status, reported.word)
    before = state.connectors.get((station_id, reported.evse_id, reported.connector_id))
    is_problem = reported.word.endswith(PROBLEM)
    ended = (reported.word,) if is_problem else tuple(OF_EVSE + each.value for each in OUT_OF_ORDER)
    if before is None or before.reported not in ended:
        return None
    is_charging = any(row.evse_id == reported.evse_id for row in state.open_transactions(station_id))
    status = ConnectorStatus.OCCUPIED if is_charging else ConnectorStatus.AVAILABLE
    return _Now(reported.evse_id, reported.connector_id, status, status.value)


def _is_outdated(state: State, inbound: Inbound, now: _Now, at: datetime) -> bool:
    """Whether the connector has reported something since: events may wait for a connection (N07.FR.04).

    A status from the future has a clock that was wrong, and stands in nobody's way.
    """
    before = state.connectors.get((inbound.station_id, now.evse_id, now.connector_id))
    return before is not None and before.at is not None and at < before.at <= inbound.received_at
