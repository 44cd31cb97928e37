"""What a station does with CostUpdated (2.x I02)."""

import pytest

from simulator.station.cost_display import ShownCost
from tests.simulator.station.test_cost_display import charging, shown
from tests.support.simulated import changed_template, simulated

BOTH_2X = pytest.mark.parametrize("template", ["ac-201", "ac-21"])


@BOTH_2X
async def test_what_it_costs_so_far(template: str) -> None:
    """I02.FR.02, .03: of the transaction that runs; of any other it shows nothing, and cannot say so."""
    async with simulated(changed_template(template, variables={"TariffCostCtrlr.Currency": "EUR"})) as stage:
        transaction_id = await charging(stage)
        await stage.ask("CostUpdated", {"totalCost": 3.256, "transactionId": transaction_id})
        assert shown(stage) == ShownCost(3_256_000, "€3.26 so far")
        await stage.ask("CostUpdated", {"totalCost": 4, "transactionId": "another"})
        assert shown(stage) == ShownCost(3_256_000, "€3.26 so far")


@pytest.mark.parametrize(
    "kind", [{"shows_price": False}, {"variables": {"TariffCostCtrlr.Enabled[Cost]": "false"}}]
)
async def test_a_station_that_shows_no_cost(kind: dict[str, object]) -> None:
    """Part 4 §4.3: the action is known and not done here; a cost in an answer is passed over."""
    async with simulated(changed_template("ac-201", **kind)) as stage:
        transaction_id = await charging(stage)
        answer = await stage.ask("CostUpdated", {"totalCost": 3, "transactionId": transaction_id})
        assert answer == "NotSupported"
        assert shown(stage) is None
