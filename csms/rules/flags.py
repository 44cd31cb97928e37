"""What is noted on a transaction that was stored although something in it is odd (docs/reference/flags.md).

The findings of the wire (`ocppj.findings`) that its messages came with are flags too.
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

MEANINGS = {
    CLOCK_UNSET: "The station gave no time, or one before OCPP existed; the time of reception stands in.",
    CLOCK_AHEAD: "The station's clock was ahead by more than five minutes; the time of reception stands in.",
    CLOCK_BEHIND: "A time was too old to be true; the time of reception stands in.",
    CLOCK_WENT_BACK: "It ended before it started; the times of reception tell how long it was.",
    METER_WENT_BACK: "The meter ended below its start or its peak; only the energy that is proven counts.",
    METER_IMPLAUSIBLE: "A reading of the meter that no EVSE can have reached; the others count, it does not.",
    ORPHAN: "A 1.6 station named a transaction number that was never given out; nobody knows its start.",
    MATCHED: "A 1.6 message named none of our transactions; it went to the only one open that fitted.",
    SUPERSEDED: "A new one started on the EVSE before its end came; it ended with its last reading.",
    END_MISSING: "Its end never came, and the station has moved on; it ended with its last reading.",
    ENDED_BY_HAND: "A person ended it; who and why stands with its reviews.",
    TOKEN_REFUSED: "It started although its id token was not accepted.",
    START_MISSING: "Messages of a 2.x transaction came, its start did not (yet).",
    INCOMPLETE: "It has ended, and a sequence number is missing (allowed: 2.0.1 E04.FR.07).",
    AFTER_END: "Something came that is later than the end; its samples are kept, they do not count.",
    SEQUENCE_RESTARTED: "The station gave new events sequence numbers that it had used before.",
    CONFLICT: "A message contradicted one that was stored before; it is in quarantine, the first one counts.",
    ENERGY_UNMEASURED: "Energy has a price, and the station told no register; the cost is without it.",
    IDLE_UNMEASURED: "Idle time has a price, and the station never told whether it charges: none is billed.",
}
"""Each flag, for people."""

_UNMEASURED = {ENERGY_UNMEASURED: "energy", IDLE_UNMEASURED: "idle"}


def unmeasured(flags: Iterable[str]) -> list[str]:
    """The priced components that were not measured, as `charging.tariff.Component` names them."""
    return [_UNMEASURED[flag] for flag in flags if flag in _UNMEASURED]
