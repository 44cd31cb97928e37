"""No secret reaches a log, however it is spelled on the wire."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.secrets import mask_payload
from csms.gateway.redaction import PLAIN_ACTIONS, READ_MOST, has_no_secrets, mask_frame
from tests.support.schemas import SECRET_FIELDS, message_schemas

SECRET = 'p"ä\\ss'


VARIABLE = {"variable": {"name": "BasicAuthPassword"}, "component": {"name": "SecurityCtrlr"}}
OF_VENDOR = {"variable": {"name": "WifiPSK"}, "component": {"name": "Modem"}}
PAYLOADS: list[dict[str, Any]] = [
    {"key": "AuthorizationKey", "value": SECRET},
    {"key": "wifi_password", "value": SECRET},
    {"setVariableData": [VARIABLE | {"attributeValue": SECRET}]},
    {"setVariableData": [OF_VENDOR | {"attributeValue": SECRET}]},
    {"configurationKey": [{"key": "AuthorizationKey", "readonly": False, "value": SECRET}]},
    {"configurationKey": [{"key": "ApiKey", "readonly": False, "value": SECRET}]},
    {"reportData": [VARIABLE | {"variableAttribute": [{"value": SECRET}]}]},
    {"eventData": [OF_VENDOR | {"actualValue": SECRET}]},
    {"connectionData": {"basicAuthPassword": SECRET}},
    {"connectionData": {"apn": {"apn": "x", "apnPassword": SECRET, "simPin": 1234}}},
    {"connectionData": {"vpn": {"server": "x", "user": "u", "password": SECRET, "key": SECRET}}},
    {"customData": {"vendorId": "x", "sharedSecret": SECRET}},
    {"vendorId": "x", "data": json.dumps({"password": "s3cret-s3cret"})},
    {"location": "ftp://user:s3cret-s3cret@h/x"},
    {"log": {"remoteLocation": "https://h/x?X-Amz-Signature=s3cret-s3cret&n=1"}},
    {"firmware": {"location": "sftp://user:s3cret/s3cret-s3cret@h/x"}},
    {"retrievals": [{"locations": ["https://s3cret-s3cret@h/x"]}]},
]


def strings(node: Any) -> list[str]:
    """All text in a JSON value."""
    if isinstance(node, dict):
        return [text for value in node.values() for text in strings(value)]
    if isinstance(node, list):
        return [text for value in node for text in strings(value)]
    return [node] if isinstance(node, str) else []


def is_told(node: Any) -> bool:
    """Whether a secret stands in some text."""
    return any(secret in text for text in strings(node) for secret in (SECRET, "s3cret-s3cret"))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_secret_is_masked_by_its_field_its_name_or_its_place_in_a_url(
    payload: dict[str, Any], ascii_only: bool
) -> None:
    """In requests, in answers and in reports, of all versions, in every spelling that JSON allows us."""
    frame = json.dumps([2, "1", "X", payload], ensure_ascii=ascii_only).encode()
    masked = json.loads(mask_frame(frame))
    assert not is_told(masked)
    assert any("***" in text for text in strings(masked))
    assert "1234" not in json.dumps(masked)
    assert not is_told(mask_payload(payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_frame_that_is_no_json_or_too_long_hides_them_too(payload: dict[str, Any]) -> None:
    """It is searched, not read: the wire log and the quarantine keep what nobody can read."""
    text = json.dumps([2, "1", "X", payload], ensure_ascii=False).replace("1234", "0")
    escaped = json.dumps(SECRET, ensure_ascii=False)[1:-1]
    for frame in (text[:-1].encode(), (text + " " * READ_MOST).encode()):
        masked = mask_frame(frame).decode()
        assert "***" in masked
        assert escaped not in masked
        assert "s3cret-s3cret" not in masked


@pytest.mark.parametrize("action", ["NotifyCustomerInformation", "NotifyCustomerInf\\u006frmation"])
def test_what_says_who_charges_is_for_managers_only(action: str) -> None:
    """Where it is kept; not in the wire log, however the action is spelled, however long it is (N09)."""
    frame = b'[2,"1","%b",{"data":"Ann, 04A1","tbc":false,"requestId":7}]' % action.encode()
    assert json.loads(mask_frame(frame))[3] == {"data": "***", "tbc": False, "requestId": 7}
    for odd in (frame[:-1], frame + b" " * READ_MOST):
        if b"\\" not in frame:
            assert b"Ann" not in mask_frame(odd)
    for other in (b'[2,"1","NotifyCustomerInformation",[1]]', b'[2,"1","NotifyEvent",{"data":"Ann"}]'):
        assert mask_frame(other) == other


@pytest.mark.parametrize("name", ["authorizationkey", "AUTHORIZATIONKEY", "\\u0041uthorizationKey"])
def test_a_secret_is_found_however_its_name_is_spelled(name: str) -> None:
    """Configuration keys have no case, and JSON can spell a letter as an escape."""
    frame = b'[3,"1",{"configurationKey":[{"key":"%b","value":"s3cret"}]}]' % name.encode()
    assert b"s3cret" not in mask_frame(frame)


def test_an_answer_that_repeats_a_known_secret_is_masked() -> None:
    """Some stations quote what they refuse, in the description or in the details."""
    frame = b'[4,"1","GenericError","bad value s3cret",{"got":"s3cret","long":"xs3cret-s3cretx"}]'
    masked = mask_frame(frame, ("s3cret", "s3cret-s3cret"))
    assert b"s3cret" not in masked
    assert json.loads(masked)[2] == "GenericError"


def test_a_short_known_secret_leaves_what_only_contains_it() -> None:
    """A station whose password is a PIN still has its id tokens and times read."""
    frame = b'[2,"1","Authorize",{"idTag":"0412345"}]'
    assert mask_frame(frame, ("1234",)) == frame


@pytest.mark.parametrize(
    "frame",
    [
        b'[2,"1","Heartbeat",{}]',
        b'{"key":"AuthorizationKey"',
        b"\xff",
        b'[2,"1","TransactionEvent",{"idToken":{"idToken":"04A1","type":"ISO14443"}}]',
        b'[2,"1","MeterValues",{"signedMeterValue":{"publicKey":"oca:base16:asn1:3059"}}]',
        b'[3,"1",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}]}]',
        b'[2,"1","GetDiagnostics",{"location":"ftp://host:21/x?n=1"}]',
        b'[2, "1", "UpdateFirmware", {"location": "https://h/a@2x", "retrieveDate": "2026-01-01T00:00:00Z"}]',
    ],
)
def test_what_holds_no_secret_is_recorded_as_it_came(frame: bytes) -> None:
    """Byte for byte, broken or not."""
    assert mask_frame(frame) == frame


def test_the_messages_that_are_not_searched_have_no_field_for_a_secret() -> None:
    """What bills comes thousands of times a second; its fields are held against the schemas."""
    found = [each for each in message_schemas() if each.is_request and each.action in PLAIN_ACTIONS]
    assert {each.action for each in found} == PLAIN_ACTIONS
    for schema in found:
        text = json.dumps(schema.whole, default=str)
        assert not any(f'"{name}":' in text for name in {*SECRET_FIELDS, "vpn"})


@pytest.mark.parametrize(
    ("action", "frame", "expected"),
    [
        ("Heartbeat", b'[2,"1","Heartbeat",{}]', True),
        ("TransactionEvent", b'[2,"1","TransactionEvent",{"seqNo":1}]', True),
        ("TransactionEvent", b'[2,"1","TransactionEvent",{"customData":{"password":"x"}}]', False),
        ("MeterValues", b'[2,"1","MeterValues",{"customD\\u0061ta":{"password":"x"}}]', False),
        ("StatusNotification", b'[2,"1","StatusNotification",{"info":"ftp://u:p@h"}]', False),
        ("DataTransfer", b'[2,"1","DataTransfer",{"vendorId":"x"}]', False),
        ("", b'[2,"1","Heartbeat",{"password":"x"}]', False),
    ],
)
def test_which_messages_are_not_searched(action: str, frame: bytes, expected: bool) -> None:
    """Where a vendor or a station may say what it wants, its words are looked at."""
    assert has_no_secrets(action, frame) is expected


def test_a_frame_does_not_grow_by_what_is_hidden() -> None:
    """A frame of a kilobyte with twenty secrets that read `*` grew three times for each: to gigabytes."""
    for count in (20, 1000):
        keys = [{"key": "AuthorizationKey", "value": "*"}] * count
        frame = json.dumps([2, "1", "X", {"configurationKey": keys}]).encode()
        assert len(mask_frame(frame)) <= 3 * len(frame)


def test_a_thousand_secrets_in_one_frame_are_all_hidden() -> None:
    """Also those that begin like another."""
    keys = [{"key": "AuthorizationKey", "value": f"s3cret{number}"} for number in range(1000)]
    for some in (keys[:16], keys):
        frame = json.dumps([3, "1", {"configurationKey": some}]).encode()
        masked = json.loads(mask_frame(frame))
        assert masked == [
            3,
            "1",
            {"configurationKey": [{"key": "AuthorizationKey", "value": "***"}] * len(some)},
        ]


@pytest.mark.held_before("nothing that comes from the wire may fail its reader")
@given(st.binary(max_size=300) | st.text(alphabet='"\\:{}[]pasword/@key ', max_size=300).map(str.encode))
def test_no_frame_breaks_the_masking(frame: bytes) -> None:
    """Whatever comes, something is recorded."""
    assert isinstance(mask_frame(frame, ("s3cret-s3cret",)), bytes)
