"""What happened to a station, merged from the tables that tell it: the newest first."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, and_, func, or_, select

from csms.domain.audit import AuditEntry, AuditPlace
from csms.domain.timeline import TimelineEntry, TimelineKind, TimelinePlace
from csms.storage.audit import audit_of, newest
from csms.storage.history_tables import boots, connector_states, link_history
from csms.storage.tables import transactions
from ocppj.vocabulary import ConnectorStatus, StationId
from runtime.database import UtcDateTime, to_micros

NO_ERROR = "NoError"
"""1.6's code for a connector without a fault."""

Source = Callable[[Connection, StationId, int, AuditPlace | None], list[TimelineEntry]]


def timeline_of(
    connection: Connection, station_id: StationId, limit: int, after: TimelinePlace | None = None
) -> Sequence[TimelineEntry]:
    """The newest entries, from behind a place on."""
    behind = AuditPlace(after.at, after.kind, after.key) if after is not None else None
    found = [each for source in _SOURCES for each in source(connection, station_id, limit, behind)]
    found.sort(key=lambda each: (-to_micros(each.at), each.kind.value))  # stable: each source has its order
    return found[:limit]


def _acts(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[TimelineEntry]:
    return [_act(each) for each in audit_of(connection, station_id, limit, after)]


def _act(entry: AuditEntry) -> TimelineEntry:
    return TimelineEntry(
        at=entry.at,
        kind=TimelineKind(entry.kind.value),
        what=entry.what,
        key=entry.key,
        by=entry.by,
        result=entry.result,
        reason=entry.reason,
        reference=entry.reference,
    )


def _boots(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[TimelineEntry]:
    query = select(boots).where(boots.c.station_id == station_id)
    order = boots.c.at, boots.c.number
    return [
        TimelineEntry(
            at=row.at,
            kind=TimelineKind.BOOT,
            what=row.reason,
            key=row.number,
            result=row.registration,
            reference=row.firmware_version,
        )
        for row in newest(connection, query, order, TimelineKind.BOOT, limit, after)
    ]


def _connections(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[TimelineEntry]:
    query = select(link_history).where(link_history.c.station_id == station_id)
    order = link_history.c.connected_at, link_history.c.epoch
    return [
        TimelineEntry(
            at=row.connected_at,
            kind=TimelineKind.CONNECTION,
            what="open" if row.disconnected_at is None else "ended",
            key=row.epoch,
            until=row.disconnected_at,
            reason=(row.reason or "").strip() or None,
            reference=row.peer,
        )
        for row in newest(connection, query, order, TimelineKind.CONNECTION, limit, after)
    ]


def _faults(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[TimelineEntry]:
    """States of connectors that are faulted or have an error, each until the next one of its connector."""
    states, later = connector_states.c, connector_states.alias("later")
    has_error = and_(states.error_code.is_not(None), states.error_code != NO_ERROR)
    until = (
        select(func.min(later.c.received_at, type_=UtcDateTime()))
        .where(
            later.c.station_id == states.station_id,
            later.c.evse_id == states.evse_id,
            later.c.connector_id == states.connector_id,
            later.c.number > states.number,
        )
        .scalar_subquery()
    )
    query = select(connector_states, until.label("until")).where(
        states.station_id == station_id, or_(states.status == ConnectorStatus.FAULTED.value, has_error)
    )
    order = states.received_at, states.number
    return [
        TimelineEntry(
            at=row.received_at,
            kind=TimelineKind.FAULT,
            what=row.error_code or row.reported or row.status,
            key=row.number,
            until=row.until,
            result=row.status,
            reason=row.info,
            reference=row.vendor_error_code,
            evse_id=row.evse_id,
            connector_id=row.connector_id,
        )
        for row in newest(connection, query, order, TimelineKind.FAULT, limit, after)
    ]


def _transactions(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[TimelineEntry]:
    columns = transactions.c
    query = select(
        columns.transaction_no,
        columns.transaction_id,
        columns.started_at,
        columns.ended_at,
        columns.stopped_reason,
        columns.evse_id,
        columns.connector_id,
    ).where(columns.station_id == station_id)
    order = columns.started_at, columns.transaction_no
    return [
        TimelineEntry(
            at=row.started_at,
            kind=TimelineKind.TRANSACTION,
            what="open" if row.ended_at is None else "ended",
            key=row.transaction_no,
            until=row.ended_at,
            reason=row.stopped_reason,
            reference=row.transaction_id,
            evse_id=row.evse_id,
            connector_id=row.connector_id,
        )
        for row in newest(connection, query, order, TimelineKind.TRANSACTION, limit, after)
    ]


_SOURCES: tuple[Source, ...] = (_acts, _boots, _connections, _faults, _transactions)
