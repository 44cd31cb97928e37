"""A command with a list, in as many messages as the station's limits ask for.

2.x stations say how many items and bytes one message may have (ItemsPerMessage, BytesPerMessage: B05.FR.11,
B06.FR.05, B08.FR.06, D01.FR.11), 1.6 stations how many keys and
entries (GetConfigurationMaxKeys, SendLocalListMaxLength).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ocppj.model.command import Command

FRAME_BYTES = 100
"""Of a CALL around its payload: its number, message id and action, and what keeps them apart."""


class MessageLimits(NamedTuple):
    """What one message of a command may have; None: nobody said."""

    items: int | None = None
    bytes: int | None = None


NO_LIMITS = MessageLimits()


def divided(command: Command, limits: MessageLimits, size: Callable[[Command], int]) -> Sequence[Command]:
    """The messages to send; `size` is the payload's bytes. What does not fit is sent all the same: see
    `too_much`.
    """
    count = len(getattr(command, command.listed)) if command.listed else 0
    if count < 2 or limits == NO_LIMITS or not command.is_divisible:
        return (command,)
    cuts, first = [], 0
    while first < count:
        last = min(first + limits.items, count) if limits.items else count
        while last - first > 1 and _is_long(command.part(first, last), limits, size):
            last = first + (last - first) // 2
        cuts.append((first, last))
        first = last
    return command.parts(cuts)


def too_much(command: Command, limits: MessageLimits, size: Callable[[Command], int]) -> str | None:
    """Why a message, one of `divided`, is more than the station takes at once; None: it is not."""
    count = len(getattr(command, command.listed)) if command.listed else 0
    if count and limits.items and count > limits.items:
        return f"the station takes {limits.items} items in a message, not {count}: {command.listed}"
    if count and _is_long(command, limits, size):
        return f"the station takes {limits.bytes} bytes in a message: {command.listed}"
    return None


def _is_long(command: Command, limits: MessageLimits, size: Callable[[Command], int]) -> bool:
    return limits.bytes is not None and size(command) + FRAME_BYTES > limits.bytes
