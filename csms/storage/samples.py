"""Metered values."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from csms.domain.records import SampleRecord
from csms.rules.rows import SampleRow
from csms.storage.tables import meter_samples
from ocppj.vocabulary import MeterSample
from runtime.database import to_micros
from runtime.database.statements import Values, insert_new

_COLUMNS = tuple(column.name for column in meter_samples.columns if column.name != "sample_id")

# The values of a transaction in the order in which they arrived.
_OF_TRANSACTION = (
    select(meter_samples)
    .where(meter_samples.c.transaction_no == bindparam("number"))
    .order_by(meter_samples.c.sample_id)
    .limit(bindparam("most"))
)

_LATEST = (
    select(meter_samples)
    .where(
        meter_samples.c.transaction_no == bindparam("number"),
        meter_samples.c.measurand.in_(bindparam("measurands", expanding=True)),
    )
    .order_by(meter_samples.c.sample_id.desc())
    .limit(bindparam("most"))
)


def _values(row: SampleRow) -> Values:
    sample = row.sample
    return (
        row.station_id,
        row.transaction_no,
        row.evse_id,
        sample.measurand,
        sample.value,
        sample.unit,
        to_micros(sample.at) if sample.at is not None else None,
        sample.phase,
        sample.location,
        sample.context,
        to_micros(row.received_at),
    )


write_samples = insert_new(meter_samples, _COLUMNS, _values).write


def samples_of(connection: Connection, transaction_no: int, limit: int) -> Sequence[SampleRecord]:
    """The metered values of a transaction, oldest first."""
    keys = {"number": transaction_no, "most": limit}
    return [_record(row) for row in connection.execute(_OF_TRANSACTION, keys)]


def latest_samples(
    connection: Connection, transaction_no: int, measurands: Sequence[str], limit: int
) -> Sequence[SampleRecord]:
    """The last values of these measurands, oldest first."""
    keys = {"number": transaction_no, "measurands": list(measurands), "most": limit}
    return [_record(row) for row in connection.execute(_LATEST, keys)][::-1]


def _record(row: Row[Any]) -> SampleRecord:
    sample = MeterSample(row.measurand, row.value, row.unit, row.at, row.phase, row.location, row.context)
    return SampleRecord(sample, row.received_at)
