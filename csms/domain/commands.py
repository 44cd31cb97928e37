"""What we ask of stations, and what came of it; free of any OCPP version.

A command ends in exactly one `Outcome`. `UNKNOWN` means: it was sent, then the socket was lost; it is not
repeated.
"""

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ocppj.model.command import Command, CommandAnswer
from ocppj.vocabulary import StationId


@dataclass(frozen=True, slots=True)
class RawCall:
    """Any action of the station's own version, as on the wire: kept and asked like a command.

    `meant` is the command that it is, where it is one: what follows from that follows from the call too.
    """

    action: str
    payload: dict[str, Any] = field(repr=False)
    meant: Command | None = field(default=None, repr=False)


def command_name(command: Command | RawCall) -> str:
    """The name of a command outside: in the API's paths, in news and in its row; of a raw call its action."""
    return command.action if isinstance(command, RawCall) else command.name


class Outcome(enum.Enum):
    """How a command ended; the words of the API (`outcome`)."""

    RESULT = "result"
    """The station answered (which may be a refusal: see `CommandAnswer.is_accepted`)."""
    ERROR = "error"
    """The station answered with a CALLERROR, or with an answer that breaks its schema."""
    TIMEOUT = "timeout"
    OFFLINE = "offline"
    """Never sent: the station has no connection, or is not registered on it yet."""
    ELSEWHERE = "elsewhere"
    """Never sent: another node holds the station's connection."""
    REPLACED = "replaced"
    """The connection was replaced by a newer one while the command was open or waiting."""
    UNKNOWN = "unknown"
    """Sent, then the socket was lost; or what the station said cannot be stored."""
    UNSUPPORTED = "unsupported"
    """The station's OCPP version has no such command; never sent."""
    UNFIT = "unfit"
    """Never sent: a password that no station may be given."""
    BUSY = "busy"
    """Never sent: the station's queue is full, or nothing can be stored."""


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """How a command ended. `payload` is the raw answer for the API; `seq` its place in the wire log."""

    outcome: Outcome
    command_id: str
    answer: CommandAnswer | None = None
    payload: Any = None
    error_code: str | None = None
    error_description: str | None = None
    seq: int | None = None
    is_good: bool = False
    """Of a raw call, which has no `answer`: whether the payload says yes."""
    meant: CommandAnswer | None = None
    """Of a raw call: the answer to the command that it is, where it is one."""
    is_unreadable: bool = False
    """The station answered, and broke the schema: nobody knows what it did."""

    @property
    def is_accepted(self) -> bool:
        """The station answered, and agreed."""
        return self.answer.is_accepted if self.answer is not None else self.is_good

    @property
    def refusal(self) -> str:
        """Why it was not done, in the words of whoever said so."""
        if self.answer is None:
            why = (self.error_code, self.error_description)
            return ": ".join(each for each in why if each) or self.outcome.value
        why = (self.answer.status, self.answer.reason)
        return ": ".join(each for each in why if each)

    @property
    def may_be_done(self) -> bool:
        """Nobody knows whether the station did what it was asked: it may have."""
        return self.is_unreadable or self.outcome in (Outcome.TIMEOUT, Outcome.REPLACED, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CommandEnding:
    """A command has ended; what follows is decided where it is written (`csms.rules.command_ends`).

    `command` and `origin` are None where too many were under way to remember it.
    """

    command_id: str
    station_id: StationId
    command: Command | RawCall | None
    origin: str | None
    outcome: CommandOutcome
    at: datetime

    @property
    def as_command(self) -> "CommandEnding":
        """The same of the command that a raw call is, where it is one."""
        if not isinstance(self.command, RawCall) or self.command.meant is None:
            return self
        outcome = replace(self.outcome, answer=self.outcome.meant)
        return replace(self, command=self.command.meant, outcome=outcome)
