"""A station's words in OCPP 1.6; the strict codec of the other side checks every message on the way."""

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
    MeterSample,
    TransactionEventKind,
)
from simulator import messages as told
from simulator.dialects.dialect import WireCall
from simulator.dialects.v16 import UNKNOWN_TRANSACTION, V16Dialect
from simulator.template import identify, load_template
from tests.support.simulated import MAC, Stage, changed_template, simulated

AT = datetime(2026, 1, 5, 12, 0, 0, 123_000, tzinfo=UTC)
DIALECT = V16Dialect(
    identify(load_template("ac-16"), mac=MAC, vendor="V" * 30, model="M" * 30, serial="S" * 40)
)


def transaction(kind: TransactionEventKind, **changes: Any) -> told.TransactionReport:
    """A report with something in every place."""
    fields: dict[str, Any] = {
        "kind": kind,
        "transaction_id": "own",
        "csms_id": "7",
        "evse_id": 2,
        "connector_id": 1,
        "at": AT,
        "trigger": "Authorized",
        "seq_no": 1,
        "meter_wh": 1234.56,
        "id_token": IdToken("TAG"),
        "samples": (
            MeterSample("Energy.Active.Import.Register", 1234.6, "Wh", AT, None, "Outlet", "Trigger"),
        ),
        "charging_state": ChargingState.CHARGING,
    }
    return told.TransactionReport(**fields | changes)


MESSAGES: list[told.Message] = [
    told.Booted(BootReason.POWER_UP),
    told.Beat(),
    told.StatusReport(1, 1, ConnectorStatus.OCCUPIED, ChargingState.CHARGING, AT),
    told.StatusReport(0, 0, ConnectorStatus.AVAILABLE, None, AT),
    told.StatusReport(1, 1, ConnectorStatus.FAULTED, None, AT, error="GroundFailure"),
    told.AuthorizationAsked(IdToken("TAG")),
    transaction(TransactionEventKind.STARTED),
    transaction(TransactionEventKind.UPDATED),
    transaction(TransactionEventKind.ENDED, stopped_reason="EVDisconnected"),
    transaction(TransactionEventKind.ENDED, csms_id=None, id_token=None, samples=()),
    told.MeterReport(1, (MeterSample("Voltage", 230.0, "V", AT, "L1-N"),), "7"),
    told.Transfer("vendor", "message", "text"),
    told.Transfer("vendor"),
    told.FirmwareReport(),
    told.LogReport(),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_every_message_keeps_to_the_schema(message: told.Message) -> None:
    """Names that are too long for 1.6 are cut."""
    call = DIALECT.request(message)
    assert call is not None
    codec_for(OcppVersion.V16).encode_request(call.action, call.payload)


def test_what_1_6_tells_otherwise_is_no_message() -> None:
    """A change of state without values is a StatusNotification; there is no report of variables."""
    assert DIALECT.request(transaction(TransactionEventKind.UPDATED, samples=())) is None
    assert DIALECT.request(told.InventoryPart(1, 0, True, AT, ())) is None


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [(None, "NoError", None), ("GroundFailure", "GroundFailure", None), ("Melted", "OtherError", "Melted")],
)
def test_fault_has_a_code_or_a_text(error: str | None, code: str, text: str | None) -> None:
    """ChargePointErrorCode; what is not among them is told in `info`."""
    call = DIALECT.request(told.StatusReport(1, 1, ConnectorStatus.FAULTED, None, AT, error=error))
    assert call is not None
    assert (call.payload["errorCode"], call.payload.get("info")) == (code, text)


def test_number_is_filled_in_where_there_is_a_place_for_it() -> None:
    """-1 as long as there is none."""
    waiting = WireCall("MeterValues", {"transactionId": UNKNOWN_TRANSACTION})
    assert DIALECT.completed(waiting, "42").payload == {"transactionId": 42}
    assert DIALECT.completed(waiting, None).payload == {"transactionId": -1}
    assert DIALECT.completed(WireCall("StartTransaction", {}), "42").payload == {}


