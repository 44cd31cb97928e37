"""What sites may draw in all, and how it was shared last."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from charging.budget import ShareStrategy
from provisioning.storage.budget_tables import site_budgets
from runtime.database.rows import save_row
from runtime.work.request import Lane, WorkKind

SITE_POWER = WorkKind("site_power", Lane.CONFIGURATION)
"""A site's power is shared anew. Its subject is the site."""
VOLTAGE_V, PHASES = 230.0, 3
"""A budget in watts is taken as one of three phases."""
_table = site_budgets.c


@dataclass(frozen=True, slots=True)
class StationShare:
    """What a station was to have, of what it may take, and why it cannot be limited, if so."""

    share_a: float
    limit_a: float
    charges: int
    unlimited: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBudget:
    """What a site may draw, and who said so. `priorities` are stations, the first comes first."""

    site_id: str
    most: float
    unit: str
    strategy: ShareStrategy
    priorities: tuple[str, ...] = ()
    changed_at: datetime
    changed_by: str
    shared_at: datetime | None = None
    sharing: Mapping[str, StationShare] = field(default_factory=dict)

    @property
    def amperes(self) -> float:
        """On each phase."""
        return self.most if self.unit == "A" else self.most / (VOLTAGE_V * PHASES)


def load_budget(connection: Connection, site_id: str) -> SiteBudget | None:
    """That of a site; None: it has none."""
    row = connection.execute(select(site_budgets).where(_table.site_id == site_id)).first()
    if row is None:
        return None
    sharing = json.loads(row.sharing or "{}")
    return SiteBudget(
        site_id=row.site_id,
        most=row.most,
        unit=row.unit,
        strategy=ShareStrategy(row.strategy),
        priorities=tuple(json.loads(row.priorities)),
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        shared_at=row.shared_at,
        sharing={name: StationShare(**each) for name, each in sharing.items()},
    )


def budgeted_sites(connection: Connection) -> list[str]:
    """The sites that have one."""
    return [row.site_id for row in connection.execute(select(_table.site_id).order_by(_table.site_id))]


def save_budget(connection: Connection, budget: SiteBudget) -> None:
    """Set what a site may draw; how it was shared stays."""
    values = {
        "site_id": budget.site_id,
        "most": budget.most,
        "unit": budget.unit,
        "strategy": budget.strategy.value,
        "priorities": json.dumps(budget.priorities),
        "changed_at": budget.changed_at,
        "changed_by": budget.changed_by,
    }
    save_row(connection, site_budgets, values)


def save_sharing(
    connection: Connection, site_id: str, sharing: Mapping[str, StationShare], at: datetime
) -> None:
    """How it is shared now."""
    text = json.dumps(
        {
            name: {
                "share_a": each.share_a,
                "limit_a": each.limit_a,
                "charges": each.charges,
                "unlimited": each.unlimited,
            }
            for name, each in sharing.items()
        }
    )
    connection.execute(
        update(site_budgets).where(_table.site_id == site_id).values(sharing=text, shared_at=at)
    )


def remove_budget(connection: Connection, site_id: str) -> bool:
    """Whether there was one."""
    return connection.execute(delete(site_budgets).where(_table.site_id == site_id)).rowcount > 0
