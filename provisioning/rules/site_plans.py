"""Plans of a site: a picture for each floor, on which a place is tapped."""

from collections.abc import Sequence

from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import SitePlan
from runtime.wording import Phrase

PLANS_MOST = 30
"""Floors of one site that are drawn."""
PLAN_BYTES = 1 << 20
"""A phone takes it along in a garage."""
TOO_MANY = Phrase(f"ce site en a déjà {PLANS_MOST}", f"this site has {PLANS_MOST} already")
TOO_LONG = Phrase(f"il a plus de {PLAN_BYTES >> 20} Mio", f"it has more than {PLAN_BYTES >> 20} MiB")
NO_PICTURE = Phrase(
    "ce n'est pas une image JPEG, PNG ou WebP, ou elle a trop de pixels",
    "it is no JPEG, PNG or WebP picture, or has too many pixels",
)


def may_put(there: Sequence[SitePlan], plan: SitePlan, content: bytes) -> None:
    """Whether its site takes this plan with this picture. Raises ProvisioningProblem: E_PLAN_REFUSED."""
    if len(content) > PLAN_BYTES:
        raise plan_refused(plan.site_id, TOO_LONG)
    if len(there) >= PLANS_MOST and plan.floor not in {each.floor for each in there}:
        raise plan_refused(plan.site_id, TOO_MANY)


def plan_refused(site_id: str, reason: Phrase) -> ProvisioningProblem:
    """Why a site takes no such picture."""
    return ProvisioningProblem(Code.PLAN_REFUSED, site_id=site_id, reason=reason)


def plan_unknown(site_id: str, plan_id: str) -> ProvisioningProblem:
    """A site has no plan of this id."""
    return ProvisioningProblem(Code.PLAN_UNKNOWN, site_id=site_id, plan=plan_id)


def plan_named(there: Sequence[SitePlan], site_id: str, plan_id: str) -> SitePlan:
    """The one of this id among those of the site. Raises ProvisioningProblem: E_PLAN_UNKNOWN."""
    for each in there:
        if each.plan_id == plan_id:
            return each
    raise plan_unknown(site_id, plan_id)


def plan_of_floor(there: Sequence[SitePlan], floor: str | None) -> SitePlan | None:
    """The one on which a place of this floor is; how a floor is spelled does not matter."""
    wanted = (floor or "").strip().casefold()
    return next((each for each in there if each.floor.strip().casefold() == wanted), None)
