"""Transaction messages on their way: one at a time, in order, unchanged, until answered or given up."""

import asyncio
from typing import Any

import pytest

from ocppj.model.transactions import TransactionEventResponse
from ocppj.session import Response
from ocppj.translation import WireCall
from ocppj.v16 import messages as v16
from ocppj.vocabulary import AuthorizationStatus
from runtime.clock import ManualClock
from simulator.connection.transaction_queue import QUEUE_LIMIT, TransactionQueue
from simulator.errors import CallFailedError, CallTimeoutError, NotConnectedError
from simulator.model.inventory import build_inventory
from simulator.model.stored_state import KeptMessage
from simulator.model.variables import VariableStore
from simulator.model.version_rules import RULES
from simulator.model.version_variables import VARIABLES_OF
from tests.support.simulated import changed_template

INFO = v16.IdTagInfo(status="Accepted")


class Wire:
    """Takes what the outbox sends; the test answers."""

    def __init__(self, clock: ManualClock) -> None:
        kind = changed_template(
            variables={
                "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": "3",
                "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": "10",
            }
        )
        of_version = VARIABLES_OF[kind.ocpp]
        store = VariableStore(build_inventory(kind, of_version(kind)))
        self.is_open = True
        self.sent: list[tuple[str, WireCall]] = []
        self.done: list[tuple[str, TransactionEventResponse | None]] = []
        self.emptied = 0
        self.outbox = TransactionQueue(RULES[kind.ocpp], store, clock, self._send)
        self.outbox.answered = lambda message, verdict: self.done.append((message.message_id, verdict))
        self.outbox.emptied = self._emptied
        self._future: asyncio.Future[Response] | None = None

    def _emptied(self) -> None:
        self.emptied += 1

    def _send(self, message_id: str, call: WireCall) -> "asyncio.Future[Response] | None":
        if not self.is_open:
            return None
        self.sent.append((message_id, call))
        self._future = asyncio.get_running_loop().create_future()
        return self._future

    @property
    def ids(self) -> list[str]:
        """What was sent."""
        return [message_id for message_id, _ in self.sent]

    async def answer(self, message: Any = None) -> None:
        """The answer to what was sent last."""
        message_id, call = self.sent[-1]
        await self._settle(Response(message_id, call.action, message or v16.MeterValuesResponse(), b"{}"))

    async def fail(self, error: Exception) -> None:
        """No answer."""
        await self._settle(error)

    async def _settle(self, outcome: Any) -> None:
        assert self._future is not None
        if isinstance(outcome, Exception):
            self._future.set_exception(outcome)
        else:
            self._future.set_result(outcome)
        await asyncio.sleep(0)


@pytest.fixture
async def wire(clock: ManualClock) -> Wire:
    """An open one."""
    return Wire(clock)


def start(message_id: str = "start") -> KeptMessage:
    """A StartTransaction."""
    payload = {"connectorId": 1, "idTag": "TAG", "meterStart": 0, "timestamp": "2026-01-05T12:00:00.000Z"}
    return KeptMessage(message_id, "StartTransaction", payload, "t", "TAG", is_start=True)


def values(message_id: str, transaction_id: str = "t") -> KeptMessage:
    """Meter values of a transaction whose number is not known yet."""
    payload = {"connectorId": 1, "transactionId": -1, "meterValue": []}
    return KeptMessage(message_id, "MeterValues", payload, transaction_id)


async def test_next_message_waits_for_the_answer(wire: Wire) -> None:
    """1.6 §3.7.1, 2.0.1 E13: in order, one at a time."""
    for name in ("a", "b", "c"):
        wire.outbox.put(values(name))
    assert wire.ids == ["a"]
    await wire.answer()
    assert wire.ids == ["a", "b"]
    await wire.answer()
    await wire.answer()
    assert ([name for name, _ in wire.done], wire.emptied) == (["a", "b", "c"], 1)


