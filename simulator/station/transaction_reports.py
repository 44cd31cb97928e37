"""What is told of a transaction: one message after the other, each in the words of the version."""

from collections.abc import Callable
from datetime import datetime

from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import ChargingState, IdToken, IdTokenType, MeterSample, TransactionEventKind
from simulator.connection.transaction_queue import TransactionQueue
from simulator.model.connector_states import IN_TRANSACTION, STATUS_OF
from simulator.model.evse import Evse, Grant
from simulator.model.stored_state import KeptMessage, KeptTransaction
from simulator.station.context import StationContext


class TransactionReports:
    """One station's messages of transactions. `is_online`: whether they are sent at once."""

    def __init__(
        self, context: StationContext, transaction_queue: TransactionQueue, is_online: Callable[[], bool]
    ) -> None:
        self._context = context
        self._queue = transaction_queue
        self._is_online = is_online

    def put(
        self,
        evse: Evse,
        kind: TransactionEventKind,
        *,
        trigger: str,
        samples: tuple[MeterSample, ...] = (),
        id_token: IdToken | None = None,
        reason: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Write one and queue it. EVSE, driver and remote start are told once each."""
        transaction = evse.transaction
        if transaction is None:
            return
        driver = self._driver_to_report(evse, transaction)
        tells_place = self._place_is_new(evse, transaction) or self._queue.rules.repeats_place
        state = _charging_state(evse)
        event = TransactionEvent(
            kind=kind,
            transaction_id=transaction.csms_id or transaction.transaction_id,
            evse_id=evse.evse_id if tells_place else None,
            connector_id=transaction.connector_id if tells_place else None,
            at=at or self._context.now(),
            trigger_reason=trigger,
            seq_no=transaction.seq_no,
            meter_wh=evse.meter.energy_wh(self._context.clock.monotonic()),
            samples=samples,
            is_offline=not self._is_online(),
            id_token=driver.id_token if driver is not None else id_token,
            charging_state=state,
            stopped_reason=reason,
            remote_start_id=driver.remote_start_id if driver is not None else None,
            reservation_id=driver.reservation_id if driver is not None else None,
            phases_used=evse.template.phases if state is ChargingState.CHARGING else None,
        )
        message = self._message(event, transaction)
        if message is not None:
            transaction.seq_no += 1
            self._queue.put(message)

    def _driver_to_report(self, evse: Evse, transaction: KeptTransaction) -> Grant | None:
        """Who was authorized, where it was not told yet (E03.FR.01, F02.FR.01)."""
        grant = evse.grant
        if grant is None or grant.is_reported:
            return None
        grant.is_reported, transaction.stopped_reason = True, None
        transaction.id_token, transaction.id_token_type = grant.id_token.value, _type_text(grant.id_token)
        transaction.group, transaction.remote_start_id = grant.info.group_id_token, grant.remote_start_id
        return grant

    def _place_is_new(self, evse: Evse, transaction: KeptTransaction) -> bool:
        """The EVSE is told with the first message (E01.FR.16); its connector may be known later."""
        connector_id, transaction.connector_id = transaction.connector_id, evse.occupied.connector_id
        return transaction.seq_no == 0 or transaction.connector_id != connector_id

    def _message(self, event: TransactionEvent, transaction: KeptTransaction) -> KeptMessage | None:
        call = self._queue.rules.request(event)
        if call is None:
            return None
        return KeptMessage(
            message_id=self._context.chance.message_id(),
            action=call.action,
            payload=call.payload,
            transaction_id=transaction.transaction_id,
            id_token=event.id_token.value if event.id_token is not None else None,
            id_token_type=_type_text(event.id_token or IdToken("")),
            csms_id=transaction.csms_id,
            is_start=event.kind is TransactionEventKind.STARTED,
            is_end=event.kind is TransactionEventKind.ENDED,
            evse_id=transaction.evse_id,
            is_offline=event.is_offline,
        )


def _charging_state(evse: Evse) -> ChargingState:
    """What the car does: told with every event (E02.FR.13)."""
    connector = evse.connected
    if connector is None:
        return ChargingState.IDLE
    if evse.grant is None or connector.state not in IN_TRANSACTION:
        return ChargingState.EV_CONNECTED
    return STATUS_OF[connector.state][1] or ChargingState.EV_CONNECTED


def _type_text(id_token: IdToken) -> str:
    """Of a token, as memory keeps it."""
    return id_token.type.value if isinstance(id_token.type, IdTokenType) else id_token.type
