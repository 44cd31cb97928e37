"""Variables as stations report them."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, select

from csms.domain.records import VariableRecord, variable_key
from csms.rules.rows import VariableRow
from csms.storage.report_tables import variables
from ocppj.model.variables import ReportedAttribute
from ocppj.vocabulary import StationId, VariableRef
from runtime.database import to_micros
from runtime.database.statements import Values, insert_or_update

VARIABLES_MOST = 20_000
"""Of one station: never more are kept (`csms.storage.pruning`)."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[ReportedAttribute, ...]).decode
_COLUMNS = tuple(column.name for column in variables.columns)
_OF_ONE = (
    select(variables)
    .where(variables.c.station_id == bindparam("station_id"), variables.c.variable_key > bindparam("after"))
    .order_by(variables.c.variable_key)
    .limit(bindparam("most"))
)


def _values(row: VariableRow) -> Values:
    ref = row.ref
    return (
        row.station_id,
        variable_key(ref),
        ref.component,
        ref.component_instance,
        ref.evse_id,
        ref.connector_id,
        ref.variable,
        ref.variable_instance,
        row.value,
        row.is_read_only,
        row.unit,
        row.data_type,
        row.max_limit,
        to_micros(row.at),
        row.min_limit,
        row.max_elements,
        row.values_list,
        row.is_write_only,
        row.is_persistent,
        row.is_constant,
        row.supports_monitoring,
        _encode(row.attributes).decode() if row.attributes else None,
    )


_write_reported = insert_or_update(variables, _COLUMNS, _values).write
_write_read = insert_or_update(variables, _COLUMNS, _values, updated=["value", "reported_at"]).write


def write_variables(connection: Connection, rows: Sequence[VariableRow]) -> None:
    """What was reported; of a variable that was only read, the value."""
    read = [row for row in rows if row.keeps_details]
    reported = [row for row in rows if not row.keeps_details]
    if reported:
        _write_reported(connection, reported)
    if read:
        _write_read(connection, read)


def variables_of(
    connection: Connection, station_id: StationId, limit: int = VARIABLES_MOST, after: str | None = None
) -> list[VariableRecord]:
    """What a station reported, in the order of the keys by which names are compared, after this key."""
    keys = {"station_id": station_id, "after": after or "", "most": limit}
    return [_record(row) for row in connection.execute(_OF_ONE, keys)]


def _record(row: Row[Any]) -> VariableRecord:
    ref = VariableRef(
        component=row.component,
        variable=row.variable,
        component_instance=row.component_instance,
        variable_instance=row.variable_instance,
        evse_id=row.evse_id,
        connector_id=row.connector_id,
    )
    return VariableRecord(
        ref,
        row.value,
        row.is_read_only,
        row.unit,
        row.reported_at,
        data_type=row.data_type,
        min_limit=row.min_limit,
        max_limit=row.max_limit,
        max_elements=row.max_elements,
        values_list=row.values_list,
        is_write_only=row.is_write_only,
        is_persistent=row.is_persistent,
        is_constant=row.is_constant,
        supports_monitoring=row.supports_monitoring,
        attributes=_decode(row.attributes) if row.attributes is not None else (),
    )


def values_of(connection: Connection, station_id: StationId, keys: Collection[str]) -> dict[str, str | None]:
    """The values of some variables, by key; what the station has not reported is not among them."""
    query = select(variables.c.variable_key, variables.c.value).where(
        variables.c.station_id == station_id, variables.c.variable_key.in_(keys)
    )
    return {row.variable_key: row.value for row in connection.execute(query)}
