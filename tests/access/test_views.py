"""What is told of accounts, organisations and members, typed."""

from access.actions import Permission
from access.organisations import Organisation
from access.principals import Account, AccountKind, Membership, Principal, Role
from access.views import (
    account_view,
    member_view,
    membership_view,
    organisation_view,
    own_access_view,
    program_view,
)

GIVEN = Membership(Role.MANAGER, "autre", "port")
ANN = Principal("ann", (GIVEN,))


def test_an_account_is_told_with_what_it_is_where() -> None:
    """Its memberships, each with organisation and site."""
    told = account_view(ANN)
    assert (told.name, told.memberships) == ("ann", (membership_view(GIVEN),))
    assert (told.memberships[0].organisation_id, told.memberships[0].site_id) == ("autre", "port")


def test_a_program_is_told_its_token_once() -> None:
    """By whoever made it."""
    assert program_view(ANN, "t0ken").token == "t0ken"


def test_own_access_tells_every_action_with_its_routes() -> None:
    """Those that are not allowed too, with the roles that are."""
    told = own_access_view(ANN, {Permission.OPERATE: ["POST /stations/{station_id}/calls"]})
    actions = {each.action: each for each in told.actions}
    assert set(actions) == set(Permission)
    assert actions[Permission.OPERATE].is_allowed
    assert actions[Permission.OPERATE].routes == ("POST /stations/{station_id}/calls",)
    assert not actions[Permission.SET_UP].is_allowed
    assert actions[Permission.SET_UP].roles == (Role.ADMIN,)


def test_an_organisation_and_its_member_are_told() -> None:
    """Who is what there, person or program."""
    assert organisation_view(Organisation("autre", "Autre")).name == "Autre"
    told = member_view(Account(AccountKind.PROGRAM, "bench"), GIVEN)
    assert (told.kind, told.name, told.role) == (AccountKind.PROGRAM, "bench", Role.MANAGER)
