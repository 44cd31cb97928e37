"""Which fields of the schemas are secret is decided for all of them, by name."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from csms.domain.secrets import NOT_SECRET_FIELDS, is_secret, mask_payload, secrets_in
from ocppj.vocabulary import VariableRef
from tests.support.schemas import SECRET_FIELDS, MessageSchema, message_schemas

SCHEMAS = message_schemas()
SMELLS = re.compile(r"(?i:pass|pwd|key|secret|token|credential|psk|user)|^pin|Pin(?!g)")


def fields(schema: dict[str, Any], parent: str = "") -> Iterator[tuple[str, str, str]]:
    """Parent, name and type of each field in a schema without `$ref`."""
    for name, rule in (schema.get("properties") or {}).items():
        yield parent, name, str(rule.get("type"))
        yield from fields(rule, name)
    if isinstance(schema.get("items"), dict):
        yield from fields(schema["items"], parent)


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_every_field_that_sounds_secret_is_masked_or_is_known_not_to_be(schema: MessageSchema) -> None:
    """1.6 with its security extension, 2.0.1, 2.1: what is in neither table fails here."""
    for parent, name, _ in fields(schema.whole):
        if not SMELLS.search(name):
            continue
        path = f"{parent}.{name}"
        is_masked = name in SECRET_FIELDS or path in SECRET_FIELDS
        assert is_masked or name in NOT_SECRET_FIELDS, path
        shown = mask_payload({parent: {name: "s3cret"}})
        assert (shown[parent][name] == "***") is is_masked, path


def test_both_tables_name_fields_that_exist() -> None:
    """A table with words of its own would prove nothing."""
    known = {each for schema in SCHEMAS for each in fields(schema.whole)}
    names = {name for _, name, _ in known} | {f"{parent}.{name}" for parent, name, _ in known}
    assert set(SECRET_FIELDS) <= names
    assert set(NOT_SECRET_FIELDS) <= names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AuthorizationKey", True),
        ("BasicAuthPassword", True),
        ("WifiPSK", True),
        ("wifi_pwd", True),
        ("ApnPassword", True),
        ("SharedSecret", True),
        ("VpnKey", True),
        ("SimPin", True),
        ("AccessToken", True),
        ("X_API_KEY", True),
        ("HeartbeatInterval", False),
        ("WebSocketPingInterval", False),
        ("GetConfigurationMaxKeys", False),
        ("MeterPublicKey[1]", False),
        ("PublicKeyWithSignedMeterValue", False),
        ("FreeVendIdToken", False),
        ("AuthorizeRemoteTxRequests", False),
    ],
)
def test_variables_of_vendors_are_secret_by_the_words_of_their_names(name: str, expected: bool) -> None:
    """Nobody has a list of all vendors' keys."""
    assert is_secret(VariableRef("X", name)) is expected


def test_what_a_command_tells_in_confidence_is_found() -> None:
    """So that an answer that repeats it can be masked."""
    payload = {
        "connectionData": {"apn": {"apnPassword": "s3cret-a", "simPin": 4711}},
        "location": "ftp://u:s3cret-b@h/x?sig=s3cret-c",
    }
    assert set(secrets_in(payload)) == {"s3cret-a", "4711", "s3cret-b", "s3cret-c"}


def test_what_holds_no_secret_is_the_same_object() -> None:
    """Nothing is copied for nothing."""
    payload = {"a": [{"b": "c"}], "key": "HeartbeatInterval", "value": "300"}
    assert mask_payload(payload) is payload
