"""Customer information: what a 2.x station knows of a customer, reported and cleared (2.x N09, N10)."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from ocppj.model.command import MADE_UP, ONLY_2X, Command, CommandAnswer, Number
from ocppj.model.reports import MessageKept
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken

REPORT_CHARACTERS = 512
"""Of one part of what a station knows (NotifyCustomerInformationRequest.data)."""


class NotifyCustomerInformation(msgspec.Struct, frozen=True, gc=False):
    """One part of what a station knows of a customer; `is_last` is false while more parts follow.

    `report` is the request as it came; who receives it adds that.
    """

    request_id: int
    seq_no: int
    is_last: bool
    data: str
    generated_at: datetime | None = None
    report: MessageKept | None = None

    def __repr__(self) -> str:
        """What it says is for managers, and for no log."""
        return f"NotifyCustomerInformation({self.request_id}, {self.seq_no}, is_last={self.is_last})"


_Hash = Annotated[str, Meta(min_length=1, max_length=128)]


class CustomerCertificate(msgspec.Struct, frozen=True):
    """By what a customer's certificate is known, by the algorithm of its installation (N09.FR.08)."""

    algorithm: Literal["SHA256", "SHA384", "SHA512"]
    issuer_name_hash: _Hash
    issuer_key_hash: _Hash
    serial_number: Annotated[str, Meta(min_length=1, max_length=40)]


class CustomerInformation(Command, frozen=True, kw_only=True):
    """Have a 2.x station report what it knows of a customer, clear it, or both; but for its local list.

    The customer is named by one of `id_token`, `customer_identifier` and `certificate`.
    """

    name: ClassVar[str] = "customer-information"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "clear its cache with clear-cache, and change its list with send-local-list"
    answer: ClassVar[type[CommandAnswer]] = CommandAnswer
    brings = (NotifyCustomerInformation,)

    request_id: Annotated[Number, MADE_UP]
    """The number under which the report comes."""
    report: bool = True
    clear: bool = False
    id_token: IdToken | None = None
    customer_identifier: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    certificate: CustomerCertificate | None = None

    @property
    def references(self) -> int:
        """By how many of the three the customer is named."""
        named = (self.id_token, self.customer_identifier, self.certificate)
        return sum(each is not None for each in named)
