"""What a command is: something that a central system asks of a station, and what the station answers.

A command is one class: its name outside, its arguments, the versions that have it, the class of its answer.
The central system writes it and reads the answer, a simulated station the other way round; how a version says
it is in `ocppj/v16|v2x|v201|v21/<block>.py`. Bounds of the arguments are what we take from people; what a
station of ours is asked is not held against them.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar, TypeVar

import msgspec

from ocppj.versions import OcppVersion

EVERY_VERSION = frozenset(OcppVersion)
ONLY_2X = frozenset({OcppVersion.V201, OcppVersion.V21})
GREATEST_NUMBER = 2**31 - 1
"""Integers of OCPP are 32 bits wide."""
Number = Annotated[int, msgspec.Meta(ge=0, le=GREATEST_NUMBER)]
"""Of an EVSE, a connector, a request."""
MADE_UP = msgspec.Meta(extra={"made_up": True})
"""On an argument that people may leave out: the server makes up a number."""
INSIDE = msgspec.Meta(extra={"inside": True})
"""On an argument that is not asked of people: its default is what they get."""


def outside_name(name: str) -> msgspec.Meta:
    """On an argument that people know by another name."""
    return msgspec.Meta(extra={"outside_name": name})


class CommandAnswer(msgspec.Struct, frozen=True):
    """A station's answer. `status` is a word of the station's own version, the rest its statusInfo (2.x)."""

    status: str = "Accepted"
    reason_code: str | None = None
    additional_info: str | None = None

    good: ClassVar[frozenset[str]] = frozenset({"Accepted"})
    """The words by which a station agrees."""

    @property
    def is_accepted(self) -> bool:
        """Whether the station agreed."""
        return self.status in self.good

    @property
    def reason(self) -> str | None:
        """Why, as far as the station says it."""
        return ": ".join(part for part in (self.reason_code, self.additional_info) if part) or None


Answer = TypeVar("Answer", bound=CommandAnswer)


def first_with_reason(answers: Sequence[Answer]) -> Answer:
    """Of the answers to the parts of one command, the first that gives a reason: it stands for all."""
    return next((each for each in answers if each.reason_code is not None), answers[0])


class ScheduledAnswer(CommandAnswer, frozen=True):
    """The answer to what may have to wait until a transaction has ended."""

    good: ClassVar[frozenset[str]] = frozenset({"Accepted", "Scheduled"})


class Command(msgspec.Struct, frozen=True):
    """One thing to ask of a station."""

    name: ClassVar[str]
    """Outside: in the API's paths, on the command line, in scenarios."""
    versions: ClassVar[frozenset[OcppVersion]] = EVERY_VERSION
    instead: ClassVar[str] = ""
    """What to do where a version has no such command."""
    answer: ClassVar[type[CommandAnswer]] = CommandAnswer
    listed: ClassVar[str] = ""
    """The field whose items a station bounds in a message (ItemsPerMessage, BytesPerMessage)."""
    is_divisible: ClassVar[bool] = True
    """Of one with a list: whether several messages can ask for it (`parts`)."""
    bounded_by: ClassVar[str] = "DeviceDataCtrlr"
    """Of one with a list: the component whose ItemsPerMessage and BytesPerMessage bound it; their instance is
    the command's name, unless the component has no other."""
    ends_when_refused: ClassVar[bool] = False
    """Of one in several messages: what a station refuses makes the rest needless."""
    brings: ClassVar[tuple[type[msgspec.Struct] | str, ...]] = ()
    """Messages that a station sends because of it; the wire's name of one that the model lacks. Of a command
    with a `request_id` the first one bears that number, and brings its result."""

    def part(self, first: int, last: int) -> "Command":  # noqa: ARG002 - most have no list
        """The same with some of what is listed; of one without a list itself."""
        return self

    def parts(self, cuts: Sequence[tuple[int, int]]) -> Sequence["Command"]:
        """The messages that ask for it together, each with some of what is listed."""
        return [self.part(first, last) for first, last in cuts]

    @classmethod
    def lacking_reason(cls, version: OcppVersion) -> str | None:
        """Why no station of this version can be asked this; None: it can."""
        if version in cls.versions:
            return None
        return f"OCPP {version.label} has no {cls.__name__}" + (f": {cls.instead}" if cls.instead else "")
