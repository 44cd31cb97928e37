"""The structures of both families survive the way to the wire, through the strict codec, and back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.codec import codec_for
from ocppj.findings import SAMPLED_VALUE_NOT_A_NUMBER, SIGNED_VALUE_NOT_READ
from ocppj.v2x import convert as v2x
from ocppj.v16 import convert as v16
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    AuthorizationStatus,
    BootReason,
    ChargingState,
    ConnectorStatus,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    LocalListEntry,
    MeterSample,
    TransactionEventKind,
    TriggeredMessage,
    VariableRef,
)

TEXT = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=20)
TIMES = st.integers(0, 7_258_118_400_000).map(  # until 2200
    lambda ms: datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)
)
VALUES = st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 3) + 0.0)
QUANTITIES = [
    ("Energy.Active.Import.Register", "Wh"),
    ("Power.Active.Import", "W"),
    ("Current.Import", "A"),
    ("Voltage", "V"),
    ("Frequency", "Hz"),
    ("SoC", "percent"),
]
SAMPLES = st.builds(
    lambda quantity, value, at, phase, context: MeterSample(
        measurand=quantity[0], value=value, unit=quantity[1], at=at, phase=phase, context=context
    ),
    st.sampled_from(QUANTITIES),
    VALUES,
    TIMES,
    st.sampled_from([None, "L1", "L1-N"]),
    st.sampled_from([None, "Sample.Periodic", "Transaction.End"]),
)
FIVE = [AuthorizationStatus(word) for word in ("Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx")]
BOTH_2X = (OcppVersion.V201, OcppVersion.V21)


def through_request(version: OcppVersion, action: str, payload: dict[str, Any]) -> Any:
    """What the other end decodes strictly of a request."""
    codec = codec_for(version)
    return codec.decode_request(action, codec.encode_request(action, payload), lenient=False).message


@given(st.lists(SAMPLES, min_size=1, max_size=4))
def test_samples_of_16(samples: list[MeterSample]) -> None:
    """In order, in base units."""
    payload = {"connectorId": 1, "meterValue": v16.samples_to_v16(samples)}
    message = through_request(OcppVersion.V16, "MeterValues", payload)
    findings: list[str] = []
    assert list(v16.samples_from_v16(message.meter_value, findings)) == samples
    assert findings == []


@pytest.mark.parametrize("version", BOTH_2X)
@given(samples=st.lists(SAMPLES, min_size=1, max_size=4))
def test_samples_of_2x(version: OcppVersion, samples: list[MeterSample]) -> None:
    """In order, in base units."""
    payload = {"evseId": 1, "meterValue": v2x.samples_to_v2x(samples)}
    message = through_request(version, "MeterValues", payload)
    findings: list[str] = []
    assert list(v2x.samples_from_v2x(message.meter_value, findings)) == samples
    assert findings == []


@given(TEXT, st.none() | st.builds(IdTokenInfo, st.sampled_from(FIVE), st.none() | TEXT, st.none() | TIMES))
def test_local_list_entries_of_16(token: str, info: IdTokenInfo | None) -> None:
    """A token with its verdict, or one that is taken off."""
    entry = LocalListEntry(IdToken(token), info)
    payload = {
        "listVersion": 1,
        "updateType": "Full",
        "localAuthorizationList": [v16.local_list_entry_to_v16(entry)],
    }
    message = through_request(OcppVersion.V16, "SendLocalList", payload)
    assert v16.local_list_entry_from_v16(message.local_authorization_list[0]) == entry


@pytest.mark.parametrize("version", BOTH_2X)
@given(
    token=st.builds(IdToken, TEXT, st.sampled_from(sorted(set(IdTokenType), key=str))),
    info=st.none()
    | st.builds(
        IdTokenInfo,
        st.sampled_from(list(AuthorizationStatus)),
        st.none() | TEXT,
        st.none() | TIMES,
        st.none() | TEXT,
    ),
)
def test_local_list_entries_of_2x(version: OcppVersion, token: IdToken, info: IdTokenInfo | None) -> None:
    """With the kind of token and the message for the screen."""
    entry = LocalListEntry(token, info)
    payload = {
        "versionNumber": 1,
        "updateType": "Full",
        "localAuthorizationList": [v2x.local_list_entry_to_v2x(entry)],
    }
    message = through_request(version, "SendLocalList", payload)
    assert v2x.local_list_entry_from_v2x(message.local_authorization_list[0]) == entry


REFS = st.builds(
    VariableRef,
    TEXT,
    TEXT,
    st.none() | TEXT,
    st.none() | TEXT,
    st.integers(0, 99),
    st.none() | st.integers(0, 9),
)


@pytest.mark.parametrize("version", BOTH_2X)
@given(ref=REFS)
def test_variables_of_2x(version: OcppVersion, ref: VariableRef) -> None:
    """With instances, EVSE and connector."""
    message = through_request(version, "GetVariables", {"getVariableData": [v2x.variable_to_v2x(ref)]})
    entry = message.get_variable_data[0]
    assert v2x.variable_from_v2x(entry.component, entry.variable) == ref


def test_words_of_2x_come_back_and_unknown_ones_do_no_harm() -> None:
    """Each enum is read as it is written; what nobody knows is neither accepted nor free."""
    assert all(v2x.status_from_v2x(v2x.status_to_v2x(s)) is s for s in ConnectorStatus)
    assert all(v2x.boot_reason_from_v2x(v2x.boot_reason_to_v2x(r)) is r for r in BootReason)
    assert all(v2x.charging_state_from_v2x(v2x.charging_state_to_v2x(s)) is s for s in ChargingState)
    assert all(v2x.authorization_from_v2x(v2x.authorization_to_v2x(s)) is s for s in AuthorizationStatus)
    assert all(v2x.trigger_from_v2x(v2x.trigger_to_v2x(m)) is m for m in TriggeredMessage)
    assert all(v2x.transaction_event_from_v2x(k.value) is k for k in TransactionEventKind)
    assert all(v2x.token_type_from_v2x(v2x.token_type_to_v2x(t)) is t for t in IdTokenType)
    assert v2x.token_type_from_v2x("Acme") == v2x.token_type_to_v2x("Acme") == "Acme"
    assert v2x.status_from_v2x("Moon") is None
    assert v2x.boot_reason_from_v2x("Moon") is BootReason.UNKNOWN
    assert v2x.authorization_from_v2x("Moon") is AuthorizationStatus.INVALID
    assert v2x.charging_state_from_v2x(None) is v2x.charging_state_to_v2x(None) is None
    assert v2x.trigger_from_v2x("Moon") is v2x.transaction_event_from_v2x("Moon") is None
    assert v2x.stopped_reason_from_v2x(None) == "Local"
    assert v2x.connector_from_v2x(2, None) == (2, 0)


def test_a_group_is_written_as_a_central_token() -> None:
    """We made it up, so it is of no other kind."""
    info = IdTokenInfo(AuthorizationStatus.ACCEPTED, "G")
    assert json.loads(json.dumps(v2x.id_token_info_to_v2x(info))) == {
        "status": "Accepted",
        "groupIdToken": {"idToken": "G", "type": "Central"},
    }


def test_16_samples_that_are_no_numbers_are_left_out_and_named() -> None:
    """Signed values are text for a verifier; `NaN` and words are nothing to bill by; a time is named once."""
    raw = json.dumps(
        {
            "connectorId": 1,
            "meterValue": [
                {
                    "timestamp": "2026-11-24T12:00:00",
                    "sampledValue": [
                        {"value": "T0NNRg==", "format": "SignedData"},
                        {"value": "NaN"},
                        {"value": "kaputt"},
                        {"value": "1.5", "unit": "kWh"},
                    ],
                },
                {"timestamp": "2026-11-24T12:00:00", "sampledValue": [{"value": "2"}]},
            ],
        }
    ).encode()
    message = codec_for(OcppVersion.V16).decode_request("MeterValues", raw).message
    findings: list[str] = []
    samples = v16.samples_from_v16(message.meter_value, findings)
    assert [sample.value for sample in samples] == [1500.0, 2.0]
    assert findings == ["time-without-zone", SIGNED_VALUE_NOT_READ, SAMPLED_VALUE_NOT_A_NUMBER]
