"""A station's words in OCPP 2.0.1; the strict codec of the other side checks every message on the way."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ocppj.codec import codec_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    BootReason,
    ChargingState,
    ConnectorStatus,
    IdToken,
    IdTokenType,
    MeterSample,
    TransactionEventKind,
    VariableRef,
)
from simulator import messages as told
from simulator.dialects.dialect import WireCall
from simulator.dialects.v201 import V201Dialect
from simulator.template import identify, load_template
from simulator.variables import Kind, Mutability, Variable
from tests.support.simulated import MAC, Stage, simulated

AT = datetime(2026, 1, 5, 12, 0, 0, 123_000, tzinfo=UTC)
DIALECT = V201Dialect(identify(load_template("ac-201"), mac=MAC, model="M" * 30, serial="S" * 40))
SAMPLE = MeterSample("Current.Import", 15.94, "A", AT, "L1", "Outlet", "Sample.Periodic")


def transaction(**changes: Any) -> told.TransactionReport:
    """A report with something in every place."""
    fields: dict[str, Any] = {
        "kind": TransactionEventKind.ENDED,
        "transaction_id": "own",
        "csms_id": None,
        "evse_id": 2,
        "connector_id": 1,
        "at": AT,
        "trigger": "Authorized",
        "seq_no": 1,
        "meter_wh": 1234.56,
        "id_token": IdToken("TAG", IdTokenType.KEY_CODE),
        "samples": (SAMPLE,),
        "charging_state": ChargingState.SUSPENDED_EV,
        "is_offline": True,
        "stopped_reason": "EVDisconnected",
        "remote_start_id": 5,
    }
    return told.TransactionReport(**fields | changes)


VARIABLES: tuple[tuple[Variable, str | None], ...] = (
    (Variable(ref=VariableRef("A", "B", "x", "y", 1, 1), kind=Kind.OPTION_LIST, options=("p", "q")), "p"),
    (Variable(ref=VariableRef("A", "C"), kind=Kind.DECIMAL, unit="W", minimum=0, maximum=10.5), None),
    (Variable(ref=VariableRef("A", "D"), mutability=Mutability.WRITE_ONLY), "a secret"),
)
MESSAGES: list[told.Message] = [
    *(told.Booted(reason) for reason in BootReason),
    told.Beat(),
    *(told.StatusReport(1, 1, status, None, AT, is_plugged=True) for status in ConnectorStatus),
    told.AuthorizationAsked(IdToken("TAG")),
    transaction(),
    transaction(kind=TransactionEventKind.STARTED, id_token=None, samples=(), stopped_reason=None),
    told.MeterReport(1, (SAMPLE,)),
    told.InventoryPart(1, 0, True, AT, VARIABLES),
    told.InventoryPart(1, 1, False, AT, ()),
    told.Transfer("vendor", "message", "text"),
    told.FirmwareReport(),
    told.LogReport(),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_every_message_keeps_to_the_schema(message: told.Message) -> None:
    """Names that are too long are cut."""
    call = DIALECT.request(message)
    assert call is not None
    codec_for(OcppVersion.V201).encode_request(call.action, call.payload)
    assert DIALECT.completed(call, "42") == call


def test_whole_station_has_no_status() -> None:
    """Only connectors have one."""
    assert DIALECT.request(told.StatusReport(0, 0, ConnectorStatus.AVAILABLE, None, AT)) is None


def test_connector_without_a_cable_is_not_occupied() -> None:
    """A driver who was authorized has not plugged in yet (B04)."""
    for is_plugged, word in ((False, "Available"), (True, "Occupied")):
        report = told.StatusReport(1, 1, ConnectorStatus.OCCUPIED, None, AT, is_plugged)
        call = DIALECT.request(report)
        assert call == WireCall("StatusNotification", call.payload if call else {})
        assert call.payload["connectorStatus"] == word
        assert DIALECT.status_words(report) == (word, None)


def test_secret_is_not_in_a_report() -> None:
    """A write-only variable has no value there (B07)."""
    call = DIALECT.request(told.InventoryPart(1, 0, True, AT, VARIABLES))
    assert call is not None
    assert "a secret" not in str(call.payload)


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
