"""The station under test, and the central system that the tool plays to it.

A simulated station is joined in memory and lives in virtual time; its hands are its own. One on the
wire dials the tool, and whoever sits at the terminal is its hands.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import (
    Accept,
    ExplainRequest,
    FailedAttempt,
    HttpAnswer,
    Receiver,
    Refuse,
    UpgradeRequest,
)
from ocppj.aio.pipe import connect_pipe
from ocppj.aio.server import OcppServer
from runtime.clock import Clock
from simulator.conform.peer import ToolPeer
from simulator.connection.tap import Frame
from simulator.scenario.station_drivers.driver import CONNECT_S
from simulator.scenario.station_drivers.simulated import SimulatedDriver
from simulator.scenario.station_drivers.wire_log_reader import LogFrame
from simulator.scenario.station_drivers.wired import WiredDriver
from simulator.scenario.steps.run_context import CALL_S
from simulator.scenario.verdicts import StepOutcome

PORT = 9000
CENTRAL_HOST = "csms.test"
UNAUTHORIZED, NOT_FOUND = 401, 404
ACCEPTED = "Accepted"
BOOT_S = 60.0
"""For a station that was asked to boot."""


class CaseCentral:
    """Implements `ocppj.aio.endpoint.Endpoint`: lets in the station under test, with its password.

    `passwords` are those that are right at present; without any, nobody is asked for one.
    """

    def __init__(
        self, station_id: str, receiver: Callable[[Connection], Receiver], passwords: tuple[str, ...] = ()
    ) -> None:
        self.passwords = passwords
        self.attempts: list[str] = []
        """What became of each attempt to connect."""
        self._station_id = station_id
        self._receiver = receiver

    def require(self, password: str) -> None:
        """From now on this password alone is right."""
        self.passwords = (password,)

    async def admit(self, request: UpgradeRequest) -> Accept | Refuse:
        """Its own id, and a password that is right (A00.FR.204)."""
        if request.target.identity != self._station_id:
            return self._refused(NOT_FOUND, f"this is no {self._station_id}")
        if self.passwords and not self._is_right(request):
            return self._refused(UNAUTHORIZED, "wrong credentials")
        self.attempts.append("accepted")
        return Accept(self._receiver, request.negotiated)

    def _is_right(self, request: UpgradeRequest) -> bool:
        given = request.credentials
        if given is None or given.username != self._station_id:
            return False
        return bytes(given.password) in [each.encode() for each in self.passwords]

    def _refused(self, status: int, reason: str) -> Refuse:
        self.attempts.append(reason)
        return Refuse(status, reason)

    def attempt_failed(self, attempt: FailedAttempt) -> None:
        """Kept for whoever looks why nothing came."""
        self.attempts.append(attempt.detail)

    async def explain(self, request: ExplainRequest) -> HttpAnswer:  # noqa: ARG002 - the protocol
        """No page for people."""
        return HttpAnswer(NOT_FOUND, "borne conform waits here for the station under test\n")


def dial_in_memory(server: OcppServer) -> Any:
    """How a station of this process reaches the tool."""

    async def dial(factory: Callable[[], asyncio.Protocol], host: str, port: int) -> object:  # noqa: ARG001
        return connect_pipe(server.protocol(), factory())

    return dial


class CaseStationDriver(SimulatedDriver):
    """A simulated station whose wire is read at the tool's end."""

    def _receive(self, frame: Frame) -> None:
        """The tool's end has it already."""


