"""Variables as stations report them."""

from dataclasses import replace

from csms.domain.records import VariableRecord, variable_key
from csms.rules.rows import VariableRow
from csms.storage import (
    variables,
)
from ocppj.vocabulary import (
    VariableRef,
)
from runtime.database import Database
from tests.support.inbound import CP1, NOON, minutes


async def test_variables_have_no_case_and_keep_their_details(database: Database) -> None:
    """A value that was only read leaves unit and mutability as they were reported (quirk 69)."""
    ref = VariableRef("EVSE", "Power", evse_id=1)
    whole = VariableRow(
        station_id=CP1,
        ref=ref,
        value="1",
        is_read_only=True,
        unit="W",
        data_type="decimal",
        max_limit=9.0,
        at=NOON,
    )
    read = VariableRow(
        station_id=CP1,
        ref=VariableRef("evse", "POWER", evse_id=1),
        value="2",
        keeps_details=True,
        at=minutes(1),
    )
    other = replace(ref, evse_id=2, component_instance="i", variable_instance="v", connector_id=1)
    rows = [whole, read, VariableRow(station_id=CP1, ref=other, value=None, at=NOON)]
    await database.run_write(lambda c: variables.write_variables(c, rows))
    assert await database.run_read(lambda c: variables.variables_of(c, CP1)) == [
        VariableRecord(ref, "2", True, "W", minutes(1)),
        VariableRecord(other, None, False, None, NOON),
    ]
    (last,) = await database.run_read(lambda c: variables.variables_of(c, CP1, 9, variable_key(ref)))
    assert last.ref == other
    assert len(await database.run_read(lambda c: variables.variables_of(c, CP1, 1))) == 1
