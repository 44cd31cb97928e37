"""Plans in the database: one a floor, gone with their site."""

from datetime import UTC, datetime

from provisioning.records import SitePlan
from provisioning.storage.site_plans import plan_content, plans_of, put_plan, remove_plan
from tests.support.provisioning import World

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)


async def test_a_floor_has_one_plan_and_each_site_its_own(world: World) -> None:
    site_id = (await world.site()).site_id
    one = SitePlan("a", site_id, "P1", "image/png", 60, 40, AT, "maud")
    two = SitePlan("b", site_id, "P1", "image/jpeg", 30, 20, AT, "maud")
    for plan in (one, two):
        await world.database.run_write(lambda c, plan=plan: put_plan(c, plan, plan.plan_id.encode()))  # type: ignore[misc] # bound now
    assert await world.database.run_read(lambda c: plans_of(c, site_id)) == [two]
    assert await world.database.run_read(lambda c: plans_of(c, "another")) == []
    assert await world.database.run_read(lambda c: plan_content(c, site_id, "b")) == ("image/jpeg", b"b")
    assert await world.database.run_read(lambda c: plan_content(c, "another", "b")) is None
    await world.database.run_write(lambda c: remove_plan(c, two))
    assert await world.database.run_read(lambda c: plans_of(c, site_id)) == []
