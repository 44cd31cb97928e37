"""What people and programs did to a station, merged from the tables that tell it: the newest first.

Each table is read along an index of its own that has the order asked for, and no more of it than is shown.
What provisioning asks of a station by itself is no act of anybody's; the command log has it.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, literal, select, tuple_

from csms.domain.audit import AuditEntry, AuditKind, AuditPlace
from csms.storage.tables import REQUESTED_BY_SOMEBODY, commands, quarantine, reviews, transactions
from ocppj.vocabulary import StationId
from runtime.audit import acts
from runtime.database import to_micros

API = "api:"
"""Before the name of who asked, in the origin of a command."""

Source = Callable[[Connection, StationId, int, AuditPlace | None], list[AuditEntry]]


def audit_of(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None = None
) -> Sequence[AuditEntry]:
    """The newest acts, from behind a place on."""
    found = [each for source in _SOURCES for each in source(connection, station_id, limit, after)]
    found.sort(key=lambda each: (-to_micros(each.at), each.kind.value))  # stable: each source has its order
    return found[:limit]


def _changes(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[AuditEntry]:
    query = select(acts).where(acts.c.subject == station_id)
    rows = newest(connection, query, (acts.c.at, acts.c.act_id), AuditKind.CHANGE, limit, after)
    return [
        AuditEntry(
            row.at, row.done_by, AuditKind.CHANGE, row.what, row.result, row.reason, row.reference, row.act_id
        )
        for row in rows
    ]


def _commands(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[AuditEntry]:
    columns = commands.c
    query = select(commands).where(columns.station_id == station_id, REQUESTED_BY_SOMEBODY)
    order = columns.sent_at, columns.command_id
    return [
        AuditEntry(
            row.sent_at,
            row.origin.removeprefix(API),
            AuditKind.COMMAND,
            row.command,
            row.status or row.outcome,
            None,
            row.command_id,
            row.command_id,
        )
        for row in newest(connection, query, order, AuditKind.COMMAND, limit, after)
    ]


def _quarantine(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[AuditEntry]:
    columns = quarantine.c
    shown = columns.quarantine_id, columns.decided_at, columns.decided_by, columns.decision, columns.state
    query = select(*shown).where(columns.station_id == station_id, columns.decided_at.is_not(None))
    order = columns.decided_at, columns.quarantine_id
    return [
        AuditEntry(
            row.decided_at,
            row.decided_by,
            AuditKind.QUARANTINE,
            row.state,
            None,
            row.decision,
            str(row.quarantine_id),
            row.quarantine_id,
        )
        for row in newest(connection, query, order, AuditKind.QUARANTINE, limit, after)
    ]


def _reviews(
    connection: Connection, station_id: StationId, limit: int, after: AuditPlace | None
) -> list[AuditEntry]:
    columns = reviews.c
    query = (
        select(reviews, transactions.c.transaction_id)
        .join(transactions, transactions.c.transaction_no == columns.transaction_no)
        .where(columns.station_id == station_id)
    )
    order = columns.decided_at, columns.review_id
    return [
        AuditEntry(
            row.decided_at,
            row.decided_by,
            AuditKind.REVIEW,
            row.decision,
            None,
            row.reason,
            row.transaction_id,
            row.review_id,
        )
        for row in newest(connection, query, order, AuditKind.REVIEW, limit, after)
    ]


_SOURCES: tuple[Source, ...] = (_changes, _commands, _quarantine, _reviews)


def newest(  # noqa: PLR0917 - what a source is
    connection: Connection,
    query: Select[Any],
    order: tuple[ColumnElement[Any], ColumnElement[Any]],
    kind: StrEnum,
    limit: int,
    after: AuditPlace | None,
) -> Sequence[Row[Any]]:
    """The rows of one kind that the merged list can need; of an instant, kinds have their order too."""
    at, key = order
    if after is not None and kind == after.kind:
        query = query.where(tuple_(at, key) < tuple_(literal(after.at, at.type), literal(after.key)))
    elif after is not None:
        query = query.where(at < after.at if kind < after.kind else at <= after.at)
    return connection.execute(query.order_by(at.desc(), key.desc()).limit(limit)).all()
