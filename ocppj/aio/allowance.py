"""How much of something a peer may do: a burst, then so much a second. Pure: the caller brings the time."""


class Allowance:
    """`burst` at once, refilled by `per_s` every second."""

    __slots__ = ("_at", "_burst", "_left", "_per_s")

    def __init__(self, burst: float, per_s: float, now: float) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left = burst
        self._at = now

    def is_full(self, now: float) -> bool:
        """Whether the whole burst could be used at `now` (seconds of the caller's clock)."""
        self._refill(now)
        return self._left >= self._burst

    def consume(self, now: float) -> bool:
        """Use one at `now`. False: there is none left."""
        self._refill(now)
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def _refill(self, now: float) -> None:
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
