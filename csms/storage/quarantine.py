"""Messages that are kept as they came, and what became of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, LargeBinary, Row, func, select

from access.principals import AccessScope
from csms.domain.quarantine import QuarantineCause, QuarantineRecord, QuarantineState
from csms.rules.rows import QuarantineDecisionRow, QuarantineRow
from csms.storage.scopes import of_scope
from csms.storage.tables import quarantine
from ocppj.vocabulary import Epoch, StationId
from runtime.database import to_micros
from runtime.database.statements import Statement, Values, insert_new

COUNTED_MOST = 1000
"""Waiting messages are counted up to here: nobody needs to know how many more."""
LISTED_BYTES = 4096
"""Of each message in a list: a thousand whole ones would be a GiB."""


def _values(row: QuarantineRow) -> Values:
    return (
        row.station_id,
        row.epoch,
        row.raw,
        row.reason,
        to_micros(row.received_at),
        row.cause.value,
        row.version,
        row.was_accepted,
        row.state.value,
    )


write_quarantine = insert_new(
    quarantine,
    (
        "station_id",
        "epoch",
        "raw",
        "reason",
        "received_at",
        "cause",
        "version",
        "was_accepted",
        "state",
    ),
    _values,
).write

# Of two who decide at the same time, the first one counts.
_DECIDE = Statement("""
UPDATE quarantine SET state = ?, decided_at = ?, decided_by = ?, decision = ?, corrected = ?
WHERE quarantine_id = ? AND state IN ('waiting', 'used')
""")


def write_quarantine_decisions(connection: Connection, rows: Sequence[QuarantineDecisionRow]) -> None:
    """What somebody decided about messages; the first decision about each counts."""
    for row in rows:
        each = row.decision
        values = (each.state.value, to_micros(each.at), each.by, each.reason, each.corrected)
        _DECIDE.run(connection, (*values, each.quarantine_id))


_LISTED = [
    func.substr(column, 1, LISTED_BYTES, type_=LargeBinary).label(column.name)
    if column.name in ("raw", "corrected")
    else column
    for column in quarantine.columns
]


def find_quarantine(
    connection: Connection,
    scope: AccessScope,
    *,
    station_id: StationId | None,
    state: QuarantineState | None,
    before: int | None,
    limit: int,
) -> list[QuarantineRecord]:
    """The messages that fit all that is given, newest first, cut to LISTED_BYTES each; `before`: those older
    than this one.
    """
    statement = select(*_LISTED).order_by(quarantine.c.quarantine_id.desc()).limit(limit)
    if station_id is not None:
        statement = statement.where(quarantine.c.station_id == station_id)
    if state is not None:
        statement = statement.where(quarantine.c.state == state.value)
    if before is not None:
        statement = statement.where(quarantine.c.quarantine_id < before)
    statement = statement.where(of_scope(quarantine.c.station_id, scope))
    return [_record(row) for row in connection.execute(statement)]


def one_of_quarantine(connection: Connection, quarantine_id: int) -> QuarantineRecord | None:
    """One message."""
    row = connection.execute(
        select(quarantine).where(quarantine.c.quarantine_id == quarantine_id)
    ).one_or_none()
    return _record(row) if row is not None else None


def count_waiting(connection: Connection, scope: AccessScope) -> int:
    """How many messages wait for somebody; COUNTED_MOST where there are more."""
    is_waiting = quarantine.c.state == QuarantineState.WAITING.value
    is_in_it = of_scope(quarantine.c.station_id, scope)
    waiting = select(quarantine.c.quarantine_id).where(is_waiting, is_in_it)
    counted = waiting.limit(COUNTED_MOST).subquery()
    return int(connection.execute(select(func.count()).select_from(counted)).scalar_one())


def _record(row: Row[Any]) -> QuarantineRecord:
    return QuarantineRecord(
        row.quarantine_id,
        StationId(row.station_id),
        Epoch(row.epoch),
        row.raw,
        QuarantineCause(row.cause),
        row.reason,
        row.received_at,
        row.version,
        QuarantineState(row.state),
        row.decided_at,
        row.decided_by,
        row.decision,
        row.corrected,
    )
