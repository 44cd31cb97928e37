"""Boot and heartbeat: how a station gets and keeps its place at the central system.

OCPP 1.6 §4.2, 2.0.1 part 2 B01 to B03. Pending: it answers what it is asked and sends nothing by itself until
the interval has passed. Rejected: it is silent until then. An accepted station that merely lost its
connection does not boot again (OCPP-J 1.6 §5.4).
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from ocppj.model.boot import BootNotification, BootNotificationResponse, Heartbeat
from ocppj.model.messages import StationMessage
from ocppj.vocabulary import BootReason, RegistrationStatus
from runtime.clock import Clock, Timer
from simulator.errors import NotConnectedError
from simulator.model.inventory import HEARTBEAT_INTERVAL
from simulator.model.template import StationIdentity
from simulator.model.variables import VariableStore

OWN_INTERVAL_S = 30.0
"""Between two boots when the central system does not say (2.0.1 B02.FR.08), or does not answer."""


class MessageSender(Protocol):
    """How the parts of a station send to the central system."""

    @property
    def is_free(self) -> bool:
        """Whether the station may send what it likes: connected and accepted."""
        ...

    def send(self, message: StationMessage, *, is_requested: bool = False) -> "asyncio.Future[Any] | None":
        """Send a message; the future becomes its `Reply`. None when it must not or cannot be sent now.

        `is_requested`: the central system asked for it, so that a Pending station may send it too.
        """
        ...


def boot_notification(who: StationIdentity, reason: BootReason, vendor_characters: int) -> BootNotification:
    """How a station presents itself, as far as its version has room for it."""
    return BootNotification(
        vendor=who.vendor[:vendor_characters],
        model=who.model[:20],
        serial_number=who.serial[:25],
        firmware_version=who.firmware[:50],
        reason=reason,
    )


class Registration:
    """`status` is None from power on, or a reset, until the first answer."""

    def __init__(
        self,
        sender: MessageSender,
        variables: VariableStore,
        clock: Clock,
        boot_with: Callable[[BootReason], BootNotification],
    ) -> None:
        self.status: RegistrationStatus | None = None
        self.was_accepted = False
        """Ever: such a station may charge while it is offline."""
        self.reason = BootReason.POWER_UP
        self.ready: Callable[[bool], None] = lambda _is_fresh: None
        """Called when messages may go out; True after a boot, False when the connection is back."""
        self.answered: Callable[[BootNotificationResponse], None] = lambda _answer: None
        """Called with each answer to a boot, before anything follows from it."""
        self.failed: Callable[[Exception, float], None] = lambda _error, _again_s: None
        """Called when a boot got no answer that can be used, with when the next one follows."""
        self._sender = sender
        self._variables = variables
        self._clock = clock
        self._boot_with = boot_with
        self._is_connected = False
        self._boot_timer: Timer | None = None
        self._beat_timer: Timer | None = None
        variables.subscribe(self._changed)

    @property
    def is_accepted(self) -> bool:
        """Whether everything may be sent."""
        return self.status is RegistrationStatus.ACCEPTED

    def restart(self, reason: BootReason) -> None:
        """The station has started again and must boot."""
        self._cancel()
        self.status = None
        self.reason = reason

    def link_opened(self) -> None:
        """A connection is there: boot, or go on."""
        self._is_connected = True
        if self.is_accepted:
            self._beat_later()
            self.ready(False)  # noqa: FBT003 - a callback has no names
        elif self._boot_timer is None:
            self.boot()

    def link_closed(self) -> None:
        """Nothing can be sent; a boot that waits for its interval goes on waiting."""
        self._is_connected = False
        if self._beat_timer is not None:
            self._beat_timer.cancel()
            self._beat_timer = None

    def boot(self, reason: BootReason | None = None) -> None:
        """Send a BootNotification now; `reason` counts for this one alone (F06: Triggered)."""
        if self._boot_timer is not None:
            self._boot_timer.cancel()
            self._boot_timer = None
        if not self._is_connected:
            return
        future = self._sender.send(self._boot_with(reason or self.reason), is_requested=True)
        if future is not None:
            future.add_done_callback(self._booted)

    def _booted(self, done: "asyncio.Future[Any]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is not None:
            # The next connection boots by itself.
            if not self.is_accepted and not isinstance(error, NotConnectedError):
                self.failed(error, OWN_INTERVAL_S)  # type: ignore[arg-type] # no task is cancelled by an error
                self._boot_later(OWN_INTERVAL_S)  # quirk 29 is not to do this
            return
        answer: BootNotificationResponse = done.result()
        self.status = answer.status
        self.answered(answer)
        if answer.status is RegistrationStatus.ACCEPTED:
            self._accepted(answer)
        else:
            self._boot_later(float(answer.interval_s) if answer.interval_s > 0 else OWN_INTERVAL_S)

    def _accepted(self, answer: BootNotificationResponse) -> None:
        self.was_accepted = True
        self.reason = BootReason.TRIGGERED  # what a boot is from now on, until the next start
        if answer.interval_s > 0:
            self._variables.put(HEARTBEAT_INTERVAL, str(answer.interval_s))
        self._beat_later()
        self.ready(True)  # noqa: FBT003 - a callback has no names

    def _boot_later(self, seconds: float) -> None:
        if self._beat_timer is not None:
            self._beat_timer.cancel()
            self._beat_timer = None
        self._boot_timer = self._clock.call_later(seconds, self._boot_due)

    def _boot_due(self) -> None:
        self._boot_timer = None
        self.boot()

    def _changed(self, ref: Any, _value: str) -> None:
        if ref == HEARTBEAT_INTERVAL and self._beat_timer is not None:
            self._beat_later()

    def _beat_later(self) -> None:
        if self._beat_timer is not None:
            self._beat_timer.cancel()
            self._beat_timer = None
        interval_s = self._variables.number("OCPPCommCtrlr", "HeartbeatInterval", 300)
        if interval_s > 0:
            self._beat_timer = self._clock.call_later(interval_s, self._beat)

    def _beat(self) -> None:
        self._sender.send(Heartbeat())
        self._beat_later()

    def _cancel(self) -> None:
        for timer in (self._boot_timer, self._beat_timer):
            if timer is not None:
                timer.cancel()
        self._boot_timer = self._beat_timer = None
