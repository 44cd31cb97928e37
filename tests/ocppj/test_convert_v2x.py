"""The words and structures of OCPP 2.x, read from messages as stations send them. There and back: see
test_convert_values.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast, get_args

import pytest

from ocppj.codec import codec_for
from ocppj.findings import SAMPLED_VALUE_NOT_A_NUMBER
from ocppj.v2x import convert
from ocppj.v16 import convert as v16
from ocppj.v21 import messages as v21
from ocppj.v201 import messages as v201
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    AuthorizationStatus,
    BootReason,
    ChargingState,
    ConnectorStatus,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    MeterSample,
    TransactionEventKind,
    TriggeredMessage,
    VariableRef,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOON_TEXT = "2026-11-24T12:00:00Z"


def test_every_word_of_201_is_understood() -> None:
    """Each value of each enumeration that we read."""
    readers: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (v201.BootReasonEnumType, convert.boot_reason_from_v2x),
        (v201.ConnectorStatusEnumType, convert.status_from_v2x),
        (v201.ChargingStateEnumType, convert.charging_state_from_v2x),
        (v201.AuthorizationStatusEnumType, convert.authorization_from_v2x),
        (v201.IdTokenEnumType, convert.token_type_from_v2x),
        (v201.TransactionEventEnumType, convert.transaction_event_from_v2x),
    )
    for words, read in readers:
        assert {read(word).value for word in get_args(words)} == set(get_args(words))
    assert set(get_args(v201.ConnectorStatusEnumType)) == set(get_args(v21.ConnectorStatusEnumType))


def test_unknown_words_do_no_harm() -> None:
    """Nobody charges on a typing error, and nothing is made up."""
    assert convert.boot_reason_from_v2x("x") is BootReason.UNKNOWN
    assert convert.status_from_v2x("available") is None
    assert convert.charging_state_from_v2x("x") is convert.charging_state_from_v2x(None) is None
    assert convert.authorization_from_v2x("accepted") is AuthorizationStatus.INVALID
    assert convert.token_type_from_v2x("EVCCID") == "EVCCID"  # 2.1: an open list
    assert convert.transaction_event_from_v2x("x") is None
    assert convert.trigger_from_v2x("SignChargingStationCertificate") is None


def test_words_are_written_as_the_standard_has_them() -> None:
    """The other direction."""
    assert convert.boot_reason_to_v2x(BootReason.POWER_UP) == "PowerUp"
    assert convert.status_to_v2x(ConnectorStatus.OCCUPIED) == "Occupied"
    assert convert.charging_state_to_v2x(ChargingState.EV_CONNECTED) == "EVConnected"
    assert convert.charging_state_to_v2x(None) is None
    assert convert.authorization_to_v2x(AuthorizationStatus.NO_CREDIT) == "NoCredit"
    assert convert.token_type_to_v2x(IdTokenType.EMAID) == "eMAID"
    assert convert.token_type_to_v2x("EVCCID") == "EVCCID"
    assert convert.trigger_to_v2x(TriggeredMessage.TRANSACTION_EVENT) == "TransactionEvent"
    assert convert.transaction_event_from_v2x("Ended") is TransactionEventKind.ENDED


@pytest.mark.parametrize(("reason", "ours"), [(None, "Local"), ("", "Local"), ("Remote", "Remote")])
def test_no_reason_is_local(reason: str | None, ours: str) -> None:
    """TransactionType.stoppedReason: may be left out when it is Local; an unknown one is kept."""
    assert convert.stopped_reason_from_v2x(reason) == ours


@pytest.mark.parametrize(
    ("evse", "connector", "pair"), [(0, None, (0, 0)), (2, None, (2, 0)), (2, 1, (2, 1))]
)
def test_connectors(evse: int, connector: int | None, pair: tuple[int, int]) -> None:
    """EVSE 0 is the whole station; an EVSE without a connector is connector 0 of it."""
    assert convert.connector_from_v2x(evse, connector) == pair
    assert convert.evse_to_v2x(evse, connector) == (
        {"id": evse} if connector is None else {"id": evse, "connectorId": connector}
    )


def test_tokens() -> None:
    """Value and kind."""
    message = v201.IdTokenType(id_token="ABC", type="KeyCode")
    assert convert.id_token_from_v2x(message) == IdToken("ABC", IdTokenType.KEY_CODE)
    assert convert.id_token_to_v2x(IdToken("ABC", "EVCCID")) == {"idToken": "ABC", "type": "EVCCID"}


def test_verdicts() -> None:
    """With group, expiry and the message for the screen; a time that cannot be read is none."""
    info = v201.IdTokenInfoType(
        status="Accepted",
        cache_expiry_date_time=NOON_TEXT,
        group_id_token=v201.IdTokenType(id_token="G", type="Central"),
        personal_message=v201.MessageContentType(format="UTF8", content="hello"),
    )
    ours = IdTokenInfo(AuthorizationStatus.ACCEPTED, "G", NOON, "hello")
    assert convert.id_token_info_from_v2x(info) == ours
    assert convert.id_token_info_from_v2x(v201.IdTokenInfoType(status=cast("Any", "Moon"))) == IdTokenInfo(
        AuthorizationStatus.INVALID
    )
    long = convert.id_token_info_to_v2x(IdTokenInfo(AuthorizationStatus.ACCEPTED, message="x" * 600))
    assert len(long["personalMessage"]["content"]) == 512


def test_variables() -> None:
    """With all that they can have."""
    ref = VariableRef("Connector", "Available", "c", "v", 2, 1)
    assert convert.variable_to_v2x(ref) == {
        "component": {"name": "Connector", "instance": "c", "evse": {"id": 2, "connectorId": 1}},
        "variable": {"name": "Available", "instance": "v"},
    }
    plain = {"component": {"name": "A"}, "variable": {"name": "B"}}
    assert convert.variable_to_v2x(VariableRef("A", "B")) == plain
    component = v201.ComponentType(name="A")
    assert convert.variable_from_v2x(component, v201.VariableType(name="B")) == VariableRef("A", "B")
    with_evse = v201.ComponentType(name="A", evse=v201.EVSEType(id=3))
    assert convert.variable_from_v2x(with_evse, v201.VariableType(name="B")).evse_id == 3


def meter_values(*sampled: dict[str, Any], timestamp: str = NOON_TEXT) -> Any:
    """As the codec gives them."""
    payload = {"evseId": 1, "meterValue": [{"timestamp": timestamp, "sampledValue": list(sampled)}]}
    return codec_for(OcppVersion.V201).encode_request("MeterValues", payload), payload


@pytest.mark.parametrize(
    ("sampled", "sample"),
    [
        ({"value": 5}, MeterSample("Energy.Active.Import.Register", 5.0, "Wh", NOON)),
        (
            {
                "value": 1.5,
                "measurand": "Power.Active.Import",
                "unitOfMeasure": {"unit": "kW", "multiplier": 0},
            },
            MeterSample("Power.Active.Import", 1500.0, "W", NOON),
        ),
        (
            {"value": 15, "unitOfMeasure": {"multiplier": 2}, "phase": "L1", "location": "EV"},
            MeterSample("Energy.Active.Import.Register", 1500.0, "Wh", NOON, "L1", "EV"),
        ),
        (
            {"value": 15, "unitOfMeasure": {"unit": "Gallons"}, "context": "Trigger"},
            MeterSample("Energy.Active.Import.Register", 15.0, "Gallons", NOON, context="Trigger"),
        ),
    ],
)
def test_sampled_values_in_base_units(sampled: dict[str, Any], sample: MeterSample) -> None:
    """Unit and power of ten applied; what the wire says of phase, place and reason is kept."""
    raw, _ = meter_values(sampled)
    message = codec_for(OcppVersion.V201).decode_request("MeterValues", raw).message
    findings: list[str] = []
    assert convert.samples_from_v2x(message.meter_value, findings) == (sample,)
    assert findings == []


def test_what_is_no_number_is_left_out_and_an_odd_time_is_named_once() -> None:
    """A multiplier of 400 makes no number; a time without its zone is read as UTC."""
    raw = (
        b'{"evseId":1,"meterValue":['
        b'{"timestamp":"2026-11-24T12:00:00","sampledValue":[{"value":1,"unitOfMeasure":{"multiplier":400}}]},'
        b'{"timestamp":"2026-11-24T12:00:00","sampledValue":[{"value":1}]}]}'
    )
    message = codec_for(OcppVersion.V201).decode_request("MeterValues", raw).message
    findings: list[str] = []
    (sample,) = convert.samples_from_v2x(message.meter_value, findings)
    assert (sample.at, sample.value) == (NOON, 1.0)
    assert findings == ["time-without-zone", SAMPLED_VALUE_NOT_A_NUMBER]


def test_samples_without_a_time_are_not_written() -> None:
    """In either family: a meter value needs its time."""
    sample = MeterSample("SoC", 50.0, "percent", None)
    assert convert.samples_to_v2x([sample]) == v16.samples_to_v16([sample]) == []


def test_samples_of_one_time_are_one_meter_value() -> None:
    """In order, with the standard's words for the units."""
    samples = [MeterSample("SoC", 50.0, "percent", NOON), MeterSample("Power.Factor", 1.0, "", NOON)]
    (written,) = convert.samples_to_v2x(samples)
    assert written["sampledValue"] == [
        {"value": 50.0, "measurand": "SoC", "unitOfMeasure": {"unit": "Percent"}},
        {"value": 1.0, "measurand": "Power.Factor"},
    ]
