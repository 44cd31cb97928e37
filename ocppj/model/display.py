"""Display messages: what a central system lets a station show, beside what its maker has built in (O)."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from ocppj.model.command import MADE_UP, ONLY_2X, Command, Number
from ocppj.model.reports import MessageKept
from ocppj.versions import OcppVersion

MessagePriority = Literal["AlwaysFront", "InFront", "NormalCycle"]
"""AlwaysFront is alone on the display; InFront comes before the usual cycle."""
MessageState = Literal["Charging", "Faulted", "Idle", "Unavailable", "Suspended", "Discharging"]
"""Of the station, while a message is shown; the last two are 2.1's."""
MessageFormat = Literal["UTF8", "ASCII", "HTML", "URI", "QRCODE"]
"""QRCODE is 2.1's."""
LONGEST_TEXT = 512
"""Characters that every 2.x station takes; 2.1 takes 1024."""
MESSAGES_NAMED_MOST = 50
INSTEAD = "it shows what its configuration keys say, and vendors' messages"


class DisplayMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a station holds it. In further languages (2.1) it is not read."""

    message_id: int
    text: str
    format: str = "UTF8"
    language: str | None = None
    priority: str = "NormalCycle"
    state: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    transaction_id: str | None = None


class SetDisplayMessage(Command, frozen=True, kw_only=True):
    """Show a message on a 2.x station's display; one that it holds under the same id is replaced (O06)."""

    name: ClassVar[str] = "set-display-message"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = INSTEAD

    message_id: Annotated[Number, MADE_UP]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
    priority: MessagePriority = "NormalCycle"
    state: MessageState | None = None
    """None: in any."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    """The station removes it then (O01.FR.07)."""
    transaction_id: Annotated[str, Meta(min_length=1, max_length=36)] | None = None
    """During this transaction; the station removes it at its end (O02.FR.02)."""
    format: MessageFormat = "UTF8"
    language: Annotated[str, Meta(min_length=2, max_length=8)] | None = None
    """An RFC 5646 tag, such as fr-CA (O01.FR.17)."""

    @property
    def message(self) -> DisplayMessage:
        """What the station is to hold."""
        return DisplayMessage(
            message_id=self.message_id,
            text=self.text,
            format=self.format,
            language=self.language,
            priority=self.priority,
            state=self.state,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            transaction_id=self.transaction_id,
        )


class NotifyDisplayMessages(msgspec.Struct, frozen=True):
    """Some of the messages that a station was asked for; `is_last` is false while more follow (O03.FR.04)."""

    request_id: int
    messages: tuple[DisplayMessage, ...]
    is_last: bool = True
    report: MessageKept | None = None
    """The request as it came; who receives it adds that."""


class GetDisplayMessages(Command, frozen=True):
    """Ask a 2.x station which messages it holds; without any condition, for all of them.

    Unknown: it holds none that fits, and none will come (O03.FR.06, O04.FR.02).
    """

    name: ClassVar[str] = "get-display-messages"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = INSTEAD
    brings = (NotifyDisplayMessages,)

    request_id: Annotated[Number, MADE_UP]
    message_ids: Annotated[tuple[Number, ...], Meta(max_length=MESSAGES_NAMED_MOST)] = ()
    priority: MessagePriority | None = None
    state: MessageState | None = None

    @property
    def is_for_all(self) -> bool:
        """Whether it has no condition."""
        return not self.message_ids and self.priority is None and self.state is None


class ClearDisplayMessage(Command, frozen=True):
    """Remove a message from a 2.x station's display; one that holds none of that id says Unknown."""

    name: ClassVar[str] = "clear-display-message"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = INSTEAD

    message_id: Number
