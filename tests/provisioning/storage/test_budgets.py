"""What sites may draw, written and read back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from charging.budget import ShareStrategy
from provisioning.storage.budgets import (
    SiteBudget,
    StationShare,
    budgeted_sites,
    load_budget,
    remove_budget,
    save_budget,
    save_sharing,
)
from provisioning.storage.tables import sites
from runtime.database import Database

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def budget(**more: Any) -> SiteBudget:
    """Of a site."""
    values: dict[str, Any] = {
        "site_id": "s1",
        "most": 63.0,
        "unit": "A",
        "strategy": ShareStrategy.PRIORITY,
        "priorities": ("b", "a"),
        "changed_at": NOON,
        "changed_by": "ann",
    }
    return SiteBudget(**values | more)


async def test_a_budget_is_kept_with_how_it_was_shared(database: Database) -> None:
    """A new one leaves that; a removed one takes it away."""
    share = StationShare(20.0, 16.0, 1, None)

    def run(connection: Connection) -> None:
        connection.execute(insert(sites).values(site_id="s1", name="Yard", zone="UTC"))
        assert load_budget(connection, "s1") is None
        save_budget(connection, budget())
        assert load_budget(connection, "s1") == budget()
        save_sharing(connection, "s1", {"a": share}, NOON)
        save_budget(connection, budget(most=32.0))
        assert load_budget(connection, "s1") == budget(most=32.0, shared_at=NOON, sharing={"a": share})
        assert budgeted_sites(connection) == ["s1"]
        assert remove_budget(connection, "s1")
        assert not remove_budget(connection, "s1")
        assert budgeted_sites(connection) == []

    await database.run_write(run)


@pytest.mark.parametrize(("unit", "most", "amperes"), [("A", 63.0, 63.0), ("W", 69_000.0, 100.0)])
def test_watts_are_of_three_phases(unit: str, most: float, amperes: float) -> None:
    """At 230 V."""
    assert budget(unit=unit, most=most).amperes == pytest.approx(amperes)
