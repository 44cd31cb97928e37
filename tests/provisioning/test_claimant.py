"""Who claims, made of whoever asks."""

import pytest

from access.actions import Permission, scope_of
from access.principals import AccountKind, Membership, Principal, Role
from provisioning.claimant import Claimant

SITE = Membership(Role.INSTALLER, "autre", "port")


@pytest.mark.parametrize(
    ("memberships", "needs_installer"),
    [((SITE,), True), ((Membership(Role.ADMIN),), False), ((Membership(Role.ADMIN), SITE), True)],
)
def test_the_team_is_no_installer(memberships: tuple[Membership, ...], *, needs_installer: bool) -> None:
    """Who is the team somewhere only may not be it here."""
    who = Principal("ann", memberships)
    claimant = Claimant.of(who)
    assert (claimant.name, claimant.needs_installer) == ("ann", needs_installer)
    assert claimant.scope == scope_of(who, Permission.CLAIM)


@pytest.mark.parametrize("kind", AccountKind)
def test_people_are_told_from_programs(kind: AccountKind) -> None:
    """Other limits hold for them."""
    assert Claimant.of(Principal("ann", (SITE,), kind)).is_person is (kind is AccountKind.PERSON)
