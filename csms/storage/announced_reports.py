"""Reports that commands ask for, and how far they have come."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, or_, select

from csms.domain.announced import REPORTS_WITHIN
from csms.domain.records import AnnouncedRecord
from csms.rules.reports import OverdueReport
from csms.rules.rows import AnnouncedReportRow
from csms.storage.report_tables import announced_reports
from csms.storage.tables import commands
from ocppj.vocabulary import StationId
from runtime.database import to_micros
from runtime.database.statements import Values, insert_or_update

ACCEPTED = "Accepted"
ANNOUNCED_KEPT = 500
"""Of each station."""

Key = tuple[StationId, str, int]
"""A station, the action of the report, and the request id."""

_COLUMNS = (
    "command_id",
    "station_id",
    "action",
    "request_id",
    "asked_at",
    "moved_at",
    "parts",
    "seq_nos",
    "last_seq_no",
    "is_complete",
    "awaited_until",
)


def _values(row: AnnouncedReportRow) -> Values:
    return (
        row.command_id,
        row.station_id,
        row.action,
        row.request_id,
        to_micros(row.asked_at),
        to_micros(row.moved_at),
        row.parts,
        row.seq_nos,
        row.last_seq_no,
        row.is_complete,
        to_micros(row.awaited_until) if row.awaited_until is not None else None,
    )


write_announced_reports = insert_or_update(
    announced_reports,
    _COLUMNS,
    _values,
    updated=("moved_at", "parts", "seq_nos", "last_seq_no", "is_complete", "awaited_until"),
).write


def load_announced_reports(connection: Connection, keys: Collection[Key]) -> list[AnnouncedReportRow]:
    """Of each key all that was asked for, in that order."""
    table = announced_reports.c
    wanted = (
        and_(table.station_id == station_id, table.action == action, table.request_id == request_id)
        for station_id, action, request_id in keys
    )
    rows = connection.execute(select(announced_reports).where(or_(*wanted))).mappings()
    return sorted((AnnouncedReportRow(**each) for each in rows), key=lambda row: row.asked_at)


def overdue_reports(connection: Connection, at: datetime, limit: int = 500) -> list[OverdueReport]:
    """Of which no more came in time, the station's answer to the command included."""
    table = announced_reports.c
    awaited = select(announced_reports).where(table.awaited_until <= at)
    rows = connection.execute(awaited.order_by(table.awaited_until).limit(limit)).mappings().all()
    if not rows:
        return []
    asked = select(commands.c.command_id, commands.c.status, commands.c.finished_at).where(
        commands.c.command_id.in_([row["command_id"] for row in rows])
    )
    commands_of = {row.command_id: row for row in connection.execute(asked)}
    found = []
    for row in rows:
        command = commands_of.get(row["command_id"])
        if command is None or (
            command.finished_at is not None and command.finished_at <= at - REPORTS_WITHIN
        ):
            was_agreed = command is None or command.status == ACCEPTED
            found.append(OverdueReport(AnnouncedReportRow(**row), was_agreed))
    return found


def prune_announced_reports(
    connection: Connection, station_ids: Iterable[StationId], kept: int = ANNOUNCED_KEPT
) -> None:
    """Those that these stations were asked for last stay."""
    table = announced_reports.c
    for station_id in station_ids:
        newest = func.row_number().over(order_by=(table.asked_at.desc(), table.command_id.desc()))
        each = (
            select(table.command_id, newest.label("number")).where(table.station_id == station_id).subquery()
        )
        beyond = select(each.c.command_id).where(each.c.number > kept)
        connection.execute(delete(announced_reports).where(table.command_id.in_(beyond)))


def announced_by_commands(connection: Connection, command_ids: Sequence[str]) -> dict[str, AnnouncedRecord]:
    """By command: the report that it asks for."""
    query = select(announced_reports).where(announced_reports.c.command_id.in_(command_ids))
    return {
        row.command_id: AnnouncedRecord(row.action, row.request_id, row.parts, row.is_complete, row.moved_at)
        for row in connection.execute(query)
    }
