"""What waits for the writer."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec

from csms.domain.commands import CommandEnding
from csms.domain.inbound import Inbound
from csms.domain.links import LinkView
from csms.domain.quarantine import QuarantineDecision
from csms.domain.reviews import EndRequest, ReviewRequest
from csms.domain.transfers import TransferNews
from csms.rules.reports import OverdueReport
from csms.rules.rows import EpochRow
from csms.rules.state import Decision
from ocppj.model.messages import Acknowledged, Reply
from ocppj.vocabulary import Epoch, StationId


@dataclass(frozen=True, slots=True)
class EpochWanted:
    """A connection needs a number."""


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """A link is down."""

    station_id: StationId
    epoch: Epoch
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ReadmittedMessage:
    """A message out of quarantine, and who decided to take it in."""

    inbound: Inbound
    decision: QuarantineDecision

    @property
    def station_id(self) -> StationId:
        """Whose it is."""
        return self.inbound.station_id


@dataclass(frozen=True, slots=True)
class ReservationsDue:
    """The time of these has passed: station, number, command."""

    keys: tuple[tuple[StationId, int, str], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportsDue:
    """Of these no more came in time."""

    reports: tuple[OverdueReport, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class TransferMoved:
    """The server found out something of a transfer."""

    news: TransferNews
    at: datetime


NOTHING = Acknowledged()


class WriteRequest(msgspec.Struct):
    """One thing to record: a message, a link's number, beginning or end, a person's decision, or a decision
    that was taken already.

    `proposal` belongs to messages. `done` gets the reply, if there is one, after the commit (of what is taken
    in: the objection; of a connection: its number); where it is None, nobody waits.
    """

    subject: (
        Inbound
        | ReadmittedMessage
        | EpochWanted
        | LinkView
        | LinkEnd
        | ReviewRequest
        | EndRequest
        | CommandEnding
        | ReservationsDue
        | ReportsDue
        | TransferMoved
        | Decision
    )
    proposal: Reply = NOTHING
    done: asyncio.Future[Any] | None = None

    def finish(self, decision: Decision) -> None:
        """It is durable."""
        if self.done is not None and not self.done.done():
            self.done.set_result(self._result(decision))

    def _result(self, decision: Decision) -> Reply | Epoch | str | None:
        subject = self.subject
        if isinstance(subject, ReadmittedMessage):
            return decision.objection
        return (
            cast("EpochRow", decision.rows[0]).epoch if isinstance(subject, EpochWanted) else decision.reply
        )

    def fail(self, error: Exception) -> None:
        """Nothing of it is stored."""
        if self.done is not None and not self.done.done():
            self.done.set_exception(error)
