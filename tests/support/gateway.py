"""A gateway on real sockets; its ports are scripted, its store is memory that can be held up or broken."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from csms.domain.commands import CommandOutcome, RawCall
from csms.domain.inbound import Inbound
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.quarantine import QuarantineCause
from csms.gateway.gateway import Gateway
from csms.gateway.limits import GatewayLimits
from csms.handlers.context import Policies
from csms.ports import Admitted, BootDecision, ConnectionRequest, Denied, IdentityRefused
from ocppj.aio.limits import Limits
from ocppj.aio.server import OcppServer
from ocppj.model.boot import BootNotification
from ocppj.model.command import Command
from ocppj.model.messages import Reply
from ocppj.model.transactions import TransactionEventResponse
from ocppj.session import Direction
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    AuthorizationStatus,
    Epoch,
    IdToken,
    IdTokenInfo,
    RegistrationStatus,
    StationId,
)
from runtime.chance import SeededChance
from runtime.clock import ManualClock, SystemClock
from tests.support.plain_ports import OpenAccess
from tests.support.websocket import WAIT_S, RawStation
from tests.support.wire_station import Answer, WireStation, connected


class MemoryMessageStore:
    """Implements `csms.gateway.ports.MessageStore`: stores at once, unless it is held or has an `error`."""

    def __init__(self) -> None:
        self.stored: list[Inbound] = []
        self.quarantined: list[tuple[StationId, bytes, str, QuarantineCause]] = []
        self.opened: list[LinkView] = []
        self.closed: list[tuple[StationId, Epoch, str]] = []
        self.error: Exception | None = None
        self.is_held = False
        self._held: list[tuple[asyncio.Future[Any], Any]] = []
        self._numbers = itertools.count(1)
        self._epochs = itertools.count(1)
        self._changed = asyncio.Event()

    def submit(self, inbound: Inbound, proposal: Reply) -> asyncio.Future[Reply]:
        """Keep it; a transaction without a number gets the next one."""
        if isinstance(proposal, TransactionEventResponse) and not proposal.transaction_id:
            proposal = replace(proposal, transaction_id=str(next(self._numbers)))
        self.stored.append(inbound)
        return self._done(proposal)

    def quarantine(
        self,
        station_id: StationId,
        epoch: Epoch,
        raw: bytes,
        reason: str,
        received_at: datetime,
        *,
        cause: QuarantineCause,
        version: str,
        was_accepted: bool,
    ) -> asyncio.Future[None]:
        """Keep it."""
        self.quarantined.append((station_id, raw, reason, cause))
        return self._done(None)

    def link_opened(self, link: LinkView) -> asyncio.Future[None]:
        """Keep it."""
        self.opened.append(link)
        return self._done(None)

    def link_closed(
        self, station_id: StationId, epoch: Epoch, at: datetime, reason: str
    ) -> asyncio.Future[None]:
        """Keep it."""
        self.closed.append((station_id, epoch, reason))
        return self._done(None)

    def next_epoch(self) -> asyncio.Future[Epoch]:
        """1, 2, 3 …, whatever else is held."""
        future: asyncio.Future[Epoch] = asyncio.get_running_loop().create_future()
        self._finish(future, Epoch(next(self._epochs)))
        return future

    def release(self) -> None:
        """Store what was held."""
        self.is_held = False
        held, self._held = self._held, []
        for future, value in held:
            self._finish(future, value)

    async def until(self, is_met: Any) -> None:
        """Wait until something that was given to the store makes `is_met()` true."""
        async with asyncio.timeout(WAIT_S):
            while not is_met():
                self._changed.clear()
                await self._changed.wait()

    def _done(self, value: Any) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.is_held:
            self._held.append((future, value))
        else:
            asyncio.get_running_loop().call_soon(self._finish, future, value)
        self._changed.set()
        return future

    def _finish(self, future: asyncio.Future[Any], value: Any) -> None:
        if future.done():
            return
        if self.error is not None:
            future.set_exception(self.error)
        else:
            future.set_result(value)


class ScriptedWhereabouts:
    """Implements `csms.gateway.ports.Whereabouts`: knows what a test says."""

    def __init__(self) -> None:
        self.links: dict[StationId, LinkView] = {}
        self.error: Exception | None = None

    async def links_elsewhere(self, station_ids: Collection[StationId]) -> Mapping[StationId, LinkView]:
        """Those that it knows."""
        if self.error is not None:
            raise self.error
        return {each: self.links[each] for each in station_ids if each in self.links}


class MemoryCommandLog:
    """Implements `csms.gateway.ports.CommandLog`: stores at once, unless it is held or has an `error`."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.is_held = False
        self._held: list[asyncio.Future[None]] = []
        self.sent: list[tuple[str, StationId, Command | RawCall]] = []
        self.origins: list[str] = []
        self.finished: list[tuple[str, CommandOutcome]] = []

    def command_sent(
        self, command_id: str, station_id: StationId, command: Command | RawCall, origin: str, at: datetime
    ) -> asyncio.Future[None]:
        """Keep it."""
        if self.error is None:
            self.sent.append((command_id, station_id, command))
            self.origins.append(origin)
        return self._stored()

    def command_finished(
        self, command_id: str, station_id: StationId, outcome: CommandOutcome, at: datetime
    ) -> asyncio.Future[None]:
        """Keep it."""
        if self.error is None:
            self.finished.append((command_id, outcome))
        return self._stored()

    def release(self) -> None:
        """Store what was held."""
        self.is_held = False
        held, self._held = self._held, []
        for future in held:
            future.set_result(None)

    def _stored(self) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.error is not None:
            future.set_exception(self.error)
        elif self.is_held:
            self._held.append(future)
        else:
            future.set_result(None)
        return future


