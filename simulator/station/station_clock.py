"""A station's own wall clock: set by its central system, and as fast or slow as the clock it was given."""

from datetime import datetime, timedelta

from runtime.clock import Clock


class StationClock:
    """The answer to a boot sets it (OCPP 1.6 §4.2, 2.0.1 B01.FR.06), but never back.

    A clock that runs faster than real time would else live through the same hours twice.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = timedelta()
        self._is_set = False

    def now(self) -> datetime:
        """What the station believes."""
        return self._clock.now() + self._ahead

    def set(self, at: datetime) -> None:
        """It is `at` now, or later."""
        self._ahead = max(self._ahead, at - self._clock.now()) if self._is_set else at - self._clock.now()
        self._is_set = True
