"""Parts of messages that are kept with their transaction as they came."""

import json

import pytest

from csms.rules.attachments import SPACED_MOST, attachment_rows
from csms.rules.rows import AttachmentRow
from ocppj.model.metering import MeterValues
from tests.support.inbound import ENDED, NOON, Bench, event201, inbound, minutes, start16

DETAILS = '{"totalCost": {"currency": "EUR",  "total": {"inclTax": 2.50}}, "x": "é"}'


def frame(payload: str) -> bytes:
    """A CALL as it came."""
    return f'[2,"m1","TransactionEvent",{payload}]'.encode()


def test_cost_details_are_kept_digit_by_digit() -> None:
    """2.1 I12.FR.01: as the station wrote them."""
    event = event201(ENDED, 1, NOON, has_cost_details=True)
    raw = frame(f'{{"eventType":"Ended","costDetails": {DETAILS}, "seqNo": 1}}')
    rows = attachment_rows(inbound(event, content=raw), event, 7)
    assert rows == (AttachmentRow(7, "cost-details", DETAILS, NOON),)
    assert json.loads(rows[0].content)["totalCost"]["total"]["inclTax"] == 2.5


@pytest.mark.parametrize("raw", [b"", b"[]", frame("{}"), frame("3"), b"\xff"])
def test_a_frame_that_cannot_be_read_again_keeps_nothing(raw: bytes) -> None:
    """It is in the wire log."""
    event = event201(ENDED, 1, NOON, has_cost_details=True)
    assert attachment_rows(inbound(event, content=raw), event, 7) == ()


def test_white_space_does_not_fill_the_database() -> None:
    """The translator bounds what they say; how they are spaced is no part of it where it is too much."""
    event = event201(ENDED, 1, NOON, has_cost_details=True)
    spaced = '{"total": 2.50' + " " * SPACED_MOST + "}"
    (row,) = attachment_rows(inbound(event, content=frame(f'{{"costDetails": {spaced}}}')), event, 7)
    assert row.content == '{"total":2.50}'


def test_signed_values_stand_with_their_transaction() -> None:
    """Of meter values and of the end."""
    bench = Bench()
    bench.send(start16(1000))
    bench.send(MeterValues(1, "1", (), ("one",)))
    bench.send(event201(ENDED, 0, minutes(5), signed_values=("two",)))
    assert [(row.transaction_no, row.content) for row in bench.of_kind(AttachmentRow)] == [
        (1, "one"),
        (2, "two"),
    ]


def test_what_holds_neither_keeps_nothing() -> None:
    """Most messages: their frames are not read again."""
    event = event201(ENDED, 1, NOON)
    assert attachment_rows(inbound(event, content=frame(f'{{"costDetails": {DETAILS}}}')), event, 7) == ()
    values = MeterValues(1, "1", ())
    assert attachment_rows(inbound(values), values, 7) == ()
