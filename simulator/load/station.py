"""A station that only makes load: it connects, boots, and sends the messages of a story.

It keeps what a thousand of them in one process can afford: no memory of what it was told, no connector, no
timer. The words on the wire are those of the full simulator's.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ocppj.aio.client import connect
from ocppj.aio.connection import Connection
from ocppj.aio.errors import ConnectError, UpgradeRefusedError
from ocppj.aio.watch import Watch
from ocppj.codec import Codec
from ocppj.errors import ErrorKind, wire_code
from ocppj.identity import Toleration
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.messages import Reply, StationMessage
from ocppj.session import Failure, Refused, Request, Response, Session, Stray
from ocppj.translation import Translation, translation_for
from ocppj.translator import ACKNOWLEDGED
from ocppj.vocabulary import BootReason, IdToken, RegistrationStatus
from runtime.clock import Clock
from simulator.load.errors import ServerUnreachableError, StationRefusedError
from simulator.load.mixes import STORIES, Story, StoryContext
from simulator.load.pace import LoadPace
from simulator.load.plan import LoadPlan
from simulator.load.report import ActionFigures, LoadReport

VENDOR, MODEL, FIRMWARE = "Borne", "Load", "1.0.0"
STRAY = "an answer that came too late, or that nothing had asked for"


@dataclass(slots=True, kw_only=True)
class SharedState:
    """What the stations of one process share."""

    plan: LoadPlan
    run_id: str
    """In every message id and transaction id: a second run must not look like a retry of the first."""
    codec: Codec
    clock: Clock
    watch: Watch
    pace: LoadPace
    report: LoadReport
    ended: Callable[[], object]
    """Called whenever a message or a connection has ended."""
    open_calls: int = 0
    connected: int = 0
    is_closing: bool = False


class LoadStation:
    """Implements `ocppj.aio.endpoint.Receiver` and `simulator.load.pace.Paced`."""

    __slots__ = (
        "_boot_ended",
        "_connection",
        "_context",
        "_intended_at",
        "_messages",
        "_reply",
        "_session",
        "_shared",
        "_story",
        "_translation",
        "is_booted",
        "number",
        "station_id",
    )

    def __init__(self, shared: SharedState, number: int) -> None:
        place = shared.plan.first + number
        self.number = number
        self.station_id = shared.plan.station_id(place)
        self.is_booted = False
        self._shared = shared
        self._translation: Translation = translation_for(shared.plan.version)
        self._session = Session(shared.codec)
        self._context = StoryContext(
            shared.clock.now,
            IdToken(f"LOAD{place:08d}"),
            f"{shared.run_id}-{place}",
            _boot(self.station_id),
            begins_charging=place % 2 == 0,
        )
        self._story: Story | None = None
        self._reply: Reply = ACKNOWLEDGED
        self._connection: Connection | None = None
        self._boot_ended: asyncio.Future[str | None] | None = None
        self._messages = 0
        self._intended_at = 0.0

    # Connecting ---------------------------------------------------------------------------------------

    async def join(self) -> None:
        """Connect and boot. Raises ServerUnreachableError and StationRefusedError."""
        timeout_s = self._shared.plan.timeout_s
        try:
            async with self._shared.clock.timeout(timeout_s):
                await self._connect()
                problem = await self._boot()
        except UpgradeRefusedError as error:
            raise StationRefusedError(str(error)) from error
        except ConnectError as error:
            raise ServerUnreachableError(str(error)) from error
        except TimeoutError:
            raise StationRefusedError(f"not booted within {timeout_s:g} s") from None
        if problem is not None:
            raise StationRefusedError(problem)

    async def _connect(self) -> None:
        plan = self._shared.plan
        await connect(
            f"{plan.url.rstrip('/')}/{self.station_id}",
            receiver=self._attach,
            subprotocols=[plan.version.subprotocol],
            username=self.station_id if plan.password is not None else None,
            password=plan.password,
            compression=False,
            watch=self._shared.watch,
        )

    async def _boot(self) -> str | None:
        """Why the server did not accept the boot; None if it did."""
        ended: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._boot_ended = ended
        self._send(self._context.boot, self._shared.clock.monotonic())
        return await ended

    def close(self) -> None:
        """Say goodbye."""
        if self._connection is not None:
            self._connection.close()

    def abort(self) -> None:
        """Be gone at once."""
        if self._connection is not None:
            self._connection.abort()

    def _attach(self, connection: Connection) -> "LoadStation":
        self._connection = connection
        self._shared.connected += 1
        return self

    # Sending ------------------------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        """Booted, connected, and no message of its own is open."""
        connection = self._connection
        is_free = self.is_booted and self._session.open_call is None
        return is_free and connection is not None and connection.is_open

    def send_next(self, intended_at: float) -> None:
        """The story's next message; its latency counts from `intended_at`."""
        if self._story is None:
            self._story = STORIES[self._shared.plan.mix](self._context)
            message = next(self._story)
        else:
            message = self._story.send(self._reply)
        self._send(message, intended_at)

    def _send(self, message: StationMessage, intended_at: float) -> None:
        shared = self._shared
        request = self._translation.request(message)
        if request is None or self._connection is None:
            raise AssertionError(f"{self.station_id} cannot say {message}")
        self._messages += 1
        self._intended_at = intended_at
        shared.open_calls += 1
        text = self._session.call(
            f"{self._context.name}-{self._messages}",
            request.action,
            request.payload,
            deadline=shared.clock.monotonic() + shared.plan.timeout_s,
        )
        self._connection.send(text)

    def check(self, now: float) -> None:
        """Give up the open message once its deadline has passed."""
        expired = self._session.expire(now)
        if expired is not None:
            self._failed(expired.action, f"no answer within {self._shared.plan.timeout_s:g} s", now)

    # Receiving ----------------------------------------------------------------------------------------

    def text_received(self, text: bytes) -> None:
        """An answer, or a CALL of the server."""
        received = self._session.receive(text, lenient=False)
        match received:
            case Response():
                self._answered(received.action, received.message)
            case Failure():
                why = f"{received.code}: {received.description}"
                why = f"an answer that breaks its schema, {why}" if received.is_broken else why
                self._failed(received.action, why, self._shared.clock.monotonic())
            case Request() if not received.is_send:
                code = wire_code(self._shared.plan.version, ErrorKind.NOT_SUPPORTED)
                self._refuse(self._session.refuse(received.message_id, code, "this station only makes load"))
            case Refused() if received.reply is not None:
                self._refuse(received.reply)
            case Stray():
                self._shared.report.failed(STRAY)
            case _:
                pass

    def connection_closed(self, code: int, reason: str) -> None:
        """Nothing more comes."""
        shared = self._shared
        shared.connected -= 1
        if not shared.is_closing:
            shared.report.lost_connections += 1
            why = f"connection lost: {code} {reason}"
            abandoned = self._session.abandon()
            if abandoned is not None:
                self._failed(abandoned.action, why, shared.clock.monotonic())
            else:
                shared.report.failed(why)
        shared.ended()

    def write_paused(self) -> None:
        """One CALL at a time is open: nothing piles up."""

    def write_resumed(self) -> None:
        """Nothing was held back."""

    def noticed(self, toleration: Toleration) -> None:
        """Of no interest to a load run."""

    def _answered(self, action: str, response: object) -> None:
        shared = self._shared
        shared.open_calls -= 1
        self._reply = self._translation.reply(action, response)
        now = shared.clock.monotonic()
        self._figures(action).record(now - self._intended_at)
        if self.is_booted:
            shared.pace.freed(self, now)
        else:
            self._registered(self._reply)
        shared.ended()

    def _failed(self, action: str, why: str, now: float) -> None:
        shared = self._shared
        shared.open_calls -= 1
        self._figures(action).errors += 1
        if self.is_booted:
            shared.report.failed(f"{action}: {why}")
            self._story = None  # it begins anew: what comes next in it may rest on the missing answer
            shared.pace.freed(self, now)
        else:
            self._settle_boot(f"{action}: {why}")
        shared.ended()

    def _registered(self, reply: Reply) -> None:
        """The answer to the first boot."""
        status = reply.status if isinstance(reply, BootNotificationResponse) else RegistrationStatus.REJECTED
        if status is not RegistrationStatus.ACCEPTED:
            self._settle_boot(f"its boot was answered with {status.value}")
            return
        self.is_booted = True
        self._shared.report.booted += 1
        self._settle_boot(None)

    def _settle_boot(self, problem: str | None) -> None:
        if self._boot_ended is not None and not self._boot_ended.done():
            self._boot_ended.set_result(problem)
        self._boot_ended = None

    def _figures(self, action: str) -> ActionFigures:
        report = self._shared.report
        return report.of(action) if self.is_booted else report.boots

    def _refuse(self, reply: bytes) -> None:
        self._shared.report.asked += 1
        if self._connection is not None and self._connection.is_open:
            self._connection.send(reply)


def _boot(station_id: str) -> BootNotification:
    return BootNotification(VENDOR, MODEL, station_id[-25:], FIRMWARE, reason=BootReason.POWER_UP)
