"""What a step expects: an event in neutral words, or a frame, as patterns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.patterns import Difference, Pattern, PatternError, compile_pattern
from simulator.scenario.conversation import SeenEvent, SeenFrame
from simulator.scenario.model import VERSIONS
from simulator.scenario.vocabulary import EVENTS

FRAME_KINDS = ("call", "result", "error")
FRAME_KEYS = ("call", "result", "error", "from", "match")
SENDERS = ("station", "csms")


@dataclass(frozen=True, slots=True)
class EventWanted:
    """An event whose fields fit."""

    name: str
    pattern: Pattern

    def differences(self, seen: SeenEvent | SeenFrame) -> Iterator[Difference] | None:
        """None for what is no such event at all."""
        if not isinstance(seen, SeenEvent) or (self.name in EVENTS and seen.name != self.name):
            return None
        return self.pattern.differences(seen.fields)

    @property
    def title(self) -> str:
        """For people."""
        return self.name


@dataclass(frozen=True, slots=True)
class FrameWanted:
    """A frame of an action, with a payload that fits."""

    kind: str
    action: str
    sender: str | None
    pattern: Pattern | None

    def differences(self, seen: SeenEvent | SeenFrame) -> Iterator[Difference] | None:
        """None for what is no such frame at all."""
        if not isinstance(seen, SeenFrame) or seen.kind != self.kind or seen.action != self.action:
            return None
        if self.sender is not None and seen.sender != self.sender:
            return None
        return self.pattern.differences(seen.payload) if self.pattern is not None else iter(())

    @property
    def title(self) -> str:
        """For people."""
        sender = f" from the {self.sender}" if self.sender else ""
        return f"{self.kind} {self.action}{sender}"


Wanted = EventWanted | FrameWanted


def by_version(body: Mapping[str, Any]) -> bool:
    """Whether a body holds one body for each version."""
    return bool(body) and all(key in VERSIONS for key in body)


def wanted_of(body: Mapping[str, Any]) -> Wanted:
    """What a body of one version expects. Raises PatternError, with the path in the body."""
    kinds = [key for key in FRAME_KINDS if key in body]
    if "event" in body:
        return EventWanted(str(body["event"]), compile_pattern(dict(body)))
    if len(kinds) != 1:
        rule = "expect an `event`, or one of `call`, `result` and `error` with an action"
        raise PatternError((), rule)
    for key in body:
        if key not in FRAME_KEYS:
            raise PatternError((key,), f"a frame has {', '.join(FRAME_KEYS)}, not `{key}`")
    action, sender = body[kinds[0]], body.get("from")
    if not isinstance(action, str) or not action:
        raise PatternError((kinds[0],), "this is the name of an action, such as BootNotification")
    if sender is not None and sender not in SENDERS:
        raise PatternError(("from",), f"a frame comes from {' or '.join(SENDERS)}")
    pattern = None
    if "match" in body:
        try:
            pattern = compile_pattern(body["match"])
        except PatternError as error:
            raise PatternError(("match", *error.path), error.rule) from None
    return FrameWanted(kinds[0], action, sender, pattern)


def is_fit(wanted: Wanted, seen: SeenEvent | SeenFrame) -> bool:
    """Whether this is what was wanted."""
    found = wanted.differences(seen)
    return found is not None and next(found, None) is None
