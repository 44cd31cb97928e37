"""What a display shows of the cost that comes with the answers to transaction messages (2.x I)."""

from typing import Any

import pytest

from ocppj.session import Request
from simulator.station.cost_display import ShownCost
from tests.support.answering import AnsweringLink, Script, agree
from tests.support.simulated import Stage, changed_template, simulated

BOTH_2X = pytest.mark.parametrize("template", ["ac-201", "ac-21"])


def costs(**by_event: float) -> Script:
    """A central system that says what it costs, by the type of the event."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | str | None:
        if request.action == "TransactionEvent":
            cost = by_event.get(request.message.event_type)
            return {} if cost is None else {"totalCost": cost}
        return agree(link, request)

    return script


async def charging(stage: Stage, token: str = "TAG1") -> str:
    """A driver charges at the first EVSE; what the station calls the transaction."""
    await stage.boot()
    stage.station.plug()
    await stage.meanwhile(stage.station.present(token))
    await stage.rest()
    return str(stage.said("TransactionEvent")[-1].transaction_info.transaction_id)


def shown(stage: Stage, evse_id: int = 1) -> ShownCost | None:
    """On its display."""
    return stage.station.snapshot().evse(evse_id).cost


@BOTH_2X
async def test_running_and_final_cost_in_answers(template: str) -> None:
    """I02.FR.04, I03.FR.03: so far, then in all; the next driver sees their own."""
    async with simulated(template, costs(Updated=1.5, Ended=2.25)) as stage:
        await charging(stage)
        assert shown(stage) == ShownCost(1_500_000, "$1.50 so far")
        assert shown(stage, 2) is None
        stage.station.unplug()
        await stage.rest()
        assert shown(stage) == ShownCost(2_250_000, "$2.25 in all", is_final=True)
        stage.station.plug()
        await stage.meanwhile(stage.station.present("TAG2"))
        await stage.rest()
        assert shown(stage) == ShownCost(1_500_000, "$1.50 so far")
        assert any(text == "EVSE 1 shows: $2.25 in all" for text in stage.message_store)


async def test_a_free_charge_is_said_to_be_free() -> None:
    """I03.FR.04: 0.00 is a cost, and none told is none known."""
    async with simulated("ac-201", costs(Ended=0.0)) as stage:
        await charging(stage)
        stage.station.unplug()
        await stage.rest()
        assert shown(stage) == ShownCost(0, "$0.00 in all", is_final=True)


async def test_a_cost_that_comes_when_the_driver_is_gone() -> None:
    """I03.FR.03, I05.FR.02: what ended offline shows the text for it, and not the cost that comes later."""
    text = {"TariffCostCtrlr.TotalCostFallbackMessage": "See your receipt"}
    kind = changed_template("ac-201", variables=text)
    async with simulated(kind, costs(Ended=9.0)) as stage:
        await charging(stage)
        stage.station.drop_link()
        await stage.rest()
        stage.station.unplug()
        await stage.rest()
        assert shown(stage) == ShownCost(None, "See your receipt", is_final=True)
        stage.station.restore_link()
        await stage.advance(120)
        assert stage.station.snapshot().queued == 0
        assert shown(stage) == ShownCost(None, "See your receipt", is_final=True)


async def test_nothing_is_shown_offline_without_a_text() -> None:
    """The variable is empty: so is the display."""
    async with simulated("ac-201") as stage:
        await charging(stage)
        stage.station.drop_link()
        await stage.rest()
        stage.station.unplug()
        await stage.rest()
        assert shown(stage) is None


async def test_who_left_the_bay_is_shown_nothing() -> None:
    """I03.FR.05: the transaction ends when the car leaves."""
    points = {"TxCtrlr.TxStopPoint": "ParkingBayOccupancy", "TxCtrlr.TxStartPoint": "ParkingBayOccupancy"}
    async with simulated(changed_template("ac-201", variables=points), costs(Ended=9.0)) as stage:
        await charging(stage)
        stage.station.unplug()
        await stage.advance(60)
        assert stage.said("TransactionEvent")[-1].event_type == "Ended"
        assert shown(stage) is None


async def test_the_power_takes_it_along() -> None:
    """A display without power shows nothing, and afterwards nothing of before."""
    async with simulated("ac-201", costs(Ended=2.0)) as stage:
        await charging(stage)
        stage.station.unplug()
        await stage.rest()
        assert shown(stage) is not None
        stage.station.power_cut()
        await stage.rest()
        assert shown(stage) is None
