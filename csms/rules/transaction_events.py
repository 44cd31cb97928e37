"""What the outside is told of transactions."""

from datetime import datetime

from csms.domain.flags import TEST
from csms.domain.station_events import StationEvent
from csms.rules.reviews import HELD
from csms.rules.rows import TransactionRow


def started_event(row: TransactionRow, at: datetime) -> StationEvent:
    """`transaction.started`."""
    payload = {
        "transaction_id": row.transaction_id,
        "number": row.transaction_no,
        "evse_id": row.evse_id,
        "connector_id": row.connector_id,
        "id_token": row.id_token.value if row.id_token is not None else None,
        "is_offline": row.is_offline,
        "is_test": TEST in row.flags,
    }
    return StationEvent("transaction.started", row.station_id, at, payload)


def updated_event(row: TransactionRow, at: datetime) -> StationEvent:
    """`transaction.updated`."""
    payload = {
        "transaction_id": row.transaction_id,
        "number": row.transaction_no,
        "charging_state": row.charging_state.value if row.charging_state is not None else None,
        "energy_wh": row.energy_wh,
        "power_w": row.power_w,
    }
    return StationEvent("transaction.updated", row.station_id, at, payload)


def ended_event(row: TransactionRow, at: datetime, *, is_correction: bool = False) -> StationEvent:
    """`transaction.ended`; `is_correction`: the real end after an assumed one that was told before."""
    payload = {
        "transaction_id": row.transaction_id,
        "number": row.transaction_no,
        "charging_state": row.charging_state.value if row.charging_state is not None else None,
        "energy_wh": row.energy_wh,
        "stopped_reason": row.stopped_reason,
        "cost_micro": row.cost_micro,
        "is_held": row.review == HELD,
        "is_end_assumed": row.is_end_assumed,
        "is_correction": is_correction,
        "is_test": TEST in row.flags,
    }
    return StationEvent("transaction.ended", row.station_id, at, payload)
