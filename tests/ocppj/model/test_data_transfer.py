"""Costs in vendor messages: the command that carries one, and what it says."""

import pytest

from ocppj.model.data_transfer import (
    COSTS_VENDOR,
    CostMessage,
    FinalCost,
    RunningCost,
    SetUserPrice,
    TransferData,
    cost_message,
    cost_transfer,
    is_cost_message,
)

RUNNING = RunningCost(transaction_id=7, timestamp="2026-01-05T12:00:00Z", meter_value=1500, cost=1.25)


@pytest.mark.parametrize(
    ("message", "name", "text"),
    [
        (
            RUNNING,
            "RunningCost",
            '{"transactionId":7,"timestamp":"2026-01-05T12:00:00Z","meterValue":1500,"cost":1.25,"state":"Charging"}',
        ),
        (FinalCost(transaction_id=7, cost=2.5), "FinalCost", '{"transactionId":7,"cost":2.5,"priceText":""}'),
        (SetUserPrice(price_text="free"), "SetUserPrice", '{"priceText":"free","idToken":null}'),
    ],
)
def test_a_message_both_ways(message: CostMessage, name: str, text: str) -> None:
    """DataTransfer with the vendor of the paper, and JSON as text."""
    command = cost_transfer(message)
    assert command == TransferData(COSTS_VENDOR, name, text)
    assert is_cost_message(command)
    assert cost_message(command) == message


def test_costs_are_counted_in_micro_units() -> None:
    """As everywhere else."""
    assert (RUNNING.cost_micro, FinalCost(transaction_id=7, cost=2.5).cost_micro) == (1_250_000, 2_500_000)


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"transactionId": "7"}'])
def test_data_that_cannot_be_read(text: str | None) -> None:
    """It says nothing."""
    assert cost_message(TransferData(COSTS_VENDOR, "FinalCost", text)) is None


def test_what_is_no_such_message() -> None:
    """Another vendor, another message, none."""
    for vendor, message_id in (("acme", "FinalCost"), (COSTS_VENDOR, "Other"), (COSTS_VENDOR, None)):
        assert not is_cost_message(TransferData(vendor, message_id))
