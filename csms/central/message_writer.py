"""The message writer: what stations send becomes durable here, many messages in one commit (ADR 0003).

`submit` puts a message on a bounded queue and gives a future; one task takes what has arrived, lets the
database's writer thread load, decide and write it, and resolves the futures after the commit. While one batch
is being written the next one gathers, so nobody ever waits for a batch to fill.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from csms.central.batch import BatchWriter, Written
from csms.central.write_requests import (
    NOTHING,
    EpochWanted,
    LinkEnd,
    ReadmittedMessage,
    ReportsDue,
    ReservationsDue,
    TransferMoved,
    WriteRequest,
)
from csms.domain.commands import CommandEnding
from csms.domain.inbound import Inbound
from csms.domain.links import LinkView
from csms.domain.quarantine import QuarantineCause, QuarantineDecision
from csms.domain.reviews import EndRequest, ReviewRequest
from csms.domain.station_events import StationEvent
from csms.domain.transfers import TransferNews
from csms.errors import MessageNotStored, StorageUnavailable, WriterBusy, WriterStopped
from csms.rules.rows import QuarantineRow
from csms.rules.state import Decision
from ocppj.model.messages import Reply
from ocppj.vocabulary import Epoch, StationId
from runtime.clock import Clock
from runtime.database import Database
from runtime.errors import DatabaseProblem
from runtime.events import EventBus

log = structlog.get_logger("csms.message_writer")

BATCH_MOST = 128
"""Messages to one commit."""
QUEUE_MOST = 20_000
"""Messages that wait for the writer; beyond, sockets are closed so that stations keep what they have."""
STOP_WITHIN_S = 8.0
"""How long stopping may take: a full queue takes two, a disk that hangs takes for ever."""


class MessageWriter:
    """Implements `csms.gateway.ports.MessageStore`. Run `run()` in a task; `stop()` ends it when all is
    written.

    `committed` is called after each commit, before the news go out; `work_enqueued` after one that has
    requests for durable work.
    """

    def __init__(
        self,
        database: Database,
        bus: EventBus[StationEvent],
        writer: BatchWriter,
        *,
        clock: Clock,
        committed: Callable[[], None],
        work_enqueued: Callable[[], None] = lambda: None,
        queue_most: int = QUEUE_MOST,
    ) -> None:
        self.stored = 0
        """Messages stored since the start."""
        self.batches = 0
        self.failures = 0
        """Messages that were not stored."""
        self.on_superseded: Callable[[StationId, Epoch], object] = lambda *_: None
        """Told, after the answers, of a link that something came over though another process has a newer one
        of its station; the wiring gives it.
        """
        self._database = database
        self._bus = bus
        self._committed = committed
        self._work_enqueued = work_enqueued
        self._queue_most = queue_most
        self._writer = writer
        self._write_requests: deque[WriteRequest] = deque()
        self._arrived = asyncio.Event()
        self._is_stopping = False
        self._ended = asyncio.Event()
        self._batch_began: float | None = None
        self._clock = clock
        self._loop = asyncio.get_running_loop()

    # Journal ------------------------------------------------------------------------------------------

    def submit(self, inbound: Inbound, proposal: Reply) -> asyncio.Future[Reply]:
        """Store; resolves to the reply to send, which is the first one again for a retry."""
        return self._put(inbound, proposal)

    def quarantine(
        self,
        station_id: StationId,
        epoch: Epoch,
        raw: bytes,
        reason: str,
        received_at: datetime,
        *,
        cause: QuarantineCause,
        version: str | None = None,
        was_accepted: bool = True,
    ) -> asyncio.Future[None]:
        """Keep a message that is about to be refused, as it came."""
        row = QuarantineRow(station_id, epoch, raw, reason, received_at, cause, version, was_accepted)
        return self._put(Decision(None, (row,)))

    def readmit(
        self, inbound: Inbound, proposal: Reply, decision: QuarantineDecision
    ) -> asyncio.Future[str | None]:
        """Store a message out of quarantine with the decision; resolves to the objection, if there is one."""
        return self._put(ReadmittedMessage(inbound, decision), proposal)

    def link_opened(self, link: LinkView) -> asyncio.Future[None]:
        """A link is up."""
        return self._put(link)

    def link_closed(
        self, station_id: StationId, epoch: Epoch, at: datetime, reason: str
    ) -> asyncio.Future[None]:
        """A link is down."""
        return self._put(LinkEnd(station_id, epoch, at, reason))

    def review(self, request: ReviewRequest) -> asyncio.Future[None]:
        """A person's decision about a transaction; it is over the transaction as it is when it is written."""
        return self._put(request)

    def end(self, request: EndRequest) -> asyncio.Future[None]:
        """A transaction ends without its station; decided over it as it is when it is written."""
        return self._put(request)

    def expire(self, due: ReservationsDue | ReportsDue) -> asyncio.Future[None]:
        """The time of these has passed; decided over them as they are when it is written."""
        return self._put(due)

    def store(self, decided: Decision | CommandEnding) -> asyncio.Future[None]:
        """Store what is decided already, or what a command's end comes to."""
        return self._put(decided)

    def transfer_news(self, news: TransferNews, at: datetime) -> asyncio.Future[None]:
        """What the server found out of a transfer; decided over it as it is when it is written."""
        return self._put(TransferMoved(news, at))

    def settled(self) -> asyncio.Future[None]:
        """Resolves when all that was accepted before is durable."""
        return self._put(Decision())

    def next_epoch(self) -> asyncio.Future[Epoch]:
        """The number of a new connection, greater than all before, of other processes too."""
        return self._put(EpochWanted())

    # For the other parts of the central system ----------------------------------------------------------

    def note(self, facts: Decision) -> None:
        """Store what is decided already and can be had again, and tell its news. Nobody waits for it: it is
        lost if the process is killed or nothing can be stored.
        """
        if self._is_stopping or len(self._write_requests) >= self._queue_most:
            self.failures += 1
            return
        self._write_requests.append(WriteRequest(facts))
        self._arrived.set()

    @property
    def age_s(self) -> float:
        """For how long the batch that is being written has been; what waits behind it waits longer."""
        return self._clock.monotonic() - self._batch_began if self._batch_began is not None else 0.0

    @property
    def is_full(self) -> bool:
        """Whether it takes nothing more until the writer has caught up."""
        return len(self._write_requests) >= self._queue_most

    @property
    def waiting(self) -> int:
        """How many messages wait for the writer."""
        return len(self._write_requests)

    def _put(
        self,
        subject: Inbound
        | ReadmittedMessage
        | EpochWanted
        | LinkView
        | LinkEnd
        | ReviewRequest
        | EndRequest
        | ReservationsDue
        | ReportsDue
        | TransferMoved
        | CommandEnding
        | Decision,
        proposal: Reply = NOTHING,
    ) -> asyncio.Future[Any]:
        done = self._loop.create_future()
        if self._is_stopping:
            done.set_exception(WriterStopped("the central system is stopping and stores nothing more"))
        elif len(self._write_requests) >= self._queue_most:
            self.failures += 1
            log.error("limit_reached", limit="messages that wait to be stored", most=self._queue_most)
            done.set_exception(WriterBusy(f"{self._queue_most} messages wait to be stored already"))
        else:
            self._write_requests.append(WriteRequest(subject, proposal, done))
            self._arrived.set()
        return done

    # Life ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Write until `stop`; what was accepted before it is written first."""
        try:
            while await self._has_work():
                write_requests = [
                    self._write_requests.popleft() for _ in range(min(len(self._write_requests), BATCH_MOST))
                ]
                self._batch_began = self._clock.monotonic()
                try:
                    await self._write(write_requests)
                except BaseException as error:
                    _fail_all(write_requests, StorageUnavailable(f"nothing was stored: {error!r}"))
                    raise
        finally:
            self._is_stopping = True
            _fail_all(
                self._write_requests, WriterStopped("the message writer has ended before this was stored")
            )
            self._write_requests.clear()
            self._ended.set()

    async def stop(self) -> None:
        """Take nothing more, and return when everything accepted is written, or after STOP_WITHIN_S."""
        self._is_stopping = True
        self._arrived.set()
        try:
            async with self._clock.timeout(STOP_WITHIN_S):
                await self._ended.wait()
        except TimeoutError:
            log.error("stopped_before_all_was_stored", messages=len(self._write_requests))  # noqa: TRY400 - no cause to show

    async def _has_work(self) -> bool:
        self._batch_began = None
        while not self._write_requests:
            if self._is_stopping:
                return False
            self._arrived.clear()
            await self._arrived.wait()
        return True

    async def _write(self, write_requests: Sequence[WriteRequest]) -> None:
        """One commit for all; where that fails, one for each, so that a bad message fails alone."""
        try:
            written = await self._database.run_write(
                partial(self._writer.write, write_requests=write_requests)
            )
        except DatabaseProblem as problem:
            self._fail(write_requests, problem)
        except Exception as error:  # noqa: BLE001 - whatever one message did, the others are stored
            log.warning("batch_failed", messages=len(write_requests), error=repr(error))
            await self._write_each(write_requests)
        else:
            self._finish_batch(write_requests, written)

    def _finish_batch(self, write_requests: Sequence[WriteRequest], written: Written) -> None:
        """It is durable; trouble in telling so costs these requests their answer, no others."""
        try:
            self._finish(write_requests, written)
        except Exception as error:
            self.failures += len(write_requests)
            log.exception("batch_not_finished", messages=len(write_requests))
            _fail_all(write_requests, StorageUnavailable(f"stored, but not answered: {error!r}"))

    async def _write_each(self, write_requests: Sequence[WriteRequest]) -> None:
        for number, write_request in enumerate(write_requests):
            try:
                self._finish([write_request], await self._write_one(write_request))
            except DatabaseProblem as problem:
                self._fail(write_requests[number:], problem)
                return
            except Exception as error:
                self.failures += 1
                log.exception("message_not_stored", station_id=_station_of(write_request))
                write_request.fail(
                    MessageNotStored(f"a message of {_station_of(write_request)} was not stored: {error!r}")
                )

    async def _write_one(self, write_request: WriteRequest) -> Written:
        """Alone; a message that cannot even be stored alone is kept as it came, and answered."""
        run_write = self._database.run_write
        try:
            return await run_write(partial(self._writer.write, write_requests=[write_request]))
        except DatabaseProblem:
            raise
        except Exception as error:
            if not isinstance(write_request.subject, Inbound):
                raise
            log.exception("message_quarantined", station_id=_station_of(write_request))
            return await run_write(
                partial(self._writer.keep_raw, write_request=write_request, reason=f"not stored: {error!r}")
            )

    def _finish(self, write_requests: Sequence[WriteRequest], written: Written) -> None:
        """It is durable: answer first, then tell."""
        self._writer.committed(written)
        self.batches += 1
        self.stored += len(write_requests)
        for write_request, facts in zip(write_requests, written.facts, strict=True):
            write_request.finish(facts)
        for station_id, epoch in written.superseded:
            self._loop.call_soon(self.on_superseded, station_id, epoch)
        if written.enqueues_work:
            self._work_enqueued()
        try:
            self._publish(written.facts)
        except Exception:
            log.exception("not_told")

    def _publish(self, decided: Sequence[Decision]) -> None:
        self._committed()
        publish = self._bus.publish
        for facts in decided:
            for station_event in facts.events:
                publish(station_event)

    def _fail(self, write_requests: Sequence[WriteRequest], problem: DatabaseProblem) -> None:
        self.failures += len(write_requests)
        log.error("not_stored", messages=len(write_requests), error=str(problem))
        _fail_all(write_requests, StorageUnavailable(str(problem)))


def _fail_all(write_requests: Iterable[WriteRequest], error: StorageUnavailable) -> None:
    for write_request in write_requests:
        write_request.fail(error)


def _station_of(write_request: WriteRequest) -> StationId | None:
    subject = write_request.subject
    if isinstance(subject, Decision | EpochWanted | ReservationsDue | ReportsDue | TransferMoved):
        return None
    return subject.station_id
