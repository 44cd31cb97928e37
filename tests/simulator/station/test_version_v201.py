"""What is peculiar to a station of OCPP 2.0.1: variables and their reports."""

from typing import Any

import pytest

from tests.support.simulated import Stage, simulated

# Variables ----------------------------------------------------------------------------------------------


def place(component: str, variable: str, **more: Any) -> dict[str, Any]:
    """Where a variable is."""
    return {"component": {"name": component}, "variable": {"name": variable} | more}


async def read(stage: Stage, *places: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Status and value of each."""
    answer = await stage.ask("GetVariables", {"getVariableData": list(places)})
    return [(found.attribute_status, found.attribute_value) for found in answer.get_variable_result]


async def write(stage: Stage, *places: dict[str, Any]) -> list[str]:
    """The status of each."""
    answer = await stage.ask("SetVariables", {"setVariableData": list(places)})
    return [found.attribute_status for found in answer.set_variable_result]


INTERVAL = place("OCPPCommCtrlr", "HeartbeatInterval")
SECRET = place("SecurityCtrlr", "BasicAuthPassword")
TIMEOUT = place("OCPPCommCtrlr", "MessageTimeout", instance="Default")


async def test_each_item_has_its_own_result() -> None:
    """B05, B06: in the order in which they were asked for."""
    async with simulated("ac-201", password="a password 0123456") as stage:
        await stage.boot()
        found = await read(
            stage,
            INTERVAL,
            TIMEOUT,
            SECRET,
            place("OCPPCommCtrlr", "Nonsense"),
            place("Nonsense", "Nonsense"),
            place("ConfigurationKey", "BlinkRepeat"),
            INTERVAL | {"attributeType": "Target"},
        )
        assert found == [
            ("Accepted", "300"),
            ("Accepted", "30"),
            ("Rejected", None),  # B06.FR.09
            ("UnknownVariable", None),
            ("UnknownComponent", None),
            ("UnknownComponent", None),  # a key of 1.6 is none of 2.0.1
            ("NotSupportedAttributeType", None),
        ]


async def test_setting_several_at_once() -> None:
    """One that is refused leaves the others in force."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        found = await write(
            stage,
            INTERVAL | {"attributeValue": "60"},
            INTERVAL | {"attributeValue": "soon"},
            INTERVAL | {"attributeValue": "70", "attributeType": "Target"},
            place("TxCtrlr", "TxStartPoint") | {"attributeValue": "DataSigned"},  # its meter signs nothing
            place("ConfigurationKey", "BlinkRepeat") | {"attributeValue": "1"},
            place("Nonsense", "Nonsense") | {"attributeValue": "1"},
            place("TariffCostCtrlr", "TariffFallbackMessage") | {"attributeValue": "0,35 $/kWh"},
        )
        assert found == [
            "Accepted",
            "Rejected",
            "NotSupportedAttributeType",
            "Rejected",
            "UnknownComponent",
            "UnknownComponent",
            "Accepted",
        ]
        assert await read(stage, INTERVAL) == [("Accepted", "60")]


async def test_more_items_than_it_takes() -> None:
    """B06.FR.16: OccurrenceConstraintViolation."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        asked = {"getVariableData": [INTERVAL] * 51}
        assert await stage.ask("GetVariables", asked) == "OccurrenceConstraintViolation"
        asked = {"setVariableData": [INTERVAL | {"attributeValue": "60"}] * 51}
        assert await stage.ask("SetVariables", asked) == "OccurrenceConstraintViolation"


@pytest.mark.parametrize("base", ["FullInventory", "ConfigurationInventory"])
async def test_report_comes_in_parts_that_belong_together(base: str) -> None:
    """B07, B08: numbered from 0, the last one without `tbc`, every variable once."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        asked = {"requestId": 12, "reportBase": base}
        assert (await stage.ask("GetBaseReport", asked)).status == "Accepted"
        await stage.rest()
        parts = stage.said("NotifyReport")
        assert [part.seq_no for part in parts] == list(range(len(parts)))
        assert [part.tbc for part in parts] == [True] * (len(parts) - 1) + [False]
        assert {part.request_id for part in parts} == {12}
        entries = [entry for part in parts for entry in part.report_data]
        mutability = {entry.variable_attribute[0].mutability for entry in entries}
        assert ("ReadOnly" in mutability) is (base == "FullInventory")
        assert len(entries) == len({str((entry.component, entry.variable)) for entry in entries})
        values = {attribute.value for entry in entries for attribute in entry.variable_attribute}
        assert {"300"} <= values


async def test_summary_is_not_supported() -> None:
    """Nothing is sent for it."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        asked = {"requestId": 12, "reportBase": "SummaryInventory"}
        assert (await stage.ask("GetBaseReport", asked)).status == "NotSupported"
        assert "NotifyReport" not in stage.actions


async def test_password_with_letters_of_more_than_one_byte() -> None:
    """Counted and sent in UTF-8."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        secret = SECRET | {"attributeValue": "été été été été!"}
        assert await write(stage, secret) == ["Accepted"]
        credentials = stage.door.upgrades[-1].credentials
        assert credentials is not None
        assert credentials.password == "été été été été!".encode()
