"""How much of something a peer may do: a burst, then so much a second. Pure: the caller brings the time."""


class Allowance:
    """`burst` at once, refilled by `per_s` every second."""

    __slots__ = ("_at", "_burst", "_left", "_per_s")

    def __init__(self, burst: float, per_s: float, now: float) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left = burst
        self._at = now

    def take(self, now: float) -> bool:
        """Use one at `now` (seconds of the caller's clock). False: there is none left."""
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
