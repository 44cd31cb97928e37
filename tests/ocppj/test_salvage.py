"""What can be read of a billing message that was refused (tests/field/test_salvage.py: over sockets)."""

import json
from typing import Any

import pytest

from ocppj.findings import (
    FRACTION_FOR_INTEGER,
    ITEM_FOR_LIST,
    ODD_NUMBER,
    PART_LEFT_OUT,
    REQUIRED_UNKNOWN,
    STRING_FOR_NUMBER,
    UNREADABLE_TIME,
)
from ocppj.salvage import MOST_LEFT_OUT, Salvaged, is_billing, salvaged
from ocppj.v16 import messages as v16
from ocppj.v201 import messages as v201
from ocppj.versions import OcppVersion

AT = "2026-11-24T12:00:00Z"
STOP = {"transactionId": 7, "meterStop": 3000, "timestamp": AT}
VALUE = {"timestamp": AT, "sampledValue": [{"value": "2500"}]}
EVENT = {
    "eventType": "Ended",
    "timestamp": AT,
    "triggerReason": "EVDeparted",
    "seqNo": 3,
    "transactionInfo": {"transactionId": "T1"},
}


def stopped(**more: Any) -> Salvaged | None:
    """What is read of a StopTransaction of 1.6."""
    return salvaged(v16.StopTransactionRequest, json.dumps(STOP | more).encode(), OcppVersion.V16)


def told(**more: Any) -> Salvaged | None:
    """What is read of a TransactionEvent of 2.0.1."""
    return salvaged(v201.TransactionEventRequest, json.dumps(EVENT | more).encode(), OcppVersion.V201)


def slugs(found: Salvaged) -> list[tuple[str, str]]:
    """(finding, where)."""
    return [(each.slug, each.path) for each in found.findings]


def test_only_requests_about_money_are_salvaged() -> None:
    """Neither their parts nor other requests nor responses."""
    assert is_billing(v16.StopTransactionRequest)
    assert is_billing(v201.TransactionEventRequest)
    assert not is_billing(v16.HeartbeatRequest)
    assert not is_billing(v16.StopTransactionResponse)
    assert not is_billing(v201.MeterValueType)


@pytest.mark.parametrize(
    ("reading", "wh", "slug"),
    [
        (3000.7, 3000.7, FRACTION_FOR_INTEGER),
        ("3000", 3000, STRING_FOR_NUMBER),
        ("3000 Wh", 3000, ODD_NUMBER),
        ("3,5 kWh", 3500, ODD_NUMBER),
    ],
)
def test_a_reading_is_energy_however_it_is_written(reading: Any, wh: float, slug: str) -> None:
    """Nothing of it is lost: with its fraction, its text, its unit."""
    found = stopped(meterStop=reading)
    assert found is not None
    assert (found.message.meter_stop, found.is_partial) == (wh, False)
    assert slugs(found) == [(slug, "$.meterStop")]


@pytest.mark.parametrize("reading", ["1,700", "3000 A", "many", None, [], {}])
def test_a_reading_that_is_none_is_unknown(reading: Any) -> None:
    """The transaction ends all the same."""
    found = stopped(meterStop=reading)
    assert found is not None
    assert (found.message.transaction_id, found.message.meter_stop, found.is_partial) == (7, None, True)
    assert slugs(found) == [(REQUIRED_UNKNOWN, "$.meterStop")]


def test_a_fraction_is_energy_in_readings_alone() -> None:
    """A transaction's number with one is nobody's."""
    found = stopped(transactionId=7.5)
    assert found is not None
    assert (found.message.transaction_id, found.message.meter_stop) == (None, 3000)


def test_a_required_field_that_is_not_there_is_unknown() -> None:
    """Where the rest still says something; of a 2.x event the transaction's id is not such a field."""
    text = json.dumps({"transactionId": 7, "meterStop": 3000}).encode()
    found = salvaged(v16.StopTransactionRequest, text, OcppVersion.V16)
    assert found is not None
    assert found.message.timestamp is None
    assert slugs(found) == [(REQUIRED_UNKNOWN, "$.timestamp")]
    assert told(transactionInfo={}) is None


def test_where_nothing_can_be_read_nothing_is_used() -> None:
    """All that is required is unknown; or it is no JSON at all."""
    assert stopped(transactionId="x", meterStop="y", timestamp=[]) is None
    assert salvaged(v16.StopTransactionRequest, b'{"meterStop":}', OcppVersion.V16) is None
    assert salvaged(v16.StopTransactionRequest, b"[]", OcppVersion.V16) is None


