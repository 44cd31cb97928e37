"""What is noted on a transaction that was stored although something in it is odd.

docs/reference/flags.md says what each means. The findings of the wire (`ocppj.findings`) that its messages
came with are flags too.
"""

from collections.abc import Iterable

CLOCK_UNSET = "clock-unset"
CLOCK_AHEAD = "clock-ahead"
CLOCK_BEHIND = "clock-behind"
CLOCK_WENT_BACK = "clock-went-back"
METER_WENT_BACK = "meter-went-back"
METER_IMPLAUSIBLE = "meter-implausible"
ORPHAN = "orphan"
MATCHED = "matched"
SUPERSEDED = "superseded"
END_MISSING = "end-missing"
ENDED_BY_HAND = "ended-by-hand"
TOKEN_REFUSED = "token-refused"  # noqa: S105 - a flag
START_MISSING = "start-missing"
INCOMPLETE = "incomplete"
AFTER_END = "after-end"
SEQUENCE_RESTARTED = "sequence-restarted"
CONFLICT = "conflict"
ENERGY_UNMEASURED = "energy-unmeasured"
IDLE_UNMEASURED = "idle-unmeasured"
TEST = "test"

_UNMEASURED = {ENERGY_UNMEASURED: "energy", IDLE_UNMEASURED: "idle"}


def unmeasured(flags: Iterable[str]) -> list[str]:
    """The priced components that were not measured, as `charging.tariff.Component` names them."""
    return [_UNMEASURED[flag] for flag in flags if flag in _UNMEASURED]