class CaseWiredDriver(WiredDriver):
    """A station on the wire that dials the tool itself: that it boots is had by asking it to."""

    peer: ToolPeer
    boot_calls: Sequence[Mapping[str, Any]] = ()
    """What makes it boot, the gentlest first."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._plugged: dict[tuple[int, int], None] = {}
        self._is_cut_off = False

    async def connect(self, *, fresh: bool, within_s: float | None) -> str:
        """Connected, and its boot seen: triggered, or by a reset where it triggers nothing (F06, B11)."""
        if not self.peer.is_open:
            text = self._words.text("do_switch_on", station=self.station_id)
            is_open = lambda: self.peer.is_open  # noqa: E731 - reads as the sentence
            if not await self._dials_itself(within_s):
                hand = self._hand("power_on")
                await self._by_hand(text, is_open, within_s, must_see="not_connected", hand=hand)
        if self._has_booted(after=0) and not fresh:
            return ""
        for call in self.boot_calls[1 if fresh else 0 :]:
            answer = await self.peer.request(call["action"], call["payload"], CALL_S)
            if isinstance(answer.payload, dict) and answer.payload.get("status") == ACCEPTED:
                break
        text = self._words.text("do_restart")
        await self._until_booted(text, within_s)
        return ""

    async def _dials_itself(self, within_s: float | None) -> bool:
        """One that was there before comes back; whoever has a rig need not be asked."""
        if self._rig is None:
            return False
        look = lambda: True if self.peer.is_open else None  # noqa: E731 - reads as the sentence
        return bool(await self.event_log.signal.until(look, self._clock, within_s or CONNECT_S))

    async def _until_booted(self, text: str, within_s: float | None) -> None:
        """One that was asked to boot does so by itself; then a hand is needed."""

        def has_booted() -> bool:
            return self._has_booted(after=0)

        look = lambda: True if has_booted() else None  # noqa: E731 - reads as the sentence
        if self._rig is not None and await self.event_log.signal.until(look, self._clock, BOOT_S):
            return
        await self._by_hand(text, has_booted, within_s, must_see="no_boot_after", hand=self._hand("restart"))

    async def plug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:
        """Remembered, so that it is pulled again."""
        self._plugged[evse_id, connector_id] = None
        return await super().plug(evse_id, connector_id, within_s)

    async def unplug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:
        """Pulled."""
        done = await super().unplug(evse_id, connector_id, within_s)
        self._plugged.pop((evse_id, connector_id), None)
        return done

    async def disconnect(self, within_s: float | None) -> str:
        """Remembered, so that it comes back."""
        self._is_cut_off = True
        return await super().disconnect(within_s)

    async def reconnect(self, within_s: float | None) -> str:
        """Back."""
        done = await super().reconnect(within_s)
        self._is_cut_off = False
        return done

    async def put_back(self) -> None:
        """Cables are pulled, the network is back, and what the case set is as it was."""
        with contextlib.suppress(StepOutcome):
            if self._is_cut_off:
                await self.reconnect(CONNECT_S)
        for evse_id, connector_id in tuple(self._plugged):
            with contextlib.suppress(StepOutcome):
                await self.unplug(evse_id, connector_id, CONNECT_S)
        if self.peer.baseline is not None:
            await self.peer.baseline.put_back(self.event_log.frames())


class ToolLog:
    """Stands where a wired driver reads a central system's log: the tool's own end of the wire."""

    def __init__(self, station_id: str, version: str, peer: ToolPeer, clock: Clock) -> None:
        self._station_id = station_id
        self._version = version
        self._peer = peer
        self._clock = clock

    async def station(self) -> dict[str, Any]:
        """What is known of it."""
        return {"station_id": self._station_id, "version": self._version, "is_online": self._peer.is_open}

    async def history(self, epoch: int | None) -> list[LogFrame]:  # noqa: ARG002 - there is one connection
        """Nothing: the tool has been there from the beginning."""
        return []

    async def follow(self, receive: Callable[[LogFrame], None]) -> NoReturn:  # noqa: ARG002 - the peer has told it
        """Nothing more comes this way."""
        while True:
            await self._clock.sleep(3600.0)


def tokens_of(values: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What a central system that knows these tokens says of each, by its text (C01.FR.02)."""
    return {
        str(one["id_token"]): {
            key: value
            for key, value in (("status", one.get("status", "Accepted")), ("groupIdToken", one.get("group")))
            if value is not None
        }
        for one in values.values()
    }
