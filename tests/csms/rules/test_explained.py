"""Why a stored transaction costs what it costs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from charging.tariff import PriceElement, Tariff
from charging.tariff.restrictions import Restrictions
from csms.rules.explained import explained
from csms.rules.replies import tariff_to_text
from csms.rules.rows import TransactionRow
from csms.rules.transaction_fold import cost_so_far
from ocppj.vocabulary import StationId

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
BY_ENERGY = Tariff("t", "CAD", energy_micro_per_kwh=300_000, session_micro=500_000)
BY_TIME = Tariff(
    "t",
    "CAD",
    elements=(
        PriceElement("time", 6_000_000, Restrictions(min_duration_s=1800)),
        PriceElement("time", 3_000_000),
    ),
    zone="America/Montreal",
)


def row(tariff: Tariff | None, **changes: Any) -> TransactionRow:
    """An hour, 6 kWh."""
    usual: dict[str, Any] = {
        "transaction_no": 1,
        "station_id": StationId("s"),
        "transaction_id": "1",
        "started_at": START,
        "first_received_at": START,
        "ended_at": START + timedelta(hours=1),
        "last_event_at": START + timedelta(hours=1),
        "last_received_at": START + timedelta(hours=1),
        "meter_start_wh": 1000.0,
        "meter_stop_wh": 7000.0,
        "energy_wh": 6000.0,
        "authorized_at": START,
        "course": "" if tariff is not None and tariff.needs_course else None,
        "tariff": tariff_to_text(tariff),
    }
    return TransactionRow(**usual | changes)


def test_without_a_price_there_is_nothing_to_explain() -> None:
    """A test, or a site without a tariff."""
    assert explained(row(None)) is None


@pytest.mark.parametrize("tariff", [BY_ENERGY, BY_TIME])
@pytest.mark.parametrize("is_over", [True, False])
def test_it_comes_to_what_is_stored_and_told(tariff: Tariff, *, is_over: bool) -> None:
    """The same engine, course and price as where the cost was counted; so far, of one that goes on."""
    one = row(tariff) if is_over else row(tariff, ended_at=None)
    found = explained(one)
    assert found is not None
    assert found.bill.total_micro == cost_so_far(one)
    assert found.tariff == tariff


def test_lines_and_times() -> None:
    """6 kWh at 0.30 and 0.50 once; half an hour at each price, in the clock of the site."""
    by_energy, by_time = explained(row(BY_ENERGY)), explained(row(BY_TIME))
    assert by_energy is not None
    assert by_time is not None
    lines = {each.component: each.total for each in by_energy.bill.lines}
    assert lines == {"energy": 1_800_000, "session": 500_000}
    told = [(f"{each.begins_at:%H:%M}", f"{each.ends_at:%H:%M}", int(each.amount)) for each in by_time.spans]
    assert told == [("07:00", "07:30", 1_500_000), ("07:30", "08:00", 3_000_000)]
