"""Keeps a station connected: dials, waits between attempts as long as its version says, and picks the
password.

When the next attempt is due is a matter of data: the power, the start-up, the network, the back-off. Whatever
changes one of them nudges the loop, which looks again.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from ocppj.aio.backoff import BackOff
from ocppj.aio.client import Dial, connect
from ocppj.aio.connection import GOING_AWAY, NORMAL, Connection
from ocppj.aio.errors import ConnectError, UpgradeRefusedError
from ocppj.aio.limits import Limits
from ocppj.aio.watch import Watch
from ocppj.versions import OcppVersion
from runtime.chance import Chance
from runtime.clock import Clock
from simulator.connection.link import CsmsLink
from simulator.model.credentials import StationCredentials
from simulator.model.station_log import StationLog, Topic
from simulator.model.variables import VariableStore

NOT_LET_IN = (401, 403)
HANG_UP_WITHIN_S = 1.0
SILENT_PINGS = 3
"""So many ping intervals without a byte end the connection ..."""
SILENT_AT_LEAST_S = 60.0
"""... but not sooner than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """How to reach the central system. `watch` is shared by a fleet; `dial` replaces TCP."""

    url: str
    version: OcppVersion
    station_id: str
    tls: ssl.SSLContext | None = None
    watch: Watch | None = None
    dial: Dial | None = None


