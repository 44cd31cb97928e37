"""A raw call is accepted when its answer says yes: decided for every status of every answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from csms.domain.raw_answers import GOOD, is_good_answer
from ocppj.actions import Sender, actions_of
from tests.support.schemas import MessageSchema, message_schemas

REFUSING = frozenset(
    (
        "Rejected",
        "NotSupported",
        "NotImplemented",
        "Unknown",
        "Invalid",
        "NotFound",
        "Failed",
        "Faulted",
        "Occupied",
        "Unavailable",
        "VersionMismatch",
        "UnknownMessageId",
        "UnknownVendorId",
        "UnlockFailed",
        "OngoingAuthorizedTransaction",
        "UnknownConnector",
        "UnknownComponent",
        "UnknownVariable",
        "NotSupportedAttributeType",
        "EmptyResultSet",
        "NoProfiles",
        "NoProfile",
        "NoTariff",
        "Duplicate",
        "UnsupportedMonitorType",
        "InvalidCertificate",
        "RevokedCertificate",
        "DownloadOngoing",
        "NoFirmware",
        "TxNotFound",
        "ConditionNotSupported",
        "DuplicateTariffId",
        "TooManyElements",
        "NoCurrencyChange",
        "LanguageNotSupported",
        "NotSupportedMessageFormat",
        "NotSupportedPriority",
        "NotSupportedState",
        "UnknownTransaction",
    )
)
"""What answers say that did not do what was asked."""
ANSWERS = [
    schema
    for schema in message_schemas()
    if not schema.is_request and actions_of(schema.version)[schema.action].sender is not Sender.STATION
]


def statuses(schema: dict[str, Any]) -> Iterator[str]:
    """The words of an answer's own status, and of the entries of its lists."""
    for name, rule in (schema.get("properties") or {}).items():
        if name in ("status", "attributeStatus"):
            yield from rule.get("enum", ())
        elif rule.get("type") == "array":
            yield from statuses(rule["items"])


@pytest.mark.parametrize("schema", ANSWERS, ids=str)
def test_every_status_that_an_answer_can_have_is_decided(schema: MessageSchema) -> None:
    """Either it is good, or it stands here."""
    for word in statuses(schema.whole):
        assert (word in GOOD) is not (word in REFUSING), word
        assert is_good_answer({"status": word}) is (word in GOOD)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({}, True),
        ({"currentTime": "2026-01-05T12:00:00Z"}, True),
        ({"fileName": "x.log"}, True),
        ({"configurationKey": [{"key": "X", "readonly": True, "value": "1"}]}, True),
        ({"configurationKey": [], "unknownKey": ["Y"]}, False),
        ({"getVariableResult": [{"attributeStatus": "Accepted"}]}, True),
        ({"setVariableResult": [{"attributeStatus": "Accepted"}, {"attributeStatus": "Rejected"}]}, False),
        ({"clearMonitoringResult": [{"status": "NotFound", "id": 1}]}, False),
        ({"status": "Accepted", "statusInfo": {"reasonCode": "NoError"}}, True),
        (None, False),
        ([], False),
    ],
)
def test_an_answer_without_a_status_is_good_by_having_come(payload: Any, expected: bool) -> None:
    """Of lists, every entry has to be."""
    assert is_good_answer(payload) is expected
