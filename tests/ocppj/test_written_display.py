"""A display's messages in each 2.x version's words (O03, O04), against what the model makes of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ocppj.codec import codec_for
from ocppj.model.display import (
    DisplayMessage,
    GetDisplayMessages,
    NotifyDisplayMessages,
    SetDisplayMessage,
)
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion

BOTH_2X = tuple(OcppVersion)[1:]
NOON, WIRE_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC), "2026-01-05T12:00:00.000Z"
PLAIN = DisplayMessage(message_id=1, text="Bonjour")
FULL = DisplayMessage(
    message_id=2,
    text="Bonsoir",
    format="ASCII",
    language="fr-CA",
    priority="InFront",
    state="Idle",
    starts_at=NOON,
    ends_at=NOON,
    transaction_id="tx-1",
)
PLAIN_ON_WIRE: dict[str, Any] = {
    "id": 1,
    "priority": "NormalCycle",
    "message": {"format": "UTF8", "content": "Bonjour"},
}
FULL_ON_WIRE: dict[str, Any] = {
    "id": 2,
    "priority": "InFront",
    "state": "Idle",
    "startDateTime": WIRE_NOON,
    "endDateTime": WIRE_NOON,
    "transactionId": "tx-1",
    "message": {"format": "ASCII", "language": "fr-CA", "content": "Bonsoir"},
}


def read(version: OcppVersion, payload: dict[str, Any]) -> tuple[Any, list[str]]:
    """The message in a request, and what was odd in it."""
    codec, findings = codec_for(version), list[str]()
    text = codec.encode_request("NotifyDisplayMessages", payload)
    request = codec.decode_request("NotifyDisplayMessages", text, lenient=False).message
    return translation_for(version).message("NotifyDisplayMessages", request, findings), findings


@pytest.mark.parametrize("version", BOTH_2X)
@pytest.mark.parametrize(
    ("message", "payload"),
    [
        (
            NotifyDisplayMessages(5, (PLAIN, FULL)),
            {"messageInfo": [PLAIN_ON_WIRE, FULL_ON_WIRE], "tbc": False},
        ),
        (NotifyDisplayMessages(5, (FULL,), is_last=False), {"messageInfo": [FULL_ON_WIRE], "tbc": True}),
        (NotifyDisplayMessages(5, ()), {"tbc": False}),
    ],
    ids=["last", "more-follows", "none"],
)
def test_a_report_both_ways(
    version: OcppVersion, message: NotifyDisplayMessages, payload: dict[str, Any]
) -> None:
    """O03.FR.04: `tbc` in all parts but the last."""
    whole = {"requestId": 5} | payload
    assert read(version, whole) == (message, [])
    call = translation_for(version).request(message)
    assert call is not None
    assert (call.action, call.payload) == ("NotifyDisplayMessages", whole)


@pytest.mark.parametrize("version", BOTH_2X)
def test_a_report_that_says_no_more(version: OcppVersion) -> None:
    """`tbc` may be left out."""
    assert read(version, {"requestId": 5, "messageInfo": [PLAIN_ON_WIRE]}) == (
        NotifyDisplayMessages(5, (PLAIN,)),
        [],
    )


def test_what_a_station_is_to_hold_is_what_it_was_asked() -> None:
    """All that the command says, under its number."""
    asked = SetDisplayMessage(
        message_id=2,
        text="Bonsoir",
        priority="InFront",
        state="Idle",
        starts_at=NOON,
        ends_at=NOON,
        transaction_id="tx-1",
        format="ASCII",
        language="fr-CA",
    )
    assert asked.message == FULL


@pytest.mark.parametrize(
    ("asked", "is_for_all"),
    [
        (GetDisplayMessages(5), True),
        (GetDisplayMessages(5, (1,)), False),
        (GetDisplayMessages(5, priority="InFront"), False),
        (GetDisplayMessages(5, state="Idle"), False),
    ],
)
def test_whether_all_are_asked_for(asked: GetDisplayMessages, *, is_for_all: bool) -> None:
    """Any condition leaves some out."""
    assert asked.is_for_all is is_for_all
