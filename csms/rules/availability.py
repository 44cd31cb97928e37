"""StatusNotification: the last status of each connector; EVSE 0 is the station itself (quirks 74, 76)."""

from datetime import timedelta

from csms.domain.inbound import Inbound
from csms.domain.records import ConnectorRecord
from csms.domain.station_events import StationEvent
from csms.rules.instants import believed
from csms.rules.reservations import shown_reservations
from csms.rules.rows import ConnectorRow, ConnectorStateRow, TransactionRow
from csms.rules.state import Decision, State
from csms.rules.transaction_events import updated_event
from csms.rules.transaction_fold import settled, with_state
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Acknowledged, Reply
from ocppj.vocabulary import ChargingState, ConnectorStatus

COUNTS_WITHIN = timedelta(minutes=5)
"""Between a connector's status and the start of its transaction; an older one is of the one before."""
NO_ERROR = "NoError"
"""1.6's code for a connector without a fault."""
_UNDER_WAY = {
    state.value: state
    for state in (ChargingState.CHARGING, ChargingState.SUSPENDED_EV, ChargingState.SUSPENDED_EVSE)
}
"""The words of 1.6 that mean a transaction under way; 2.x has none of them in a status."""


def connector_status_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:  # noqa: ARG001 - table
    """Keep the newest; where something changed it is news, and a state of its own.

    The first one at a connection is news too: whoever waits for the status that each connector tells after a
    boot (2.0.1 B01.FR.05, 1.6 errata §3.22) sees it also where it is as before.
    """
    event: StatusNotification = inbound.event  # type: ignore[assignment] # the table's key
    before = state.connectors.get((inbound.station_id, event.evse_id, event.connector_id))
    is_reported_again = before is not None and before.reported == event.reported
    fault = _fault_reported(before, event)
    record = ConnectorRecord(
        station_id=inbound.station_id,
        evse_id=event.evse_id,
        connector_id=event.connector_id,
        status=event.status,
        reported=event.reported,
        at=event.at,
        error_code=fault.error_code,
        info=fault.info,
        since=before.since if before is not None and is_reported_again else inbound.received_at,
        vendor_error_code=event.vendor_error_code,
        received_at=inbound.received_at,
    )
    row = ConnectorRow(record, inbound.received_at)
    is_same = before is not None and _same(before, record)
    is_news = not is_same or _is_first_here(before, inbound)
    events = (_status_event(record, inbound),) if is_news else ()
    is_as_before = is_same and before is not None and before.vendor_error_code == record.vendor_error_code
    states = () if is_as_before else (ConnectorStateRow(record, inbound.received_at),)
    moved = _charging(state, inbound, event)
    more = tuple(updated_event(each, inbound.received_at) for each in moved)
    told = (
        shown_reservations(state, inbound, event) if event.status is ConnectorStatus.RESERVED else Decision()
    )
    return Decision(Acknowledged(), (row, *states, *moved, *told.rows), (*events, *more, *told.events))


def _is_first_here(before: ConnectorRecord | None, inbound: Inbound) -> bool:
    """Whether the connector told nothing yet since the station was registered at this connection."""
    received_at = before.received_at if before is not None else None
    return inbound.accepted_at is not None and (received_at is None or received_at < inbound.accepted_at)


def _fault_reported(
    before: ConnectorRecord | None, event: StatusNotification
) -> ConnectorRecord | StatusNotification:
    """Who tells the fault's code: the status of 2.x has no place for it, and an event may have told it."""
    is_fault = event.status is ConnectorStatus.FAULTED and not event.has_charging_state
    if before is None or not is_fault or before.status is not ConnectorStatus.FAULTED:
        return event
    return before if event.error_code is None and before.error_code not in (None, NO_ERROR) else event


def charging_state_of(event: StatusNotification) -> ChargingState | None:
    """What a status tells of the transaction there (1.6 §4.9): some belong before and after one."""
    if not event.has_charging_state:
        return None
    if event.status in (ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE):
        return ChargingState.SUSPENDED_EVSE  # nobody pays for a fault of the station
    return event.charging_state if event.charging_state in _UNDER_WAY.values() else None


def _charging(state: State, inbound: Inbound, event: StatusNotification) -> tuple[TransactionRow, ...]:
    """The transaction that goes on there, with what 1.6 tells of it here (P2: its idle time)."""
    told = charging_state_of(event)
    if told is None or event.evse_id == 0:
        return ()
    at = believed(event.at, inbound.received_at, inbound.online_since).at
    open_ones = state.open_transactions(inbound.station_id)
    moved = [
        (row, settled(with_state(row, told, at, inbound.received_at)))
        for row in open_ones
        if row.evse_id == event.evse_id
    ]
    return tuple(after for before, after in moved if after != before)


def with_state_before(state: State, row: TransactionRow) -> TransactionRow:
    """A 1.6 transaction that starts, with what its connector told of it just before.

    Stations report the change to Charging or SuspendedEV, and some do so before they send the start: they do
    not tell it again (§4.9).
    """
    record = state.connectors.get((row.station_id, row.evse_id or 0, row.connector_id or 0))
    told = _UNDER_WAY.get(record.reported) if record is not None else None
    at = (record.at or record.since) if record is not None else None
    if told is None or at is None or abs(at - row.started_at) > COUNTS_WITHIN:
        return row
    return with_state(row, told, at, row.last_received_at)


def _same(before: ConnectorRecord, after: ConnectorRecord) -> bool:
    return (before.status, before.reported, before.error_code, before.info) == (
        after.status,
        after.reported,
        after.error_code,
        after.info,
    )


def _status_event(record: ConnectorRecord, inbound: Inbound) -> StationEvent:
    payload = {
        "evse_id": record.evse_id,
        "connector_id": record.connector_id,
        "status": record.status.value,
        "reported": record.reported,
        "error_code": record.error_code,
        "info": record.info,
    }
    return StationEvent("connector.status", inbound.station_id, inbound.received_at, payload)
