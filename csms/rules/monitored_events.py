"""NotifyEvent: kept as it came, and what it tells of a connector is its status (2.x G01, N07)."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from csms.domain.inbound import Inbound
from csms.rules.availability import connector_status_reported
from csms.rules.keeping import message_kept
from csms.rules.state import Decision, State
from ocppj.model.availability import StatusNotification
from ocppj.model.diagnostics import PROBLEM, MonitoredEvent, NotifyEvent, ToldStatus, status_told
from ocppj.model.messages import Reply
from ocppj.vocabulary import ConnectorStatus, StationId

OUT_OF_ORDER = (ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE)
"""What an EVSE says of all of its connectors; that it is occupied says nothing of each."""
OF_EVSE = "EVSE "
"""Before the word by which an EVSE has put several connectors out of order: its next word ends that alone."""


class _Told(NamedTuple):
    event: MonitoredEvent
    status: ToldStatus
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
    for told in _in_order(event, inbound):
        for message in _as_messages(ahead, inbound, told):
            as_if = msgspec.structs.replace(inbound, event=message)
            moved = connector_status_reported(ahead, as_if, proposal)
            ahead.apply(moved.rows)
            rows += moved.rows
            events += moved.events
    return Decision(proposal, tuple(rows), tuple(events))


def statuses_in(event: NotifyEvent) -> list[ToldStatus]:
    """What it says of statuses, as it came."""
    found = (status_told(each)[0] for each in event.events)
    return [each for each in found if each is not None]


def _in_order(event: NotifyEvent, inbound: Inbound) -> list[_Told]:
    """However a station sorts them. Of what is told of one instant the state comes before the problem, and
    the whole before its part.
    """
    found = []
    for each in event.events:
        status, _ = status_told(each)
        if status is not None:
            found.append(_Told(each, status, each.at or event.generated_at or inbound.received_at))
    return sorted(found, key=_place_in_order)


def _place_in_order(told: _Told) -> tuple[datetime, bool, int, int]:
    tier = bool(told.status.evse_id) + bool(told.status.connector_id)
    return told.at, told.status.word == PROBLEM, tier, told.event.event_id


def _as_messages(state: State, inbound: Inbound, told: _Told) -> list[StatusNotification]:
    """What a station would have said of each connector; nothing of one that has said something since."""
    found = []
    for each in _of_connectors(state, inbound.station_id, told.status):
        now = _as_of_now(state, inbound.station_id, each)
        if now is None or _is_outdated(state, inbound, now, told.at):
            continue
        found.append(_message(now, told))
    return found


def _message(now: _Now, told: _Told) -> StatusNotification:
    is_fault = now.status is ConnectorStatus.FAULTED
    return StatusNotification(
        now.evse_id,
        now.connector_id,
        now.status,
        now.word,
        told.at,
        error_code=told.event.tech_code if is_fault else None,
        info=told.event.tech_info if is_fault else None,
    )


def _of_connectors(state: State, station_id: StationId, told: ToldStatus) -> list[ToldStatus]:
    """What an EVSE says is said of its only connector; of several only that they are out of order."""
    if told.connector_id or not told.evse_id:
        return [told]
    known = sorted(
        connector_id
        for owner, evse_id, connector_id in state.connectors
        if (owner, evse_id) == (station_id, told.evse_id) and connector_id
    )
    if len(known) < 2:
        return [msgspec.structs.replace(told, connector_id=known[0] if known else 1)]
    status = told.status if told.status in OUT_OF_ORDER else None
    return [ToldStatus(told.evse_id, each, status, OF_EVSE + told.word) for each in known]


def _as_of_now(state: State, station_id: StationId, told: ToldStatus) -> _Now | None:
    """What is over gives way to what the station's transactions tell; None: it was not so before."""
    if told.status is not None:
        return _Now(told.evse_id, told.connector_id, told.status, told.word)
    before = state.connectors.get((station_id, told.evse_id, told.connector_id))
    is_problem = told.word.endswith(PROBLEM)
    ended = (told.word,) if is_problem else tuple(OF_EVSE + each.value for each in OUT_OF_ORDER)
    if before is None or before.reported not in ended:
        return None
    is_charging = any(row.evse_id == told.evse_id for row in state.open_transactions(station_id))
    status = ConnectorStatus.OCCUPIED if is_charging else ConnectorStatus.AVAILABLE
    return _Now(told.evse_id, told.connector_id, status, status.value)


def _is_outdated(state: State, inbound: Inbound, now: _Now, at: datetime) -> bool:
    """Whether the connector has told something since: events may wait for a connection (N07.FR.04).

    A status from the future has a clock that was wrong, and stands in nobody's way.
    """
    before = state.connectors.get((inbound.station_id, now.evse_id, now.connector_id))
    return before is not None and before.at is not None and at < before.at <= inbound.received_at
