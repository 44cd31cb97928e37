"""What a station's display shows of the cost of charging: so far, in all, or that it is not known (2.x I).

A cost comes with the answer to a transaction message (I02.FR.04, I03.FR.03) or in a message of its own
(I02.FR.03); 1.6 knows the latter only. It is shown until the next driver charges there, or the power fails.
"""

from collections.abc import Callable
from dataclasses import dataclass

from charging.tariff.money import amount_text
from ocppj.model.transactions import TransactionEventResponse
from simulator.connection.transaction_queue import TransactionQueue
from simulator.model.evse import Evse
from simulator.model.station_log import Topic
from simulator.model.stored_state import KeptMessage
from simulator.station.context import StationContext

CONTROLLER = "TariffCostCtrlr"
USUAL_CURRENCY = "CAD"


@dataclass(frozen=True, slots=True)
class ShownCost:
    """What stands on the display for an EVSE. `cost_micro` is None where only a text is known."""

    cost_micro: int | None
    text: str
    is_final: bool = False


class CostDisplay:
    """One station's display of costs. `changed` is called when it shows something else."""

    def __init__(self, context: StationContext, transaction_queue: TransactionQueue) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.shown: dict[int, ShownCost] = {}
        """By EVSE."""
        self._ended: dict[int, str] = {}
        """The last transaction of each EVSE that is over, as the central system calls it."""
        self._context = context
        self._then = transaction_queue.answered
        transaction_queue.answered = self._answered

    @property
    def is_there(self) -> bool:
        """Whether the station shows costs, and is to."""
        flag = self._context.variables.flag
        return flag(CONTROLLER, "Available", "Cost") and flag(CONTROLLER, "Enabled", "Cost")

    def show_running(self, transaction_id: str, cost_micro: int) -> bool:
        """What a transaction costs so far; whether it runs here, as the central system calls it."""
        evse = self._evse_of(transaction_id)
        if evse is None or not self.is_there:
            return False
        self._show(evse.evse_id, ShownCost(cost_micro, f"{self._amount(cost_micro)} so far"))
        return True

    def show_final_of(self, transaction_id: str, cost_micro: int, more: str) -> bool:
        """What a transaction has cost that is over here; whether its driver can still be there."""
        ended = next((evse_id for evse_id, each in self._ended.items() if each == transaction_id), None)
        if ended is None or not self.is_there or not self._is_driver_there(ended):
            return False
        self.show_final(ended, cost_micro, more)
        return True

    def show_price(self, text: str, id_token: str | None) -> bool:
        """A driver's own price; without a token that of whoever charges, if anybody does."""
        if id_token is None and not self._context.connectors.running():
            return False
        self._context.log.note(Topic.CHARGING, f"the price for {id_token or 'the driver'}: {text}")
        return True

    def show_final(self, evse_id: int, cost_micro: int, more: str = "") -> None:
        """What a transaction has cost."""
        text = f"{self._amount(cost_micro)} in all"
        self._show(evse_id, ShownCost(cost_micro, f"{text}: {more}" if more else text, is_final=True))

    def transaction_ended(self, evse: Evse, *, is_online: bool) -> None:
        """I05.FR.02: where nobody can say what it has cost, the driver reads the text that was set for it."""
        text = self._context.variables.text(CONTROLLER, "TotalCostFallbackMessage")
        if self.is_there and not is_online and text:
            self._show(evse.evse_id, ShownCost(None, text, is_final=True))

    def clear(self) -> None:
        """The power is gone."""
        self.shown.clear()

    def _answered(self, message: KeptMessage, verdict: TransactionEventResponse | None) -> None:
        if message.is_start:
            self.shown.pop(message.evse_id, None)
        if message.is_end:
            self._ended[message.evse_id] = message.csms_id or message.transaction_id
        cost_micro = verdict.total_cost_micro if verdict is not None else None
        if cost_micro is not None and self.is_there:
            if not message.is_end:
                self.show_running(message.csms_id or message.transaction_id, cost_micro)
            elif not message.is_offline and self._is_driver_there(message.evse_id):
                self.show_final(message.evse_id, cost_micro)
        self._then(message, verdict)

    def _is_driver_there(self, evse_id: int) -> bool:
        """I03.FR.05: who left the bay has left already; nor does the cost of one concern the next."""
        evse = self._context.connectors.evses.get(evse_id)
        stop_points = self._context.variables.words("TxCtrlr", "TxStopPoint")
        return evse is not None and evse.transaction is None and "ParkingBayOccupancy" not in stop_points

    def _evse_of(self, transaction_id: str) -> Evse | None:
        for evse in self._context.connectors.running():
            running = evse.transaction
            if running is not None and transaction_id in (running.csms_id, running.transaction_id):
                return evse
        return None

    def _show(self, evse_id: int, shown: ShownCost) -> None:
        if self.shown.get(evse_id) != shown:
            self.shown[evse_id] = shown
            self._context.log.note(Topic.CHARGING, f"EVSE {evse_id} shows: {shown.text}")
            self.changed()

    def _amount(self, cost_micro: int) -> str:
        currency = self._context.variables.text(CONTROLLER, "Currency") or USUAL_CURRENCY
        return amount_text(cost_micro, currency, "en")
