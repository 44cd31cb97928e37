"""Resets, power cuts and power's return: how a station goes down and comes up again.

What is stored outlives both (`simulator.model.stored_state`). A reset ends transactions and tells so before
it restarts (1.6 §5.14, 2.0.1 B12.FR.04); a power cut ends them silently, and what ended is told when power is
back.
"""

from collections.abc import Callable
from datetime import datetime

from ocppj.vocabulary import BootReason
from runtime.clock import Timer
from simulator.connection.connection_manager import ConnectionKeeper
from simulator.connection.registration import Registration
from simulator.connection.transaction_queue import TransactionQueue
from simulator.model.station_log import Topic
from simulator.station.charging import Charging
from simulator.station.context import StationContext

LAST_WORDS_S = 30.0
"""A reset waits so long at most until the ends of transactions are told."""


class Power:
    """`changed` is called whenever the station has gone down or come up."""

    def __init__(
        self,
        context: StationContext,
        charging: Charging,
        registration: Registration,
        transaction_queue: TransactionQueue,
        connection: ConnectionKeeper,
        *,
        start_s: float,
    ) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.started: Callable[[BootReason], None] = lambda _reason: None
        """Called when the station starts, and why."""
        self.lost_at: datetime | None = None
        """When power went; None while it is there."""
        self._context = context
        self._charging = charging
        self._registration = registration
        self._transaction_queue = transaction_queue
        self._connection = connection
        self._start_s = start_s
        self._reason = BootReason.POWER_UP
        self._restart_due: Timer | None = None
        self._back_due: Timer | None = None
        transaction_queue.emptied = self._all_reported

    @property
    def is_on(self) -> bool:
        """Whether there is power."""
        return self._connection.is_powered

    # Resets

    def restart(self, reason: BootReason) -> None:
        """Start again, once the ends of transactions are told."""
        if self._restart_due is not None or not self.is_on:
            return
        self._context.log.note(Topic.POWER, f"restarting ({reason.value})")
        wait_s = LAST_WORDS_S if self._transaction_queue.entries and self._context.sender.is_free else 0.0
        self._reason = reason
        self._restart_due = self._context.clock.call_later(wait_s, self._restart)

    def _all_reported(self) -> None:
        if self._restart_due is not None:
            self._restart()

    def _restart(self) -> None:
        self._forget_timers()
        self._charging.lose_power()
        self._start(self._reason)

    # Power cuts

    def cut(self, for_s: float | None = None, *, text: str = "the power is gone") -> None:
        """The power goes; it comes back after `for_s`, or when `back` is called."""
        if not self.is_on:
            return
        self._forget_timers()
        self.lost_at = self._context.now()
        self._context.log.note(Topic.POWER, text)
        self._charging.lose_power()
        self._registration.restart(BootReason.POWER_UP)
        self._connection.power_off()
        if for_s is not None:
            self._back_due = self._context.clock.call_later(for_s, self.back)
        self.changed()

    def back(self) -> None:
        """The power is there, for the first time or again."""
        if self.is_on:
            return
        self._forget_timers()
        self._context.log.note(Topic.POWER, "power on")
        self._start(BootReason.POWER_UP)

    def _start(self, reason: BootReason) -> None:
        lost_at, self.lost_at = self.lost_at or self._context.now(), None
        self._registration.restart(reason)
        self.started(reason)
        self._context.variables.restart()
        self._charging.regain_power(lost_at)
        self._connection.start(self._start_s)
        self.changed()

    def _forget_timers(self) -> None:
        for timer in (self._restart_due, self._back_due):
            if timer is not None:
                timer.cancel()
        self._restart_due = self._back_due = None
