"""Plans of a site as the API answers them."""

from provisioning.records import SitePlan
from runtime.texts import instant_text
from runtime.views import View


class SitePlanAnswer(View, frozen=True, kw_only=True):
    """A drawn floor. `picture`: the path of its picture; `width` and `height` are its pixels."""

    plan_id: str
    floor: str
    kind: str
    width: int
    height: int
    picture: str
    changed_at: str
    changed_by: str


def site_plan_view(plan: SitePlan) -> SitePlanAnswer:
    """One."""
    return SitePlanAnswer(
        plan_id=plan.plan_id,
        floor=plan.floor,
        kind=plan.kind,
        width=plan.width,
        height=plan.height,
        picture=f"/api/v1/sites/{plan.site_id}/plan?plan_id={plan.plan_id}",
        changed_at=instant_text(plan.changed_at) or "",
        changed_by=plan.changed_by,
    )
