"""Whether a station is still sending what it kept while it was out of reach (1.6 §4.10, 2.x E13).

Thousands of messages over a slow modem take hours, and what happens meanwhile waits behind them: it comes
late although the station is connected, and its clock is right.
"""

from datetime import datetime, timedelta

from ocppj.model.availability import StatusNotification
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.transactions import TransactionEvent

FRESH_WITHIN = timedelta(minutes=5)
"""Between what happened and its message; stations set their clocks once a day, or less."""
PAUSE = timedelta(minutes=10)
"""A station that tells nothing of transactions for so long has sent all: it tries again sooner (1.6 §4.8)."""


class Backlog:
    """Of one link, from when on the station is accepted."""

    __slots__ = ("_is_clock_right", "_is_sent", "_online_since", "_sent_until")

    def __init__(self, now: datetime) -> None:
        self._online_since = self._sent_until = now
        self._is_clock_right = False
        self._is_sent = False

    def online_since(self, event: StationMessage, received_at: datetime) -> datetime | None:
        """From when on the station could have sent this at once; None while that cannot be said.

        Messages of transactions come in their order, others when they happen: a status of just now shows that
        the clock is right, and that old messages are those that were kept.
        """
        if self._is_sent:
            return self._online_since
        match event:
            case StatusNotification():
                self._is_clock_right = self._is_clock_right or _is_fresh(event.at, received_at)
            case TransactionEvent() if _is_fresh(event.at, received_at):
                self._all_is_sent(received_at)
            case TransactionEvent() | MeterValues():
                if received_at - self._sent_until > PAUSE:
                    self._all_is_sent(self._sent_until)
                self._sent_until = received_at
        return None if self._is_clock_right and not self._is_sent else self._online_since

    def _all_is_sent(self, at: datetime) -> None:
        self._is_sent, self._online_since = True, at


def _is_fresh(at: datetime | None, received_at: datetime) -> bool:
    return at is not None and abs(received_at - at) <= FRESH_WITHIN