class MemoryVersions:
    """Implements `csms.gateway.ports.VersionMemory` over what the store has seen."""

    def __init__(self, message_store: MemoryMessageStore) -> None:
        self._message_store = message_store

    async def last_version(self, station_id: StationId) -> OcppVersion | None:
        """That of the last link that was opened."""
        spoken = [link.version for link in self._message_store.opened if link.station_id == station_id]
        return spoken[-1] if spoken else None


class MemoryFrames:
    """Implements `csms.gateway.ports.FrameLog`."""

    def __init__(self) -> None:
        self.kept: list[tuple[StationId, Direction, bytes]] = []
        self.heartbeats: list[bytes] = []

    def record(
        self,
        station_id: StationId,
        epoch: Epoch,
        direction: Direction,
        raw: bytes,
        at: datetime,
        *,
        monotonic_s: float = 0.0,
        is_heartbeat: bool = False,
    ) -> int:
        """Keep it."""
        self.kept.append((station_id, direction, raw))
        if is_heartbeat:
            self.heartbeats.append(raw)
        return len(self.kept)


class PickyResolver:
    """Implements `csms.ports.IdentityResolver`: case aside, all names are good but `nobody`."""

    def resolve(self, identity: str) -> StationId:
        """The identity in lower case."""
        if identity.lower() == "nobody":
            raise IdentityRefused("nobody is no name")
        return StationId(identity.lower())


class ScriptedAdmission:
    """Implements `csms.ports.Admission`: everybody's verdict is the same, unless a password is asked for."""

    def __init__(self) -> None:
        self.verdict: Admitted | Denied = Admitted(LinkSecurity.UNAUTHENTICATED)
        self.passwords: dict[StationId, bytes] = {}
        self.asked: list[ConnectionRequest] = []

    async def admit(self, request: ConnectionRequest) -> Admitted | Denied:
        """As scripted."""
        self.asked.append(request)
        password = self.passwords.get(request.station_id)
        if password is None:
            return self.verdict
        if request.password != password:
            return Denied(401, "credentials_missing" if request.password is None else "credentials_wrong")
        return Admitted(LinkSecurity.BASIC_AUTH)


