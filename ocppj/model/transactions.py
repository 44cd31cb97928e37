"""TransactionEvent: start, course and end of a transaction; 1.6 has StartTransaction and StopTransaction."""

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from ocppj.model.command import ONLY_2X, Command, CommandAnswer
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ChargingState, IdToken, IdTokenInfo, MeterSample, TransactionEventKind


class TransactionEvent(msgspec.Struct, frozen=True, gc=False):
    """`transaction_id` is None for a 1.6 start: the central system hands it out.

    `meter_wh` is 1.6's meterStart or meterStop. `is_sequenced`: the messages of the transaction have sequence
    numbers (2.x), also where that of this one could not be read. `signed_values` are sampled values with a
    signature as JSON text; `has_cost_details`: the raw message has 2.1's costDetails.
    """

    kind: TransactionEventKind
    transaction_id: str | None
    at: datetime | None
    evse_id: int | None = None
    connector_id: int | None = None
    seq_no: int | None = None
    trigger_reason: str | None = None
    charging_state: ChargingState | None = None
    id_token: IdToken | None = None
    meter_wh: float | None = None
    samples: tuple[MeterSample, ...] = ()
    stopped_reason: str | None = None
    is_offline: bool = False
    remote_start_id: int | None = None
    reservation_id: int | None = None
    is_sequenced: bool = False
    signed_values: tuple[str, ...] = ()
    has_cost_details: bool = False
    phases_used: int | None = None

    @property
    def has_number_of_ours(self) -> bool:
        """Whether its transaction goes by a number that the central system gives out (1.6)."""
        return self.seq_no is None and not self.is_sequenced


class TransactionEventResponse(msgspec.Struct, frozen=True, gc=False):
    """`transaction_id` is what 1.6 is given at the start, empty where none is told; `info` is there where the
    event had an id token.
    """

    transaction_id: str
    info: IdTokenInfo | None = None
    total_cost_micro: int | None = None
    """In micro-units of the currency; 1.6 has no field for it."""


class TransactionStatusAnswer(CommandAnswer, frozen=True):
    """How it is with a transaction. Nobody says so of any one (2.x E14.FR.06): `is_ongoing` is None."""

    is_ongoing: bool | None = None
    has_messages_queued: bool = False
    """Whether the station has yet to send messages of it, or of any."""


class GetTransactionStatus(Command, frozen=True):
    """Ask a 2.x station whether a transaction goes on, and whether messages of it, or of any, wait there."""

    name: ClassVar[str] = "get-transaction-status"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "look at the transaction itself"
    answer: ClassVar[type[CommandAnswer]] = TransactionStatusAnswer

    transaction_id: Annotated[str, Meta(min_length=1, max_length=36)] | None = None
    """None: any."""
