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


async def named(stage: Stage, action: str, asked: dict[str, Any]) -> list[str]:
    """Status of a request for a report, and what it reports."""
    before = len(stage.said("NotifyReport"))
    status = (await stage.ask(action, asked)).status
    await stage.rest()
    parts = stage.said("NotifyReport")[before:]
    return [
        status,
        *(f"{each.component.name}.{each.variable.name}" for part in parts for each in part.report_data),
    ]


async def test_a_summary_tells_how_it_is() -> None:
    """B07.FR.09: availability, and whatever is wrong."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        asked = {"requestId": 12, "reportBase": "SummaryInventory"}
        found = await named(stage, "GetBaseReport", asked)
        assert found == ["Accepted", "ChargingStation.AvailabilityState", *["EVSE.AvailabilityState"] * 2]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"componentVariable": [{"component": {"name": "clockctrlr"}, "variable": {"name": "TimeZone"}}]}, 1),
        ({"componentVariable": [{"component": {"name": "EVSE", "evse": {"id": 1}}}]}, 2),
        (
            {"componentVariable": [{"component": {"name": "EVSE"}, "variable": {"name": "Power"}}]},
            2,
        ),  # B08.FR.23
        ({"componentVariable": [place("DeviceDataCtrlr", "ItemsPerMessage")]}, 3),  # B08.FR.21
        ({"componentVariable": [place("DeviceDataCtrlr", "ItemsPerMessage", instance="GetReport")]}, 1),
        ({"componentCriteria": ["Problem"]}, 0),
        ({"componentCriteria": ["Problem", "Enabled"], "componentVariable": [place("TxCtrlr", "X")]}, 0),
        ({"componentCriteria": ["Enabled"], "componentVariable": [INTERVAL, SECRET]}, 2),  # B08.FR.09
        ({"componentVariable": [{"component": {"name": "EVSE", "evse": {"id": 9}}}]}, 0),
        ({"componentVariable": [{"component": {"name": "EVSE", "instance": "x"}}]}, 0),
    ],
)
async def test_a_report_of_some(asked: dict[str, Any], found: int) -> None:
    """B08: both criteria and variables must fit; of nothing EmptyResultSet (B08.FR.15), and no report."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        status, *names = await named(stage, "GetReport", {"requestId": 13} | asked)
        assert (status, len(names)) == ("Accepted" if found else "EmptyResultSet", found)


async def test_more_variables_than_a_report_takes() -> None:
    """B08.FR.17."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        asked = {"requestId": 13, "componentVariable": [INTERVAL] * 51}
        assert await stage.ask("GetReport", asked) == "OccurrenceConstraintViolation"


async def test_the_power_of_an_evse_is_what_flows_and_has_a_limit() -> None:
    """All its attributes are read and reported (B06.FR.10, B07.FR.11); nobody sets them (B05.FR.09)."""
    power = place("EVSE", "Power") | {"component": {"name": "EVSE", "evse": {"id": 1}}}
    async with simulated("ac-201") as stage:
        await stage.boot()
        most = power | {"attributeType": "MaxSet"}
        assert await read(stage, power, most) == [("Accepted", "0"), ("Accepted", "22080")]
        assert await write(stage, most | {"attributeValue": "1"}) == ["Rejected"]
        stage.station.plug()
        await stage.meanwhile(stage.station.present("TAG1"))
        await stage.rest()
        ((_, flows),) = await read(stage, power)
        assert float(flows or 0) > 0
        await stage.ask("GetReport", {"requestId": 1, "componentVariable": [power]})
        await stage.rest()
        (entry,) = stage.said("NotifyReport")[-1].report_data
        assert [each.type for each in entry.variable_attribute] == [None, "MaxSet"]


async def test_password_with_letters_of_more_than_one_byte() -> None:
    """Counted and sent in UTF-8."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        secret = SECRET | {"attributeValue": "été été été été!"}
        assert await write(stage, secret) == ["Accepted"]
        credentials = stage.door.upgrades[-1].credentials
        assert credentials is not None
        assert credentials.password == "été été été été!".encode()
