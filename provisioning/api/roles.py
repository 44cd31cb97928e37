"""What the routes of provisioning ask for (`access.actions` decides)."""

from typing import Annotated

from fastapi import Depends

from access.actions import Permission, scope_of
from access.guard import Guard, checked
from access.principals import DEFAULT, Principal, Resource
from access.problems import organisation_unknown
from runtime.http import Problem
from runtime.wording import Phrase, WayOut

GUARD = Guard("provisioning")
READER = Depends(GUARD.requires(Permission.READ))
SITE_KEEPER = Depends(GUARD.requires(Permission.MANAGE_SITES))
LIST_KEEPER = Depends(GUARD.requires(Permission.LIST_SITE_TOKENS))
ORDERER = Depends(GUARD.requires(Permission.ORDER))
FOUNDER = Depends(GUARD.requires(Permission.SET_UP))
Lister = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.READ))]
SiteKeeper = Annotated[Principal, SITE_KEEPER]
SiteKeeperAnywhere = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.MANAGE_SITES))]
ListKeeper = Annotated[Principal, LIST_KEEPER]
Orderer = Annotated[Principal, ORDERER]
Operator = Annotated[Principal, Depends(GUARD.requires(Permission.OPERATE))]
Tester = Annotated[Principal, Depends(GUARD.requires(Permission.TRY_OUT))]
Claimer = Annotated[Principal, Depends(GUARD.requires(Permission.CLAIM))]
ClaimerAnywhere = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.CLAIM))]
"""An owner may be certified too (provisioning R27): the register of installers says who may claim."""
ClaimAuditor = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.READ_AUDIT))]
Preparer = Annotated[Principal, Depends(GUARD.requires(Permission.PREPARE_SITES))]
PreparerAnywhere = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.PREPARE_SITES))]
SiteApprover = Annotated[Principal, Depends(GUARD.requires(Permission.APPROVE_SITES))]
Founder = Annotated[Principal, FOUNDER]


def home_of_new(who: Principal, action: Permission, wanted: str | None) -> str:
    """The organisation that something new belongs to: the named one, else the only one where they may.

    Raises Problem 404, 422.
    """
    if wanted is not None:
        checked(who, action, Resource(wanted), organisation_unknown)
        return wanted
    found = scope_of(who, action).organisations
    if DEFAULT in found or len(found) == 1:
        return DEFAULT if DEFAULT in found else next(iter(found))
    raise Problem(
        422,
        "organisation_missing",
        Phrase("Dites pour quelle organisation", "Say for which organisation"),
        WayOut("Donnez `organisation_id`.", "Give `organisation_id`.", route="GET /api/v1/organisations"),
    )
