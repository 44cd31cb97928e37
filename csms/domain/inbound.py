"""One message of a station on its way to the database, and what is proposed as its answer."""

from datetime import datetime

import msgspec

from charging.tariff import Tariff
from csms.domain.concurrency import ConcurrencyLimit
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import Epoch, StationId


class Inbound(msgspec.Struct, frozen=True, gc=False):
    """A message of a station: what it says, and what is needed to recognise a retry.

    `digest` is 16 bytes of a hash over action and raw payload; with `message_id` it finds a repeated frame.
    `findings` are slugs of what was tolerated; `raw` is kept when the message goes to quarantine, and also
    when something of it was left out (`left_out`: where and why). `version` is the label of what the station
    speaks. `online_since`: from when on the station could have sent it at once, where that is known.
    `accepted_at`: from when on it is registered at this connection; with statuses only.
    """

    station_id: StationId
    epoch: Epoch
    message_id: str
    digest: bytes
    received_at: datetime
    event: StationMessage
    findings: tuple[str, ...] = ()
    raw: bytes = b""
    online_since: datetime | None = None
    left_out: tuple[str, ...] = ()
    version: str | None = None
    accepted_at: datetime | None = None

    def __repr__(self) -> str:
        """Whose it is, for a log line; what it says belongs into the frame log."""
        return f"<message {self.message_id} of {self.station_id}, {type(self.event).__name__}>"


class PricedResponse(TransactionEventResponse, frozen=True, gc=False):
    """A proposed answer to a start or an end, with the price in force: no station is sent that."""

    tariff: Tariff | None = None
    concurrency: tuple[ConcurrencyLimit, ...] = ()
    """How many transactions its token may have at once."""
    is_test: bool = False
    """It is a test of whoever installs the station: it has no price, and is in no report."""


def tariff_of(reply: Reply) -> Tariff | None:
    """The price that was found before the message is stored; None where charging has none."""
    return reply.tariff if isinstance(reply, PricedResponse) else None


def is_test(reply: Reply) -> bool:
    """Whether the transaction is a test of whoever installs the station."""
    return isinstance(reply, PricedResponse) and reply.is_test


def concurrency_of(reply: Reply) -> tuple[ConcurrencyLimit, ...]:
    """The limits that the token of a transaction is under; none where nothing limits it."""
    return reply.concurrency if isinstance(reply, PricedResponse) else ()