class ConnectionKeeper:
    """`opened` and `closed` are called with the link there and gone."""

    def __init__(
        self,
        settings: ConnectionSettings,
        credentials: StationCredentials,
        variables: VariableStore,
        log: StationLog,
        make_link: Callable[[Connection], CsmsLink],
        *,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self.link: CsmsLink | None = None
        self.trouble: ConnectError | None = None
        """Why the last attempt failed; None once one has succeeded."""
        self.opened: Callable[[], None] = lambda: None
        self.closed: Callable[[], None] = lambda: None
        self.is_powered = False
        self.has_network = True
        self._settings = settings
        self._variables = variables
        self._credentials = credentials
        self._clock = clock
        self._wire_clock = clock.unscaled  # a station may hurry; what is at the other end does not
        self._chance = chance
        self._log = log
        self._make_link = make_link
        self._due_at = clock.monotonic()
        self._failures = 0
        self._is_own_close = False
        self._nudge = asyncio.Event()

    # What the station does to it

    def start(self, after_s: float) -> None:
        """Power is there and the station starts up; the connection of before is given up."""
        self.is_powered = True
        self._failures = 0
        self._due_at = self._clock.monotonic() + after_s
        self.hang_up("restarting", code=GOING_AWAY)
        self._nudge.set()

    def power_off(self) -> None:
        """Everything stops in the middle of whatever it was."""
        self.is_powered = False
        self._cut("the power is gone")

    def drop(self) -> None:
        """The network is gone; nothing is dialled until `restore`."""
        self.has_network = False
        self._cut("the network is gone")

    def restore(self) -> None:
        """The network is back: dial at once."""
        self.has_network = True
        self._failures = 0
        self._due_at = min(self._due_at, self._clock.monotonic())
        self._nudge.set()

    def hang_up(self, reason: str, *, code: int = NORMAL) -> None:
        """Close the connection in good order; the next one is dialled at once (or once started up)."""
        if self.link is not None:
            self._is_own_close = True
            self.link.finish(code, reason)

    def _cut(self, reason: str) -> None:
        if self.link is not None:
            self._is_own_close = True
            self.link.connection.abort(reason)
        self._nudge.set()

    @property
    def _is_wanted(self) -> bool:
        return self.is_powered and self.has_network

    # Its life

    async def run(self) -> NoReturn:
        """Dial and serve until cancelled."""
        try:
            while True:
                await self._until_due()
                await self._serve_once()
        finally:
            await self._leave()

    async def _until_due(self) -> None:
        while True:
            self._nudge.clear()
            wait_s = self._due_at - self._clock.monotonic()
            if self._is_wanted and wait_s <= 0:
                return
            timer = self._clock.call_later(wait_s, self._nudge.set) if self._is_wanted else None
            try:
                await self._nudge.wait()
            finally:
                if timer is not None:
                    timer.cancel()

    async def _serve_once(self) -> None:
        try:
            link = await self._dial()
        except ConnectError as error:
            self._failed(error)
            return
        self._failures = 0
        self.trouble = None
        if not self._is_wanted or self._clock.monotonic() < self._due_at:
            link.connection.abort("the station was switched off meanwhile")
            await link.wait_closed()
            return
        if not self._credentials.worked():
            text = "the new password was refused and the one before works: it is back in force"
            self._log.note(Topic.SETTINGS, text, is_trouble=True)
        self.link = link
        self._log.note(Topic.LINK, f"connected, OCPP {self._settings.version.label}")
        self.opened()
        code, reason = await link.wait_closed()
        self.link = None
        self.closed()
        self._lost(code, reason)

    async def _dial(self) -> CsmsLink:
        settings = self._settings
        links: list[CsmsLink] = []

        def receive(connection: Connection) -> CsmsLink:
            link = self._make_link(connection)
            links.append(link)
            return link

        password = self._credentials.candidate()
        self._log.note(Topic.LINK, f"connecting to {settings.url}")
        await connect(
            settings.url,
            receiver=receive,
            subprotocols=[settings.version.subprotocol],
            username=settings.station_id if password is not None else None,
            password=password,
            ssl_context=settings.tls,
            watch=settings.watch or self._own_watch(),
            dial=settings.dial,
        )
        return links[0]

    def _own_watch(self) -> Watch:
        """Pings as WebSocketPingInterval says; 0 means none, and then nobody listens for silence."""
        interval_s = self._variables.number("OCPPCommCtrlr", "WebSocketPingInterval", 30)
        if interval_s <= 0:
            return Watch(Limits(ping_every_s=None, silent_after_s=None), self._wire_clock)
        silent_s = max(SILENT_AT_LEAST_S, SILENT_PINGS * interval_s)
        return Watch(Limits(ping_every_s=interval_s, silent_after_s=silent_s), self._wire_clock)

    def _failed(self, error: ConnectError) -> None:
        if isinstance(error, UpgradeRefusedError) and error.status in NOT_LET_IN:
            self._credentials.refused()
        self.trouble = error
        delay_s = self._back_off()
        self._failures += 1
        text = f"{error}; next attempt in {delay_s:.0f} s"
        self._log.note(Topic.LINK, text, is_trouble=True)

    def _lost(self, code: int, reason: str) -> None:
        if self._is_own_close:
            self._is_own_close = False
            self._log.note(Topic.LINK, f"disconnected: {reason}")
            return
        delay_s = self._back_off()
        self._failures = 1
        text = f"connection lost ({code}: {reason}); next attempt in {delay_s:.0f} s"
        self._log.note(Topic.LINK, text, is_trouble=True)

    def _back_off(self) -> float:
        """Set and say when to dial next (2.0.1 part 4 §5.3)."""
        number = self._variables.number
        rule = BackOff(
            number("OCPPCommCtrlr", "RetryBackOffWaitMinimum", 10),
            number("OCPPCommCtrlr", "RetryBackOffRandomRange", 10),
            int(number("OCPPCommCtrlr", "RetryBackOffRepeatTimes", 5)),
        )
        delay_s = rule.delay_s(self._failures, self._chance.uniform(0.0, 1.0))
        self._due_at = max(self._due_at, self._clock.monotonic() + delay_s)
        return delay_s

    async def _leave(self) -> None:
        """Say goodbye, but not for ever."""
        link, self.link = self.link, None
        if link is None:
            return
        link.connection.close(GOING_AWAY, "switched off")
        try:
            async with self._wire_clock.timeout(HANG_UP_WITHIN_S):
                await link.wait_closed()
        except TimeoutError:
            pass
        finally:
            link.connection.abort("switched off")
        self.closed()
