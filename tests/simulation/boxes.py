"""Stations that share no code with the product: JSON by hand, on websockets' own protocol, in three versions.

A box charges, and says so in transaction messages that it keeps until they are answered, over every cut. It
repeats them as stations in the field do: one kind under the same message id (MicroOcpp), another under a new
one (libocpp).
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from runtime.chance import Chance
from tests.simulation.loop import BEGIN, Process
from tests.simulation.network import Network

ANSWER_WITHIN_S = 30.0
BOOTS: dict[str, dict[str, Any]] = {
    "1.6": {"chargePointVendor": "Boite", "chargePointModel": "B1"},
    "2.0.1": {"reason": "PowerUp", "chargingStation": {"vendorName": "Boite", "model": "B2"}},
    "2.1": {"reason": "PowerUp", "chargingStation": {"vendorName": "Boite", "model": "B21"}},
}
TOKEN = "BOX1"


class CutOffError(ConnectionError):
    """The connection is gone, or nobody answers on it."""


@dataclass
class Told:
    """One transaction message that waits for its answer. `needs` is the 1.6 charge whose number it names."""

    action: str
    payload: dict[str, Any]
    message_id: str
    charge: "Charge"


@dataclass
class Charge:
    """What the box knows of one charge."""

    transaction_id: str
    number: int | None = None
    """1.6: what the central system calls it."""
    seq_no: int = 0


class Box:
    """`retries_anew`: a message that was not answered goes out again under another id."""

    def __init__(
        self,
        name: str,
        version: str,
        process: Process,
        network: Network,
        chance: Chance,
        *,
        retries_anew: bool,
    ) -> None:
        self.name = name
        self.version = version
        self.waiting: deque[Told] = deque()
        self._process = process
        self._network = network
        self._chance = chance
        self._retries_anew = retries_anew
        self._line: _Line | None = None
        self._count = 0
        self._register_wh = 1000
        self._arrived = asyncio.Event()

    def start(self, until_s: float) -> None:
        """Power on; no charge begins after `until_s`."""
        self._process.start(self._connect_for_ever(), self.name)
        self._process.start(self._charge_again_and_again(until_s), f"cars at {self.name}")

    # Charging -----------------------------------------------------------------------------------------

    async def _charge_again_and_again(self, until_s: float) -> None:
        time = asyncio.get_running_loop().time
        await asyncio.sleep(self._chance.uniform(60.0, 1200.0))
        while time() < until_s:
            self._count += 1
            charge = Charge(f"{self.name}-{self._count}")
            self._begin(charge)
            for _ in range(self._chance.integer(1, 3)):
                await asyncio.sleep(self._chance.uniform(60.0, 180.0))
                self._register_wh += self._chance.integer(100, 900)
                self._go_on(charge)
            await asyncio.sleep(self._chance.uniform(10.0, 60.0))
            self._register_wh += self._chance.integer(0, 100)
            self._end(charge)
            await asyncio.sleep(self._chance.uniform(300.0, 900.0))

    def _begin(self, charge: Charge) -> None:
        if self.version == "1.6":
            payload = {"connectorId": 1, "idTag": TOKEN, "meterStart": self._register_wh, "timestamp": _now()}
            self._tell(charge, "StartTransaction", payload)
        else:
            self._tell_event(charge, "Started", "CablePluggedIn", "Transaction.Begin")

    def _go_on(self, charge: Charge) -> None:
        if self.version == "1.6":
            sampled = {"timestamp": _now(), "sampledValue": [{"value": str(self._register_wh)}]}
            self._tell(charge, "MeterValues", {"connectorId": 1, "meterValue": [sampled]})
        else:
            self._tell_event(charge, "Updated", "MeterValuePeriodic", "Sample.Periodic")

    def _end(self, charge: Charge) -> None:
        if self.version == "1.6":
            self._tell(charge, "StopTransaction", {"meterStop": self._register_wh, "timestamp": _now()})
        else:
            self._tell_event(charge, "Ended", "EVDeparted", "Transaction.End")

    def _tell_event(self, charge: Charge, kind: str, why: str, context: str) -> None:
        sampled = {"value": self._register_wh, "context": context}
        payload: dict[str, Any] = {
            "eventType": kind,
            "timestamp": _now(),
            "triggerReason": why,
            "seqNo": charge.seq_no,
            "transactionInfo": {"transactionId": charge.transaction_id},
            "meterValue": [{"timestamp": _now(), "sampledValue": [sampled]}],
        }
        if kind == "Started":
            payload |= {
                "evse": {"id": 1, "connectorId": 1},
                "idToken": {"idToken": TOKEN, "type": "ISO14443"},
            }
        charge.seq_no += 1
        self._tell(charge, "TransactionEvent", payload)

    def _tell(self, charge: Charge, action: str, payload: dict[str, Any]) -> None:
        self.waiting.append(Told(action, payload, self._chance.message_id(), charge))
        self._arrived.set()

    # Connecting ---------------------------------------------------------------------------------------

    async def _connect_for_ever(self) -> None:
        await asyncio.sleep(self._chance.uniform(1.0, 20.0))
        while True:
            try:
                await self._connected()
            except (ConnectionError, TimeoutError):
                if self._line is not None:
                    self._line.abort()
            await asyncio.sleep(self._chance.uniform(2.0, 15.0))

    async def _connected(self) -> None:
        line = self._line = _Line(self.name, self.version)
        await self._network.dial(self._process, lambda: line)
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await line.opened
        answer: dict[str, Any] = {}
        while answer.get("status") != "Accepted":
            answer = await line.call(self._chance.message_id(), "BootNotification", BOOTS[self.version])
        for told in self.waiting:
            if self._retries_anew:
                told.message_id = self._chance.message_id()
        while True:
            await self._tell_all(line)
            async with asyncio.timeout(600.0):
                await line.until(self._arrived)

    async def _tell_all(self, line: "_Line") -> None:
        while self.waiting:
            self._arrived.clear()
            told = self.waiting[0]
            if self.version == "1.6" and told.action != "StartTransaction":
                told.payload["transactionId"] = told.charge.number
            answer = await line.call(told.message_id, told.action, told.payload)
            if told.action == "StartTransaction":
                told.charge.number = answer["transactionId"]
            self.waiting.popleft()
        self._arrived.clear()


class _Line(asyncio.Protocol):
    """One connection of a box."""

    def __init__(self, name: str, version: str) -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self._ws = ClientProtocol(
            parse_uri(f"ws://csms:9000/ocpp/{name}"), subprotocols=[Subprotocol(f"ocpp{version}")]
        )
        self._transport: asyncio.Transport | None = None
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = transport  # type: ignore[assignment]
        self._ws.send_request(self._ws.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Answers, and what the central system asks."""
        self._ws.receive_data(data)
        for event in self._ws.events_received():
            if getattr(event, "opcode", None) is Opcode.TEXT:
                self._heard(json.loads(bytes(event.data)))  # type: ignore[union-attr] # a frame
        if not self.opened.done():
            if isinstance(self._ws.handshake_exc, InvalidHandshake):
                self.opened.set_exception(CutOffError(str(self._ws.handshake_exc)))
            elif self._ws.state is OPEN:
                self.opened.set_result(None)
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits has waited in vain."""
        self._lost.set()
        for waiting in (self.opened, *self._answers.values()):
            if not waiting.done():
                waiting.set_exception(CutOffError(str(exc)))
                waiting.exception()  # nobody may be looking

    async def call(self, message_id: str, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """One CALL. Raises CutOffError; a CALLERROR is no answer to a transaction message either."""
        answer = self._answers[message_id] = asyncio.get_running_loop().create_future()
        if self._lost.is_set():
            raise CutOffError("the connection is gone")
        self._send([2, message_id, action, payload])
        async with asyncio.timeout(ANSWER_WITHIN_S):
            found: dict[str, Any] = await answer
        return found

    async def until(self, something: asyncio.Event) -> None:
        """Wait for it. Raises CutOffError."""
        tasks = [asyncio.ensure_future(each.wait()) for each in (something, self._lost)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        if self._lost.is_set():
            raise CutOffError("the connection is gone")

    def abort(self) -> None:
        """Give it up."""
        if self._transport is not None:
            self._transport.abort()

    def _heard(self, frame: list[Any]) -> None:
        if frame[0] == 2:
            self._send([4, frame[1], "NotSupported", "a box does nothing for anybody", {}])
            return
        answer = self._answers.pop(frame[1], None)
        if answer is None or answer.done():
            return
        if frame[0] == 3:
            answer.set_result(frame[2])
        else:
            answer.set_exception(CutOffError(f"refused: {frame[2:4]}"))

    def _send(self, frame: list[Any]) -> None:
        self._ws.send_text(json.dumps(frame).encode())
        self._flush()

    def _flush(self) -> None:
        for data in self._ws.data_to_send():
            if self._transport is not None and data:
                self._transport.write(data)


def _now() -> str:
    at: datetime = BEGIN + timedelta(seconds=asyncio.get_running_loop().time())
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