class ScriptedBoot:
    """Implements `csms.ports.BootPolicy`."""

    def __init__(self) -> None:
        self.decision = BootDecision(RegistrationStatus.ACCEPTED, 300)
        self.restored: RegistrationStatus | None = None
        self.gate: asyncio.Event | None = None
        self.error: Exception | None = None
        self.asked = self.asked_to_restore = 0

    async def decide(self, station_id: StationId, boot: BootNotification) -> BootDecision:
        """As scripted."""
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.decision

    async def restore(self, station_id: StationId) -> RegistrationStatus | None:
        """As scripted."""
        self.asked_to_restore += 1
        return self.restored


class ScriptedTokens:
    """Implements `csms.ports.TokenSource`: all tokens have one verdict; `gate` makes the station wait."""

    def __init__(self) -> None:
        self.status = AuthorizationStatus.ACCEPTED
        self.gate: asyncio.Event | None = None

    async def find(self, id_token: IdToken) -> IdTokenInfo:
        """As scripted."""
        if self.gate is not None:
            await self.gate.wait()
        return IdTokenInfo(self.status)


@dataclass
class GatewaySite:
    """A gateway and everything around it."""

    gateway: Gateway
    server: OcppServer
    port: int
    clock: ManualClock
    message_store: MemoryMessageStore
    commands: MemoryCommandLog
    frames: MemoryFrames
    admission: ScriptedAdmission
    boot: ScriptedBoot
    tokens: ScriptedTokens
    whereabouts: ScriptedWhereabouts
    raw_stations: list[RawStation] = field(default_factory=list)

    def station(
        self,
        station_id: str = "CP1",
        version: str = "1.6",
        *,
        answers: Mapping[str, Answer] | None = None,
        boots: bool = True,
        **options: Any,
    ) -> AbstractAsyncContextManager[WireStation]:
        """A station that connects."""
        url = f"ws://127.0.0.1:{self.port}/ocpp/{station_id}"
        return connected(url, version, answers=answers, boots=boots, **options)

    async def raw(self) -> RawStation:
        """A bare socket."""
        station = RawStation(*await asyncio.open_connection("127.0.0.1", self.port))
        self.raw_stations.append(station)
        return station

    def findings(self, station_id: str = "cp1") -> tuple[str, ...]:
        """What was noted of the live link."""
        link = self.gateway.link(StationId(station_id))
        assert link is not None
        return link.findings


@asynccontextmanager
async def gateway_site(limits: GatewayLimits | None = None) -> AsyncIterator[GatewaySite]:
    """A gateway behind the real OCPP server on a free port, with a clock that stands still."""
    clock, message_store, commands, frames = (
        ManualClock(),
        MemoryMessageStore(),
        MemoryCommandLog(),
        MemoryFrames(),
    )
    admission, boot, tokens = ScriptedAdmission(), ScriptedBoot(), ScriptedTokens()
    whereabouts = ScriptedWhereabouts()
    policies = Policies(
        resolver=PickyResolver(),
        admission=admission,
        boot=boot,
        tokens=tokens,
        authorization=OpenAccess(),
    )
    gateway = Gateway(
        policies=policies,
        message_store=message_store,
        command_log=commands,
        frame_log=frames,
        versions=MemoryVersions(message_store),
        whereabouts=whereabouts,
        node="here",
        clock=clock,
        chance=SeededChance(1),
        limits=limits,
    )
    async with OcppServer(gateway, Limits(close_within_s=1.0), clock=SystemClock()) as server, gateway:
        (listening,) = await server.listen("127.0.0.1", 0)
        site = GatewaySite(
            gateway,
            server,
            listening.port,
            clock,
            message_store,
            commands,
            frames,
            admission,
            boot,
            tokens,
            whereabouts,
        )
        try:
            yield site
        finally:
            for station in site.raw_stations:
                station.abort()
