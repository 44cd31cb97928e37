"""Replies and tariffs survive being stored."""

import pytest

from charging.tariff import Tariff, Tax
from csms.domain.inbound import PricedResponse
from csms.rules.replies import reply_from_text, reply_to_text, tariff_from_text, tariff_to_text
from ocppj.model.data_transfer import DataTransferResponse
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo
from tests.support.inbound import NOON

TARIFF = Tariff("t", "CAD", energy_micro_per_kwh=250_000, taxes=(Tax("TPS", 5000),), max_micro=10_000_000)


@pytest.mark.parametrize(
    "reply",
    [
        Acknowledged(),
        TransactionEventResponse("7"),
        TransactionEventResponse(
            "é\n", IdTokenInfo(AuthorizationStatus.EXPIRED, "GROUP", NOON, "no"), 1_250_000
        ),
        DataTransferResponse("UnknownVendorId"),
        DataTransferResponse("Accepted", '{"a": 1}'),
    ],
)
def test_a_stored_reply_is_the_reply(reply: Reply) -> None:
    """Whatever a station may be answered to what is kept."""
    assert reply_from_text(reply_to_text(reply)) == reply


def test_the_price_is_no_part_of_a_stored_reply() -> None:
    """It stands with the transaction."""
    assert reply_from_text(reply_to_text(PricedResponse("7", tariff=TARIFF))) == TransactionEventResponse("7")


def test_a_stored_tariff_is_the_tariff() -> None:
    """With its taxes and limits."""
    assert tariff_from_text(tariff_to_text(TARIFF)) == TARIFF
    assert tariff_from_text(tariff_to_text(None)) is None
