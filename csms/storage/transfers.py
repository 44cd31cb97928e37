"""Transfers of files: what was asked, every status, and what became of it."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, or_, select

from csms.domain.transfers import OPEN_TRANSFERS, TransferKind, TransferState
from csms.rules.transfer_rows import TransferRow, TransferStepRow
from csms.storage.file_tables import file_grants, transfer_steps, transfers
from ocppj.vocabulary import StationId
from runtime.database import to_micros
from runtime.database.statements import Values, insert_or_update

TRANSFERS_KEPT = 100
"""Of each station, besides those that go on."""

_INSTANTS = ("oldest_at", "latest_at", "retrieve_at", "install_at", "asked_at", "moved_at")
_COLUMNS = (
    "number",
    "station_id",
    "kind",
    "state",
    "status",
    "reason",
    "steps",
    "file_id",
    "is_signed",
    "version_wanted",
    "version_before",
    "version_after",
    "log_type",
    "oldest_at",
    "latest_at",
    "retrieve_at",
    "install_at",
    "retries",
    "retry_interval_s",
    "asked_by",
    "asked_at",
    "moved_at",
)
_table = transfers.c
_is_open = _table.state.in_(sorted(each.value for each in OPEN_TRANSFERS))


def _values(row: TransferRow) -> Values:
    found = []
    for name in _COLUMNS:
        value = getattr(row, name)
        if name in ("kind", "state"):
            value = value.value
        elif name in _INSTANTS and value is not None:
            value = to_micros(value)
        found.append(value)
    return tuple(found)


write_transfers = insert_or_update(
    transfers,
    _COLUMNS,
    _values,
    updated=("state", "status", "reason", "steps", "version_after", "moved_at"),
).write


def _step_values(row: TransferStepRow) -> Values:
    return (row.number, row.place, row.status, to_micros(row.at))


write_transfer_steps = insert_or_update(
    transfer_steps, ("number", "place", "status", "at"), _step_values
).write


def load_transfers(
    connection: Connection, station_ids: Collection[StationId], numbers: Collection[int]
) -> list[TransferRow]:
    """Those of these stations that go on, and those of these numbers."""
    goes_on = _is_open & _table.station_id.in_(list(station_ids))
    query = select(transfers).where(or_(goes_on, _table.number.in_(list(numbers))))
    return [_row(each) for each in connection.execute(query).mappings()]


def one_transfer(connection: Connection, number: int) -> TransferRow | None:
    """The transfer of this number."""
    row = connection.execute(select(transfers).where(_table.number == number)).mappings().first()
    return _row(row) if row is not None else None


def find_transfers(
    connection: Connection, station_id: StationId, limit: int, before: int | None = None
) -> list[tuple[TransferRow, list[TransferStepRow]]]:
    """A station's, the latest first, those with a smaller number; each with its statuses."""
    query = select(transfers).where(_table.station_id == station_id)
    if before is not None:
        query = query.where(_table.number < before)
    query = query.order_by(_table.number.desc()).limit(limit)
    rows = [_row(each) for each in connection.execute(query).mappings()]
    steps: dict[int, list[TransferStepRow]] = {row.number: [] for row in rows}
    of_these = select(transfer_steps).where(transfer_steps.c.number.in_(list(steps)))
    for each in connection.execute(of_these.order_by(transfer_steps.c.number, transfer_steps.c.place)):
        steps[each.number].append(TransferStepRow(each.number, each.place, each.status, each.at))
    return [(row, steps[row.number]) for row in rows]


def is_in_use(connection: Connection, file_id: str) -> bool:
    """Whether a transfer that goes on is of this file."""
    query = select(_table.number).where(_is_open, _table.file_id == file_id).limit(1)
    return connection.execute(query).first() is not None


def prune_transfers(
    connection: Connection, station_ids: Iterable[StationId], kept: int = TRANSFERS_KEPT
) -> None:
    """Of these stations the oldest that are over go, with their statuses and URLs."""
    for station_id in station_ids:
        newest = func.row_number().over(order_by=_table.number.desc())
        each = (
            select(_table.number, newest.label("place"))
            .where(_table.station_id == station_id, ~_is_open)
            .subquery()
        )
        beyond = list(connection.execute(select(each.c.number).where(each.c.place > kept)).scalars())
        connection.execute(delete(transfer_steps).where(transfer_steps.c.number.in_(beyond)))
        connection.execute(delete(file_grants).where(file_grants.c.number.in_(beyond)))
        connection.execute(delete(transfers).where(_table.number.in_(beyond)))


def _row(row: RowMapping) -> TransferRow:
    fields: dict[str, Any] = dict(row)
    return TransferRow(
        **fields | {"kind": TransferKind(fields["kind"]), "state": TransferState(fields["state"])}
    )
