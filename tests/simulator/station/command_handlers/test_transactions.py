"""What a station says of its transactions: GetTransactionStatus (2.0.1 E14)."""

from typing import Any

import pytest

from ocppj.session import Request
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import Stage, simulated


def silent_on_events(link: AnsweringLink, request: Request) -> Any:
    """Transaction messages are never answered: they stay to be delivered."""
    return None if request.action == "TransactionEvent" else agree(link, request)


async def status(stage: Stage, transaction_id: str | None = None) -> tuple[bool | None, bool]:
    """(goes on, messages wait)."""
    asked = {"transactionId": transaction_id} if transaction_id is not None else {}
    answer = await stage.ask("GetTransactionStatus", asked)
    return answer.ongoing_indicator, answer.messages_in_queue


async def test_before_during_and_after() -> None:
    """E14.FR.01, .02, .03, .05, .06, .08."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        assert await status(stage) == (None, False)
        assert await status(stage, "nobody's") == (False, False)
        stage.station.plug()
        await stage.meanwhile(stage.station.present("TAG1"))
        await stage.rest()
        transaction_id = stage.said("TransactionEvent")[0].transaction_info.transaction_id
        assert await status(stage, transaction_id) == (True, False)
        stage.station.unplug()
        await stage.rest()
        assert await status(stage, transaction_id) == (False, False)


@pytest.mark.parametrize("is_over", [False, True])
async def test_what_waits_to_be_sent(*, is_over: bool) -> None:
    """E14.FR.04, .07: also of one that has ended."""
    async with simulated("ac-21", silent_on_events) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.meanwhile(stage.station.present("TAG1"))
        await stage.rest()
        transaction_id = stage.said("TransactionEvent")[0].transaction_info.transaction_id
        if is_over:
            stage.station.unplug()
        assert await status(stage, transaction_id) == (not is_over, True)
        assert await status(stage, "nobody's") == (False, False)
        assert await status(stage) == (None, True)
