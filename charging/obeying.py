"""Whether a station keeps to a limit: what its meter says against what may flow. Pure.

A limit is obeyed some time after it began: a car may take a minute to follow. What was metered before that
says nothing. The voltage of the area is assumed where limits are in amperes, so a tenth above is within it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

TIME_TO_OBEY = timedelta(seconds=60)
"""After a limit began: an IEC 61851 car follows within seconds, metering comes each minute or so."""
TOLERANCE = 0.1
"""Above the limit: the voltage may be a tenth higher than the one assumed (EN 50160)."""
TOLERANCE_W = 150.0
"""What a station uses itself, and what its meter errs."""


class Obedience(StrEnum):
    """What a reading says of a limit."""

    OBEYED = "obeyed"
    EXCEEDED = "exceeded"
    UNSAID = "unsaid"
    """There is no limit, nothing was metered, or it is too early to tell."""


class LimitStep(NamedTuple):
    """From `since` on so much may flow, in all; None: nobody limits it."""

    since: datetime
    watts: float | None


def obedience(steps: Iterable[LimitStep], power_w: float | None, metered_at: datetime | None) -> Obedience:
    """By the highest limit of the time in which a station may still have followed an earlier one.

    `steps` are in order; what was allowed before the first of them is not known.
    """
    if power_w is None or metered_at is None:
        return Obedience.UNSAID
    known = [each for each in steps if each.since <= metered_at]
    begun = [each for each in known if each.since <= metered_at - TIME_TO_OBEY]
    if not begun:
        return Obedience.UNSAID
    counts = [begun[-1], *known[len(begun) :]]
    limits = [each.watts for each in counts if each.watts is not None]
    if len(limits) < len(counts):
        return Obedience.UNSAID
    return Obedience.EXCEEDED if power_w > most_tolerated(max(limits)) else Obedience.OBEYED


def most_tolerated(limit_w: float) -> float:
    """Above, a limit is exceeded."""
    return limit_w * (1 + TOLERANCE) + TOLERANCE_W
