"""Whether the station of one connection is registered: by its boot, or by what it was before.

OCPP 1.6 §4.2, 2.0.1 part 2 B01 to B03. Until that is known, nothing is sent to the station.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from csms.gateway.backlog import Backlog
from csms.gateway.deadlines import Deadline
from csms.gateway.link_context import LinkContext
from csms.gateway.reception import Reception
from ocppj.aio.allowance import Allowance
from ocppj.aio.connection import Connection
from ocppj.model.boot import BootNotificationResponse
from ocppj.model.messages import Reply, StationMessage
from ocppj.translation import WireCall
from ocppj.vocabulary import RegistrationStatus, StationId

log = structlog.get_logger("csms.link")

BEFORE_ACCEPTED = "before-accepted"


class Registering:
    """`status` is None until a boot was answered or a registration restored; `boots` counts the answers."""

    __slots__ = (
        "_accepted_s",
        "_backlog",
        "_boots_open",
        "_connection",
        "_context",
        "_deadline",
        "_expected",
        "_is_restored",
        "_reception",
        "_settling",
        "_station_id",
        "_useless",
        "boots",
        "status",
    )

    def __init__(
        self, context: LinkContext, connection: Connection, reception: Reception, station_id: StationId
    ) -> None:
        self.status: RegistrationStatus | None = None
        self.boots = 0
        self._boots_open = 0
        self._accepted_s: float | None = None  # since 1970: half the size of a datetime, at every station
        self._backlog: Backlog | None = None  # made for a station that charges: most are idle
        self._context = context
        self._connection = connection
        self._reception = reception
        self._station_id = station_id
        self._expected: set[str] | None = None
        self._is_restored = False
        self._deadline: Deadline | None = None
        self._settling: asyncio.Future[None] | None = None
        self._useless: Allowance | None = None  # made for a station that needs one
        connection.max_message_bytes = context.limits.message_bytes_before_accepted

    @property
    def is_accepted(self) -> bool:
        """Whether it may send everything, and be asked anything."""
        return self.status is RegistrationStatus.ACCEPTED

    @property
    def is_open(self) -> bool:
        """Whether nothing is known yet: neither a boot nor what it was before."""
        return self.status is None and not self._is_restored

    @property
    def is_booting(self) -> bool:
        """Whether a boot is on its way to its answer: until then nothing is asked of the station."""
        return self._boots_open > 0

    @property
    def accepted_at(self) -> datetime | None:
        """From when on it is registered at this connection; None: it is not."""
        return datetime.fromtimestamp(self._accepted_s, UTC) if self._accepted_s is not None else None

    def online_since(self, event: StationMessage, received_at: datetime) -> datetime | None:
        """From when on the station could have sent this at once, where that is known."""
        if self._accepted_s is None:
            return None
        if self._backlog is None:
            self._backlog = Backlog(datetime.fromtimestamp(self._accepted_s, UTC))
        return self._backlog.online_since(event, received_at)

    def boot_came(self) -> None:
        """A boot came in; it may have to wait for its turn."""
        self._boots_open += 1

    def boot_answered(self, reply: Reply) -> None:
        """It has its answer: from now on the station may be asked, also what had to wait for this.

        A boot that is never answered needs no such end: its connection is closed.
        """
        self._boots_open -= 1
        if isinstance(reply, BootNotificationResponse):
            self.boots += 1
            self.register(reply.status)

    def await_boot(self, missing: Callable[[], None]) -> None:
        """Call `missing` if no boot comes in time: many stations reconnect without one (quirk 21)."""
        self._deadline = self._context.deadlines.after(self._context.limits.boot_within_s, missing)

    def register(self, status: RegistrationStatus) -> None:
        """A boot was answered, or a registration restored: from now on the station may be asked."""
        self.status = status
        self._forget_deadline()
        limits = self._context.limits
        self._connection.max_message_bytes = (
            limits.message_bytes if self.is_accepted else limits.message_bytes_before_accepted
        )
        self._useless = None  # what is allowed depends on it
        if self.is_accepted:
            self._expected = None
            self._accepted_s, self._backlog = self._context.clock.now().timestamp(), None
        self._settle()

    async def restore(self) -> None:
        """Go on with the registration it had, if it had one that still holds."""
        status = await self._context.policies.boot.restore(self._station_id)
        self._is_restored = True
        if status is not None:
            self.register(status)
        self._settle()

    async def settled(self) -> None:
        """Wait until it is known whether there is a registration, or the link is gone: seconds."""
        if self.is_open and self._connection.is_open:
            self._settling = self._settling or asyncio.get_running_loop().create_future()
            await asyncio.shield(self._settling)

    def bears(self, kind: str) -> bool:
        """Count a message that serves nothing: refused, or an answer to nothing.

        False: it was one too many, and the station is cut off; what is not answered stays with it. One
        that is accepted and waits for its answers never comes near the limit. Before, it is lower: who may
        not send yet and goes on all the same, many times a second, serves neither of us (2.0.1 B02.FR.09).
        """
        context, now = self._context, self._context.clock.monotonic()
        if self._useless is None:
            self._useless = context.limits.allowance(now, is_accepted=self.is_accepted)
        if self._useless.consume(now):
            return True
        peer = self._connection.peer.address
        log.warning("station_cut_off", station_id=self._station_id, peer=peer, of=kind)
        context.metrics.cut_off[kind,] += 1
        self._connection.cut_off("too many messages that cannot be accepted, or that nobody asked for")
        return False

    def close(self) -> None:
        """The link is gone."""
        self._forget_deadline()
        self._settle()

    # Before it is accepted ----------------------------------------------------------------------------

    def expect(self, wire: WireCall) -> None:
        """A CALL goes out: what it asks the station for is expected, also before it is accepted."""
        expected_before_accept = self._reception.expected_before_accept(wire.action, wire.payload)
        if expected_before_accept and not self.is_accepted:
            self._expected = (self._expected or set()) | set(expected_before_accept)

    def is_expected(self, action: str, findings: list[str]) -> bool:
        """Whether a station that is not accepted may send this: what we asked for, and 1.6's billing data.

        OCPP 2.0.1 B02.FR.09, B03.FR.07 want a SecurityError for everything else, and J-1.6 errata §3.10
        recommends it; but a 1.6 station deletes a transaction message that is refused.
        """
        if self._expected is not None and action in self._expected:
            return True
        if self._reception.keeps_billing_before_accepted and self._reception.is_billing(action):
            findings.append(BEFORE_ACCEPTED)
            return True
        return False

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _settle(self) -> None:
        if self._settling is not None and not self._settling.done():
            self._settling.set_result(None)
