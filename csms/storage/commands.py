"""Commands and how they ended."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, select, update

from csms.domain.records import CommandRecord
from csms.rules.rows import CommandEndRow, CommandRow
from csms.storage.announced_reports import announced_by_commands
from csms.storage.nodes import is_left
from csms.storage.tables import commands
from ocppj.vocabulary import StationId
from runtime.database import to_micros
from runtime.database.statements import Statement, Values, insert_new

_END = Statement("""
UPDATE commands SET outcome = ?, status = ?, error_code = ?, error_description = ?, finished_at = ?
WHERE command_id = ? AND finished_at IS NULL
""")
_is_left_open = commands.c.finished_at.is_(None), is_left(commands.c.node)
_LEFT = select(commands.c.command_id, commands.c.station_id, commands.c.command, commands.c.origin).where(
    *_is_left_open
)


def _values(row: CommandRow) -> Values:
    return row.command_id, row.station_id, row.command, row.arguments, row.origin, to_micros(row.at), row.node


write_commands = insert_new(
    commands, ("command_id", "station_id", "command", "arguments", "origin", "sent_at", "node"), _values
).write


def write_command_ends(connection: Connection, rows: Sequence[CommandEndRow]) -> None:
    """The first end of each command."""
    ends = [
        (r.outcome.value, r.status, r.error_code, r.error_description, to_micros(r.at), r.command_id)
        for r in rows
    ]
    _END.run_each(connection, ends)


def end_left_commands(
    connection: Connection, outcome: str, reason: str, at: datetime
) -> Sequence[Row[str, str, str, str]]:
    """End what nodes left open that are gone: (command_id, station_id, command, origin)."""
    left = connection.execute(_LEFT).all()
    statement = update(commands).where(*_is_left_open)
    connection.execute(statement.values(outcome=outcome, error_description=reason, finished_at=at))
    return left


def commands_of(
    connection: Connection, station_id: StationId, limit: int, before: datetime | None
) -> list[CommandRecord]:
    """What was asked of a station, the newest first; those sent before an instant."""
    query = select(commands).where(commands.c.station_id == station_id)
    if before is not None:
        query = query.where(commands.c.sent_at < before)
    rows = list(connection.execute(query.order_by(commands.c.sent_at.desc()).limit(limit)))
    announced = announced_by_commands(connection, [row.command_id for row in rows])
    return [
        CommandRecord(
            command_id=row.command_id,
            command=row.command,
            arguments=row.arguments,
            origin=row.origin,
            sent_at=row.sent_at,
            finished_at=row.finished_at,
            outcome=row.outcome,
            status=row.status,
            error_code=row.error_code,
            error_description=row.error_description,
            reports=announced.get(row.command_id),
        )
        for row in rows
    ]
