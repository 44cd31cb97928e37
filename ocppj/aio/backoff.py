"""How long a station waits before it connects again. Pure: the caller counts failures and brings the chance.

OCPP 2.0.1 part 4 §5.3 (as of the 2025-09 errata): RetryBackOffWaitMinimum, doubled after every failed attempt
at most RetryBackOffRepeatTimes times, plus each time a new random value of at most RetryBackOffRandomRange.
OCPP 1.6 says nothing; its stations here use the same rule with milder numbers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackOff:
    """The three variables of OCPPCommCtrlr; durations in seconds."""

    wait_minimum_s: float
    random_range_s: float
    repeat_times: int

    def delay_s(self, failures: int, chance: float) -> float:
        """Seconds to wait after `failures` failed attempts in a row (0: the connection was lost just now).

        `chance` is uniform in 0 to 1, freshly drawn for each call.
        """
        doublings = min(max(failures, 0), self.repeat_times)
        return float(self.wait_minimum_s * 2**doublings + self.random_range_s * chance)


BACK_OFF_V16 = BackOff(wait_minimum_s=10.0, random_range_s=10.0, repeat_times=4)
BACK_OFF_V201 = BackOff(wait_minimum_s=30.0, random_range_s=30.0, repeat_times=5)


def default_back_off(subprotocol: str) -> BackOff:
    """What a station of that OCPP version does until it is configured otherwise."""
    return BACK_OFF_V16 if subprotocol == "ocpp1.6" else BACK_OFF_V201
