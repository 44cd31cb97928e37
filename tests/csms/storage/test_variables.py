"""Variables as stations report them."""

from dataclasses import replace

from csms.central.stored_limits import StoredLimits
from csms.domain.records import VariableRecord, variable_key
from csms.rules.rows import VariableRow
from csms.storage import (
    variables,
)
from ocppj.dividing import NO_LIMITS, MessageLimits
from ocppj.model.variables import GetReport, GetVariables, ReportedAttribute, VariablePattern
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
        VariableRecord(ref, "2", True, "W", minutes(1), data_type="decimal", max_limit=9.0),
        VariableRecord(other, None, False, None, NOON),
    ]
    (last,) = await database.run_read(lambda c: variables.variables_of(c, CP1, 9, variable_key(ref)))
    assert last.ref == other
    assert len(await database.run_read(lambda c: variables.variables_of(c, CP1, 1))) == 1


async def test_all_that_a_station_says_of_a_variable(database: Database) -> None:
    """Characteristics and attributes; and its value, by key."""
    ref = VariableRef("DeviceDataCtrlr", "ItemsPerMessage", variable_instance="GetVariables")
    target = ReportedAttribute("Target", "4", is_read_only=True)
    row = VariableRow(
        station_id=CP1,
        ref=ref,
        value="3",
        at=NOON,
        min_limit=1.0,
        max_elements=2,
        values_list="3,4",
        is_write_only=False,
        is_persistent=True,
        is_constant=False,
        supports_monitoring=True,
        attributes=(target,),
    )
    await database.run_write(lambda c: variables.write_variables(c, [row]))
    (record,) = await database.run_read(lambda c: variables.variables_of(c, CP1))
    assert (record.min_limit, record.max_elements, record.values_list) == (1.0, 2, "3,4")
    assert (record.is_persistent, record.is_constant, record.supports_monitoring) == (True, False, True)
    assert (record.is_write_only, record.attributes) == (False, (target,))
    key = variable_key(ref)
    assert await database.run_read(lambda c: variables.values_of(c, CP1, [key, "x"])) == {key: "3"}


async def test_the_limits_that_a_station_has_reported(database: Database) -> None:
    """Its own before the component's; what is no number bounds nothing."""
    limits = StoredLimits(database)
    asked = GetVariables((VariableRef("C", "V"),))
    assert await limits.limits(CP1, asked) == NO_LIMITS

    def said(name: str, value: str, instance: str | None = "GetVariables") -> VariableRow:
        where = VariableRef("DeviceDataCtrlr", name, variable_instance=instance)
        return VariableRow(station_id=CP1, ref=where, value=value, at=NOON)

    rows = [said("ItemsPerMessage", "3"), said("ItemsPerMessage", "9", None), said("BytesPerMessage", "many")]
    await database.run_write(lambda c: variables.write_variables(c, rows))
    assert await limits.limits(CP1, asked) == MessageLimits(3, None)
    assert await limits.limits(CP1, GetVariables()) == NO_LIMITS
    assert await limits.limits(CP1, GetReport(1, (), (VariablePattern("C"),))) == MessageLimits(9, None)
    rows = [said("BytesPerMessage", "0")]
    await database.run_write(lambda c: variables.write_variables(c, rows))
    assert await limits.limits(CP1, asked) == MessageLimits(3, None)