async def test_number_that_the_start_is_given_goes_into_what_follows(wire: Wire) -> None:
    """Of that transaction only; one without an answered start says -1 (quirk 36)."""
    wire.outbox.put(start())
    wire.outbox.put(values("mine"))
    wire.outbox.put(values("other", "another"))
    await wire.answer(v16.StartTransactionResponse(transaction_id=42, id_tag_info=INFO))
    assert wire.sent[-1][1].payload["transactionId"] == 42
    await wire.answer()
    assert wire.sent[-1][1].payload["transactionId"] == -1
    assert wire.done[0][1] is not None
    assert wire.done[0][1].info is not None
    assert wire.done[0][1].info.status is AuthorizationStatus.ACCEPTED


@pytest.mark.parametrize(
    "error", [CallFailedError("MeterValues", "InternalError", ""), CallTimeoutError("no")]
)
async def test_failed_message_is_repeated_unchanged_then_dropped(
    wire: Wire, clock: ManualClock, error: Exception
) -> None:
    """After 10, then 20 seconds; after the third attempt it makes room for the next."""
    wire.outbox.put(values("a"))
    wire.outbox.put(values("b"))
    await wire.fail(error)
    await clock.advance(9.9)
    assert wire.ids == ["a"]
    await clock.advance(0.1)
    assert wire.ids == ["a", "a"]
    assert wire.sent[0] == wire.sent[1]
    await wire.fail(error)
    await clock.advance(19.9)
    assert len(wire.ids) == 2
    await clock.advance(0.1)
    await wire.fail(error)
    assert wire.ids == ["a", "a", "a", "b"]
    assert (wire.outbox.dropped, wire.done) == (1, [("a", None)])


async def test_lost_connection_is_no_attempt(wire: Wire) -> None:
    """It goes out again when it can, as often as it takes."""
    wire.outbox.put(values("a"))
    for _ in range(5):
        wire.is_open = False
        await wire.fail(NotConnectedError("gone"))
        wire.outbox.pump()
        wire.is_open = True
        wire.outbox.pump()
    assert wire.ids == ["a"] * 6
    await wire.answer()
    assert wire.outbox.dropped == 0


async def test_nothing_is_sent_while_nothing_can_be(wire: Wire) -> None:
    """What is put meanwhile waits."""
    wire.is_open = False
    wire.outbox.put(start())
    wire.outbox.put(values("a"))
    assert wire.ids == []
    wire.is_open = True
    wire.outbox.pump()
    assert wire.ids == ["start"]


async def test_put_while_waiting_to_repeat_does_not_jump_the_queue(wire: Wire, clock: ManualClock) -> None:
    """But a new connection repeats at once."""
    wire.outbox.put(values("a"))
    await wire.fail(CallTimeoutError("no"))
    wire.outbox.put(values("b"))
    assert wire.ids == ["a"]
    wire.outbox.pump()
    assert wire.ids == ["a", "a"]
    await clock.advance(60)
    assert wire.ids == ["a", "a"]


async def test_what_was_kept_goes_first(wire: Wire) -> None:
    """After a power cut."""
    wire.outbox.restore([values("kept")])
    wire.outbox.put(values("new"))
    await wire.answer()
    assert wire.ids == ["kept", "new"]


async def test_full_queue_drops_meter_values_only(wire: Wire) -> None:
    """Starts and ends are billing data (1.6 §3.7.1)."""
    wire.is_open = False
    wire.outbox.restore([start(), values("oldest"), *(values(str(n)) for n in range(QUEUE_LIMIT - 2))])
    wire.outbox.put(values("one more"))
    assert wire.outbox.dropped == 1
    kept = [message.message_id for message in wire.outbox.entries]
    assert (kept[0], kept[1], kept[-1], len(kept)) == ("start", "0", "one more", QUEUE_LIMIT)


async def test_queue_of_nothing_but_billing_data_grows(wire: Wire) -> None:
    """Better a long queue than lost money."""
    wire.is_open = False
    wire.outbox.restore([start(str(n)) for n in range(QUEUE_LIMIT)])
    wire.outbox.put(start("one more"))
    assert (len(wire.outbox.entries), wire.outbox.dropped) == (QUEUE_LIMIT + 1, 0)


async def test_cancelled_answer_changes_nothing(wire: Wire) -> None:
    """The process ends."""
    wire.outbox.put(values("a"))
    assert wire._future is not None
    wire._future.cancel()
    await asyncio.sleep(0)
    assert [message.message_id for message in wire.outbox.entries] == ["a"]
