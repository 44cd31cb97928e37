"""Signed values and cost details are kept with their transaction; what is beyond all bounds is told."""

import json
from typing import Any

import pytest

from ocppj.attached import (
    ATTACHMENT_CUT,
    LONGEST,
    SIGNED_MOST,
    bounded_signed_values,
    has_bounded_details,
)
from ocppj.codec import codec_for
from ocppj.model.metering import MeterValues
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion

V16, V201, V21 = map(translation_for, OcppVersion)


def test_a_long_charge_keeps_each_of_its_signed_values() -> None:
    """One every quarter of an hour, for days, in one 1.6 transactionData: none is left out."""
    findings: list[str] = []
    texts = [str(number) for number in range(SIGNED_MOST)]
    assert bounded_signed_values(texts, findings) == tuple(texts)
    assert findings == []


def test_too_many_signed_values_are_told_and_the_first_and_last_kept() -> None:
    """Those prove what was delivered."""
    findings: list[str] = []
    texts = [str(number) for number in range(SIGNED_MOST + 1)]
    kept = bounded_signed_values(texts, findings)
    assert (len(kept), kept[0], kept[-1]) == (SIGNED_MOST, texts[0], texts[-1])
    assert findings == [ATTACHMENT_CUT]


def test_a_part_that_is_too_long_is_told() -> None:
    """The others are kept; it stays in the wire log."""
    findings: list[str] = []
    assert bounded_signed_values(["x" * (LONGEST + 1), "s"], findings) == ("s",)
    assert findings == [ATTACHMENT_CUT]


@pytest.mark.parametrize(
    ("details", "is_kept", "found"),
    [(None, False, []), ({"a": 1}, True, []), ({"a": "x" * LONGEST}, False, [ATTACHMENT_CUT])],
)
def test_cost_details_are_bounded_and_told(details: Any, found: list[str], *, is_kept: bool) -> None:
    """2.1 has no bound on their lists."""
    findings: list[str] = []
    assert has_bounded_details(details, findings) is is_kept
    assert findings == found


@pytest.mark.parametrize("translation", [V16, V201, V21], ids=["1.6", "2.0.1", "2.1"])
def test_signed_values_of_meter_values_are_read_in_every_version(translation: Any) -> None:
    """2.x MeterValues may belong to a transaction as those of 1.6 do (J01)."""
    is_16 = translation is V16
    signed = {"signedMeterData": "T0NNRg==", "encodingMethod": "OCMF", "signingMethod": "", "publicKey": ""}
    sampled: dict[str, Any] = {"value": 1, "signedMeterValue": signed}
    if is_16:
        sampled = {"value": "T0NNRg==", "format": "SignedData"}
    value = {"timestamp": "2026-05-01T12:00:00Z", "sampledValue": [sampled]}
    payload = {"connectorId" if is_16 else "evseId": 1, "meterValue": [value]}
    decoded = codec_for(translation.version).decode_request("MeterValues", json.dumps(payload).encode())
    event = translation.message("MeterValues", decoded.message, [])
    assert isinstance(event, MeterValues)
    (text,) = event.signed_values
    assert "T0NNRg==" in text


def test_a_message_without_signed_values_keeps_none() -> None:
    """Most of them; nothing is told."""
    findings: list[str] = []
    assert bounded_signed_values([], findings) == ()
    assert findings == []
