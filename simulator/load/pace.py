"""When each station sends its next message.

`ClosedLoop`: when its last one was answered. A server that stalls is then asked less, so its stall is one
slow answer in the figures and not the thousands that would have waited: the rate is what is measured.

`FixedRate`: at times that are fixed before the run, whatever the server does. A message whose time comes
while its station still waits for an answer goes out late, and its latency counts from the time when it
should have gone: no coordinated omission, the latency is what is measured.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from runtime.clock import Clock
from runtime.surviving import Recurring, attempt

TICK_S = 0.001
FAILED = "load_station_failed"
"""One station's trouble in the log: the others go on."""


class Paced(Protocol):
    """A station that sends when told to."""

    number: int
    """Its place among the stations of its run, from 0."""

    @property
    def is_idle(self) -> bool:
        """Connected, and no message of its own is open."""
        ...

    def send_next(self, intended_at: float) -> None:
        """Send the next message; its latency counts from `intended_at`."""
        ...


class LoadPace(Protocol):
    """Tells stations when to send."""

    def start(self, stations: Sequence[Paced]) -> None:
        """From now on."""
        ...

    def freed(self, station: Paced, now: float) -> None:
        """The station's message was answered or has failed."""
        ...

    def stop(self) -> None:
        """No new messages become due."""
        ...

    @property
    def owed(self) -> int:
        """Messages whose time has come and that were not sent yet."""
        ...


class ClosedLoop:
    """The next message follows the answer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._is_running = False

    def start(self, stations: Sequence[Paced]) -> None:
        """Each one sends its first."""
        self._is_running = True
        for station in stations:
            attempt(self._begin, station, event=FAILED, number=station.number)

    def _begin(self, station: Paced) -> None:
        if station.is_idle:
            station.send_next(self._clock.monotonic())

    def freed(self, station: Paced, now: float) -> None:
        """Its turn again."""
        if self._is_running and station.is_idle:
            station.send_next(now)

    def stop(self) -> None:
        """The answers that are still to come end the run."""
        self._is_running = False

    @property
    def owed(self) -> int:
        """Nothing is ever due before it is sent."""
        return 0


class FixedRate:
    """Message `m` of a run is due at its start plus `m / rate`, and belongs to station `m` modulo their
    number.
    """

    def __init__(self, rate: float, clock: Clock, lagged: Callable[[float], object]) -> None:
        self._rate = rate
        self._clock = clock
        self._lagged = lagged
        """Told how late each message leaves whose station was ready for it: that is this program's fault."""
        self._stations: Sequence[Paced] = ()
        self._sent: list[int] = []
        self._began = 0.0
        self._due = 0
        self._ticking = Recurring(clock, TICK_S, self._send_due, name="pace")

    def start(self, stations: Sequence[Paced]) -> None:
        """The first message is due now."""
        self._stations = stations
        self._sent = [0] * len(stations)
        self._began = self._clock.monotonic()
        self._ticking.start()

    def freed(self, station: Paced, now: float) -> None:  # noqa: ARG002 - what is due was found at its time
        """Send what the station owes."""
        self._send(station)

    def stop(self) -> None:
        """What is due until now is still sent."""
        if self._ticking.is_running:
            self._ticking.stop()
            self._send_due()

    @property
    def owed(self) -> int:
        """Messages whose time has come and that were not sent yet."""
        return self._due - sum(self._sent)

    def _send_due(self) -> None:
        due = int((self._clock.monotonic() - self._began) * self._rate) + 1
        first, self._due = self._due, due
        for message in range(first, due):
            station = self._stations[message % len(self._stations)]
            attempt(self._is_due, station, message, event=FAILED, number=station.number)

    def _is_due(self, station: Paced, message: int) -> None:
        if station.is_idle:
            self._lagged(self._clock.monotonic() - self._began - message / self._rate)
            self._send(station)

    def _send(self, station: Paced) -> None:
        """The station's oldest message that is due, unless it still waits for an answer."""
        message = station.number + self._sent[station.number] * len(self._stations)
        if message < self._due and station.is_idle:
            self._sent[station.number] += 1
            station.send_next(self._began + message / self._rate)
