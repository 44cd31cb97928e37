"""What waits for the writer."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from csms.domain.events import Acknowledged, Inbound, Reply
from csms.domain.links import LinkView
from csms.domain.reviews import ReviewRequest
from csms.rules.state import Facts
from ocppj.vocabulary import Epoch, StationId


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """A link is down."""

    station_id: StationId
    epoch: Epoch
    at: datetime
    reason: str


NOTHING = Acknowledged()


class Job(msgspec.Struct):
    """One thing to record: a message, a link's beginning or end, a person's decision, or facts that are
    decided already.

    `proposal` belongs to messages. `done` gets the reply, if there is one, after the commit; where it is
    None, nobody waits.
    """

    subject: Inbound | LinkView | LinkEnd | ReviewRequest | Facts
    proposal: Reply = NOTHING
    done: asyncio.Future[Any] | None = None

    def finish(self, reply: Reply | None) -> None:
        """It is durable."""
        if self.done is not None and not self.done.done():
            self.done.set_result(reply)

    def fail(self, error: Exception) -> None:
        """Nothing of it is stored."""
        if self.done is not None and not self.done.done():
            self.done.set_exception(error)
