"""What the outside is told of transactions."""

from msgspec.structs import replace

from csms.domain.station_events import StationEvent
from csms.rules.reviews import HELD
from csms.rules.rows import TransactionRow
from csms.rules.transaction_events import ended_event, started_event, updated_event
from ocppj.vocabulary import ChargingState
from tests.support.inbound import CP1, NOON, TAG, minutes

ROW = TransactionRow(
    transaction_no=9,
    station_id=CP1,
    transaction_id="T1",
    evse_id=2,
    connector_id=1,
    id_token=TAG,
    started_at=NOON,
    first_received_at=NOON,
    last_event_at=NOON,
    last_received_at=NOON,
    charging_state=ChargingState.CHARGING,
    energy_wh=7000.0,
    power_w=7200.0,
    cost_micro=1_750_000,
    stopped_reason="Local",
    is_offline=True,
)
BARE = replace(ROW, id_token=None, charging_state=None, is_offline=False)
NAMES = {"transaction_id": "T1", "number": 9}


def test_a_start_is_told_with_where_and_who() -> None:
    """The token by its value; none, where nobody has presented one yet."""
    where = NAMES | {"evse_id": 2, "connector_id": 1}
    told = where | {"id_token": "04A1B2C3", "is_offline": True, "is_test": False}
    assert started_event(ROW, minutes(1)) == StationEvent("transaction.started", CP1, minutes(1), told)
    assert started_event(BARE, NOON).payload == where | {
        "id_token": None,
        "is_offline": False,
        "is_test": False,
    }


def test_an_update_is_told_with_what_is_metered() -> None:
    """And the state by its word, where the station tells one."""
    told = NAMES | {"charging_state": "Charging", "energy_wh": 7000, "power_w": 7200}
    assert updated_event(ROW, minutes(1)) == StationEvent("transaction.updated", CP1, minutes(1), told)
    assert updated_event(BARE, NOON).payload["charging_state"] is None


def test_an_end_is_told_with_what_it_comes_to() -> None:
    """Whether it is held, whether the end is only assumed, and whether it corrects one that was told."""
    told = NAMES | {
        "charging_state": "Charging",
        "energy_wh": 7000,
        "stopped_reason": "Local",
        "cost_micro": 1_750_000,
        "is_held": False,
        "is_end_assumed": False,
        "is_correction": False,
        "is_test": False,
    }
    assert ended_event(ROW, minutes(1)) == StationEvent("transaction.ended", CP1, minutes(1), told)
    assumed = replace(BARE, review=HELD, ended_at=NOON, superseded_at=NOON)
    differing = {"charging_state": None, "is_held": True, "is_end_assumed": True, "is_correction": True}
    assert ended_event(assumed, minutes(1), is_correction=True).payload == told | differing