# Configuration keys -------------------------------------------------------------------------------------


async def read(stage: Stage, *keys: str) -> dict[str, tuple[str | None, bool]]:
    """Value and read-only of each key."""
    answer = await stage.ask("GetConfiguration", {"key": list(keys)} if keys else {})
    return {entry.key: (entry.value, entry.readonly) for entry in answer.configuration_key or ()}


async def change(stage: Stage, key: str, value: str) -> str:
    """The status."""
    return str((await stage.ask("ChangeConfiguration", {"key": key, "value": value})).status)


async def test_keys_are_a_view_of_the_variables() -> None:
    """What is set by key is the variable's value, and the other way round."""
    async with simulated() as stage:
        await stage.boot()
        assert await change(stage, "metervaluesampleinterval", "17") == "Accepted"
        assert stage.station.variables.text("SampledDataCtrlr", "TxUpdatedInterval") == "17"
        assert await read(stage, "MeterValueSampleInterval") == {"MeterValueSampleInterval": ("17", False)}


async def test_all_keys_at_once() -> None:
    """Whatever 1.6 has a key for, and nothing of 2.x; a secret is there without its value."""
    async with simulated(password="a password 0123456") as stage:
        await stage.boot()
        found = await read(stage)
        assert found["NumberOfConnectors"] == ("1", True)
        assert found["DefaultPrice"] == ("", False)
        assert found["AuthorizationKey"] == (None, False)
        assert not any("." in key for key in found)


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("HeartbeatInterval", "60", "Accepted"),
        ("HeartbeatInterval", "soon", "Rejected"),
        ("HeartbeatInterval", "-5", "Rejected"),
        ("NumberOfConnectors", "9", "Rejected"),
        ("MeterValuesSampledData", "Energy.Active.Import.Register,SoC", "Accepted"),
        ("MeterValuesSampledData", "Temperature", "Rejected"),
        ("LightIntensity", "50", "Accepted"),
        ("DefaultPriceText", "0,35 $/kWh", "Accepted"),
        ("NoSuchKey", "1", "NotSupported"),
    ],
)
async def test_change_is_accepted_rejected_or_not_supported(key: str, value: str, status: str) -> None:
    """1.6 §5.3."""
    async with simulated() as stage:
        await stage.boot()
        assert await change(stage, key, value) == status


async def test_key_that_needs_a_reboot() -> None:
    """RebootRequired; in force after the next start."""
    template = changed_template(needs_reboot=["TxCtrlr.EVConnectionTimeOut"])
    async with simulated(template) as stage:
        await stage.boot()
        assert await change(stage, "ConnectionTimeOut", "5") == "RebootRequired"
        assert (await read(stage, "ConnectionTimeOut"))["ConnectionTimeOut"][0] == "60"
        stage.station.power_cut()
        await stage.advance(1)
        await stage.boot()
        assert (await read(stage, "ConnectionTimeOut"))["ConnectionTimeOut"][0] == "5"


async def test_unknown_keys_are_listed_by_the_names_they_were_asked_by() -> None:
    """Known ones beside them."""
    async with simulated() as stage:
        await stage.boot()
        answer = await stage.ask("GetConfiguration", {"key": ["Nonsense", "HeartbeatInterval"]})
        assert answer.unknown_key == ["Nonsense"]
        assert [entry.key for entry in answer.configuration_key] == ["HeartbeatInterval"]


async def test_more_keys_than_it_takes() -> None:
    """GetConfigurationMaxKeys, 50 here."""
    async with simulated() as stage:
        await stage.boot()
        answer = await stage.ask("GetConfiguration", {"key": [f"K{number}" for number in range(51)]})
        assert answer == "OccurenceConstraintViolation"


async def test_no_list_no_version() -> None:
    """1.6 §5.10: -1 where lists are not supported."""
    async with simulated(changed_template(lacks=["LocalAuthListCtrlr.Entries"])) as stage:
        await stage.boot()
        assert (await stage.ask("GetLocalListVersion")).list_version == -1
