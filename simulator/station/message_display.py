"""The messages that a central system lets a station show: held, shown at their time, removed (2.x O).

They outlive a power cut (O01.FR.10). Of what may be shown now AlwaysFront stands alone (O01.FR.15), InFront
comes before the usual cycle (O01.FR.13, .14), NormalCycle is that cycle (O01.FR.12).
"""

from collections.abc import Callable, Collection, Sequence

from ocppj.model.display import DisplayMessage, NotifyDisplayMessages
from runtime.clock import Timer
from simulator.model.connector_states import ConnectorState
from simulator.model.station_log import Topic
from simulator.model.version_variables import DISPLAY, DISPLAY_MESSAGES, STATES
from simulator.station.context import StationContext

ALONE, IN_FRONT, USUAL = "AlwaysFront", "InFront", "NormalCycle"
MESSAGES_PER_REPORT = 4
_SUSPENDED = (ConnectorState.SUSPENDED_EV, ConnectorState.SUSPENDED_EVSE)


class MessageDisplay:
    """One station's display. `changed` is called when it holds something else."""

    def __init__(self, context: StationContext) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.held: dict[int, DisplayMessage] = {}
        """By their number."""
        self._context = context
        self._timer: Timer | None = None

    @property
    def is_there(self) -> bool:
        """Whether the station shows messages, and is to."""
        flag = self._context.variables.flag
        return flag(DISPLAY, "Available") and flag(DISPLAY, "Enabled")

    # What it is asked

    def put(self, message: DisplayMessage) -> str:
        """Hold it, in place of one of its number (O06.FR.01); the status of the answer."""
        refusal = self._refusal(message)
        if refusal is not None:
            return refusal
        kept = dict(self.held)
        if message.priority == ALONE:  # O01.FR.16
            kept = {number: each for number, each in kept.items() if each.priority != ALONE}
        kept[message.message_id] = message
        if len(kept) > self._most:
            return "Rejected"  # O01.FR.11
        self.held = kept
        self._note(f"message {message.message_id} ({message.priority}): {message.text}")
        return "Accepted"

    def remove(self, message_id: int) -> bool:
        """Whether there was one (O05.FR.01, .02)."""
        if self.held.pop(message_id, None) is None:
            return False
        self._note(f"message {message_id} was removed")
        return True

    def find(
        self, message_ids: Collection[int], priority: str | None, state: str | None
    ) -> list[DisplayMessage]:
        """Those that fit all that is asked (O03, O04)."""
        return [
            each
            for each in self.held.values()
            if (not message_ids or each.message_id in message_ids)
            and priority in (None, each.priority)
            and state in (None, each.state)
        ]

    def report(self, request_id: int, found: Sequence[DisplayMessage]) -> None:
        """In parts; all but the last say that more follows (O03.FR.03, .04)."""
        for first in range(0, len(found), MESSAGES_PER_REPORT):
            last = first + MESSAGES_PER_REPORT
            part = NotifyDisplayMessages(request_id, tuple(found[first:last]), last >= len(found))
            self._context.sender.send(part, is_requested=True)

    # What becomes of them

    def settle(self) -> None:
        """Remove what is over: its time has passed, or its transaction has ended (O01.FR.07, O02.FR.02)."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._context.now()
        for each in tuple(self.held.values()):
            is_late = each.ends_at is not None and each.ends_at <= now
            if is_late or not self._goes_on(each.transaction_id):
                del self.held[each.message_id]
                self._note(f"message {each.message_id} is over")
        moments = [at for each in self.held.values() for at in (each.starts_at, each.ends_at)]
        ahead = [at for at in moments if at is not None and at > now]
        if ahead:
            wait_s = (min(ahead) - now).total_seconds()
            self._timer = self._context.clock.call_later(wait_s, self.settle)
        self.changed()

    def shown(self) -> tuple[str, ...]:
        """What stands on the display now; several are shown by turns."""
        if not self.is_there:
            return ()
        now, states = self._context.now(), self._states()
        ready = [
            each
            for each in self.held.values()
            if (each.starts_at is None or each.starts_at <= now)
            and (each.ends_at is None or each.ends_at > now)
            and (each.state is None or each.state in states)
        ]
        for priority in (ALONE, IN_FRONT, USUAL):
            found = tuple(each.text for each in ready if each.priority == priority)
            if found:
                return found
        return ()

    def _refusal(self, message: DisplayMessage) -> str | None:
        """O01.FR.01 to .03, O02.FR.01, .03 to .05."""
        words = self._context.variables.words
        states = words(DISPLAY, "SupportedStates") or STATES
        if not self.is_there:
            return "Rejected"
        if message.priority not in words(DISPLAY, "SupportedPriorities"):
            return "NotSupportedPriority"
        if message.state is not None and message.state not in states:
            return "NotSupportedState"
        if message.format not in words(DISPLAY, "SupportedFormats"):
            return "NotSupportedMessageFormat"
        return None if self._goes_on(message.transaction_id) else "UnknownTransaction"

    def _goes_on(self, transaction_id: str | None) -> bool:
        """A message of no transaction depends on none."""
        running = (each.transaction for each in self._context.connectors.running())
        ids = {each.csms_id or each.transaction_id for each in running if each is not None}
        return transaction_id is None or transaction_id in ids

    def _states(self) -> set[str]:
        """Those that the station is in: one may charge while another is faulted."""
        found = {one.state for one in self._context.connectors.all()}
        states = set()
        if ConnectorState.CHARGING in found:
            states.add("Charging")
        if ConnectorState.FAULTED in found:
            states.add("Faulted")
        if found & set(_SUSPENDED):
            states.add("Suspended")
        if found <= {ConnectorState.UNAVAILABLE}:
            states.add("Unavailable")
        return states or {"Idle"}

    @property
    def _most(self) -> int:
        variable = self._context.variables.find(DISPLAY_MESSAGES)
        return int(variable.maximum) if variable is not None and variable.maximum is not None else 0

    def _note(self, text: str) -> None:
        self._context.log.note(Topic.DISPLAY, text)
