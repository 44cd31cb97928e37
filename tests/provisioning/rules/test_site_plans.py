"""A picture for each floor: bounded, found by how the places of the floor name it."""

from datetime import UTC, datetime

import pytest

from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import SitePlan
from provisioning.rules.site_plans import PLAN_BYTES, PLANS_MOST, may_put, plan_named, plan_of_floor

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)


def plans(*floors: str) -> list[SitePlan]:
    """Of one site."""
    return [SitePlan(f"plan-{each}", "s", each, "image/png", 10, 10, AT, "maud") for each in floors]


def test_a_picture_may_be_as_long_as_a_phone_takes_along() -> None:
    may_put([], plans("")[0], bytes(PLAN_BYTES))
    with pytest.raises(ProvisioningProblem) as refused:
        may_put([], plans("")[0], bytes(PLAN_BYTES + 1))
    assert refused.value.code is Code.PLAN_REFUSED


def test_a_site_has_so_many_floors_and_each_can_be_drawn_anew() -> None:
    there = plans(*map(str, range(PLANS_MOST)))
    may_put(there, plans("0")[0], b"new")
    with pytest.raises(ProvisioningProblem) as refused:
        may_put(there, plans("another")[0], b"new")
    assert refused.value.code is Code.PLAN_REFUSED


def test_a_plan_that_is_not_there_is_said() -> None:
    there = plans("P1", "P2")
    assert plan_named(there, "s", "plan-P2") is there[1]
    with pytest.raises(ProvisioningProblem) as refused:
        plan_named(there, "s", "plan-P3")
    assert refused.value.code is Code.PLAN_UNKNOWN


@pytest.mark.parametrize(
    ("floor", "found"), [("P1", "P1"), (" p1 ", "P1"), (None, ""), ("", ""), ("P9", None)]
)
def test_a_floor_is_found_however_it_is_spelled(floor: str | None, found: str | None) -> None:
    plan = plan_of_floor(plans("", "P1"), floor)
    assert (plan.floor if plan is not None else None) == found