def test_an_object_is_a_list_of_one() -> None:
    """Noted, and nothing is lost."""
    found = stopped(transactionData=VALUE)
    assert found is not None
    assert [each.sampled_value[0].value for each in found.message.transaction_data] == ["2500"]
    assert (slugs(found), found.is_partial) == ([(ITEM_FOR_LIST, "$.transactionData")], False)


def test_of_a_list_what_cannot_be_read_is_left_out() -> None:
    """With what was odd about it: only that it is left out is said."""
    odd = {"timestamp": AT, "sampledValue": [{"value": 5, "measurand": {}}]}
    found = stopped(transactionData=[VALUE, 5, odd])
    assert found is not None
    kept = [[sampled.value for sampled in each.sampled_value] for each in found.message.transaction_data]
    assert kept == [["2500"], []]
    assert found.is_partial
    assert slugs(found) == [
        (PART_LEFT_OUT, "$.transactionData[1]"),
        (PART_LEFT_OUT, "$.transactionData[2].sampledValue[0].measurand"),
    ]


def test_an_optional_field_that_cannot_be_read_is_left_out() -> None:
    """Who stopped it: nobody's energy depends on it."""
    found = stopped(idTag={})
    assert found is not None
    assert (found.message.id_tag, found.is_partial) == (None, True)
    assert slugs(found) == [(PART_LEFT_OUT, "$.idTag")]


def test_a_required_list_that_cannot_be_read_is_empty() -> None:
    """MeterValues that say of which connector they are."""
    text = json.dumps({"connectorId": 1, "meterValue": 5}).encode()
    found = salvaged(v16.MeterValuesRequest, text, OcppVersion.V16)
    assert found is not None
    assert (found.message.connector_id, found.message.meter_value) == (1, [])
    assert slugs(found) == [(REQUIRED_UNKNOWN, "$.meterValue")]


def test_so_much_that_cannot_be_read_is_refused() -> None:
    """Looking for the rest of it would hold up the others."""
    at_most = stopped(transactionData=[VALUE, *[5] * MOST_LEFT_OUT])
    assert at_most is not None
    assert len(at_most.message.transaction_data) == 1
    assert stopped(transactionData=[VALUE, *[5] * (MOST_LEFT_OUT + 1)]) is None


def test_a_time_that_is_none_costs_no_energy() -> None:
    """2.x refuses it (part 2 §3 FR.03), but not what comes with it."""
    found = told(timestamp="yesterday")
    assert found is not None
    assert (found.message.seq_no, found.is_partial) == (3, False)
    assert slugs(found) == [(UNREADABLE_TIME, "$.timestamp")]


@pytest.mark.parametrize("twice", ['"idTag":"A","idTag":"B"', '"idTag":NaN', '"idTag":' + "9" * 5000])
def test_a_part_with_no_one_meaning_is_left_out(twice: str) -> None:
    """A key twice, what is no JSON number, and one beyond all bounds."""
    text = f'{{"transactionId":7,"meterStop":3000,"timestamp":"{AT}",{twice}}}'.encode()
    found = salvaged(v16.StopTransactionRequest, text, OcppVersion.V16)
    assert found is not None
    assert (found.message.meter_stop, found.message.id_tag) == (3000, None)
    assert slugs(found) == [(PART_LEFT_OUT, "$.idTag")]


def test_a_value_without_its_time_is_one_of_that_message() -> None:
    """It does not count among what is required of the message itself."""
    found = stopped(transactionId="x", timestamp=[], transactionData=[{"sampledValue": [{"value": "2500"}]}])
    assert found is not None
    assert found.message.transaction_data[0].timestamp is None
    assert (REQUIRED_UNKNOWN, "$.transactionData[0].timestamp") in slugs(found)


def test_a_vendors_own_data_are_left_out_where_they_have_no_one_meaning() -> None:
    """What anybody may write in them is kept as it came, beside."""
    text = json.dumps(EVENT)[:-1] + ',"customData":{"vendorId":"acme","limit":NaN}}'
    found = salvaged(v201.TransactionEventRequest, text.encode(), OcppVersion.V201)
    assert found is not None
    assert (found.message.seq_no, found.message.custom_data) == (3, None)
    assert [slug for slug, _ in slugs(found)] == [PART_LEFT_OUT]
