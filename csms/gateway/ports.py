"""What the gateway needs of the parts beside it; csms/central fills these."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from csms.domain.commands import CommandOutcome, RawCall
from csms.domain.inbound import Inbound
from csms.domain.links import LinkView
from csms.domain.quarantine import QuarantineCause
from ocppj.dividing import MessageLimits
from ocppj.model.command import Command
from ocppj.model.messages import Reply
from ocppj.session import Direction
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, StationId


class MessageStore(Protocol):
    """The durable side (`csms.central.message_writer.MessageWriter`). Futures resolve after the commit.

    A future that fails with `csms.errors.StorageUnavailable` closes the socket with 1013 (architecture §4.5).
    """

    def submit(self, inbound: Inbound, proposal: Reply) -> asyncio.Future[Reply]:
        """Store; resolves to the reply to send, which is the first one again for a retry."""
        ...

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
        """Keep a transaction message that is about to be refused, as it came."""
        ...

    def link_opened(self, link: LinkView) -> asyncio.Future[None]:
        """A link is up."""
        ...

    def link_closed(
        self, station_id: StationId, epoch: Epoch, at: datetime, reason: str
    ) -> asyncio.Future[None]:
        """A link is down; a no-op for any but the newest epoch."""
        ...

    def next_epoch(self) -> asyncio.Future[Epoch]:
        """The number of a new connection, greater than all before, wherever they are."""
        ...


class CommandLog(Protocol):
    """Where every command leaves a row and an event.

    The futures resolve when the row is durable, or fail with `csms.errors.StorageUnavailable`.
    """

    def command_sent(
        self, command_id: str, station_id: StationId, command: Command | RawCall, origin: str, at: datetime
    ) -> asyncio.Future[None]:
        """A command is about to be sent. The row holds no secret."""
        ...

    def command_finished(
        self, command_id: str, station_id: StationId, outcome: CommandOutcome, at: datetime
    ) -> asyncio.Future[None]:
        """A command ended, once and for all. What the station says later is decided after it."""
        ...


class StationLimits(Protocol):
    """How much one message may have (`csms.central.stored_limits.StoredLimits`)."""

    async def limits(self, station_id: StationId, command: Command) -> MessageLimits:
        """As far as the station has reported it. Raises DatabaseProblem."""
        ...


class Whereabouts(Protocol):
    """Where the links are that other processes hold (`csms.central.nodes.Nodes`)."""

    async def links_elsewhere(self, station_ids: Collection[StationId]) -> Mapping[StationId, LinkView]:
        """The links of these stations that other nodes hold. Raises DatabaseProblem."""
        ...


class VersionMemory(Protocol):
    """What stations spoke, over restarts too (`csms.central.records.StoredRecords`)."""

    async def last_version(self, station_id: StationId) -> OcppVersion | None:
        """The OCPP version of the station's last connection; None for a new one."""
        ...


class FrameLog(Protocol):
    """The wire log (`csms.central.wire_log.WireLog`)."""

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
        """Keep a frame as it went over the wire; returns its sequence number. Never waits.

        `monotonic_s` is when its bytes were read from the socket, or given to it.

        `is_heartbeat`: a Heartbeat, or the answer to one: the file may do without.
        """
        ...
