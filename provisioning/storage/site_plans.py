"""Plans of sites, without their pictures unless those are asked for."""

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from provisioning.records import SitePlan
from provisioning.storage.delivery_tables import site_plans

_LISTED = [each for each in site_plans.c if each.name != "content"]


def plans_of(connection: Connection, site_id: str) -> list[SitePlan]:
    """All of a site, by floor."""
    query = select(*_LISTED).where(site_plans.c.site_id == site_id).order_by(site_plans.c.floor)
    return [_plan(each) for each in connection.execute(query)]


def plan_content(connection: Connection, site_id: str, plan_id: str) -> tuple[str, bytes] | None:
    """Media type and bytes of one."""
    query = select(site_plans.c.kind, site_plans.c.content).where(
        site_plans.c.site_id == site_id, site_plans.c.plan_id == plan_id
    )
    row = connection.execute(query).first()
    return (row.kind, row.content) if row is not None else None


def put_plan(connection: Connection, plan: SitePlan, content: bytes) -> None:
    """The plan of its floor from now on: an earlier one goes."""
    same_floor = site_plans.c.site_id == plan.site_id, site_plans.c.floor == plan.floor
    connection.execute(delete(site_plans).where(*same_floor))
    values = {each.name: getattr(plan, each.name) for each in _LISTED}
    connection.execute(insert(site_plans).values(**values, content=content))


def remove_plan(connection: Connection, plan: SitePlan) -> None:
    """It goes; places keep where they were on it."""
    connection.execute(delete(site_plans).where(site_plans.c.plan_id == plan.plan_id))


def _plan(row: Row[Any]) -> SitePlan:
    return SitePlan(
        plan_id=row.plan_id,
        site_id=row.site_id,
        floor=row.floor,
        kind=row.kind,
        width=row.width,
        height=row.height,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
