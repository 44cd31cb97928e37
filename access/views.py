"""People, programs, organisations and what they may do, as the API tells them."""

from collections.abc import Mapping, Sequence

from msgspec.structs import asdict

from access.actions import ROLES, Permission, scope_of
from access.organisations import Organisation
from access.principals import RANKS, Account, AccountKind, Membership, Principal, Role
from runtime.views import View


class MembershipAnswer(View, frozen=True, kw_only=True):
    """A role in an organisation, or on one site of it."""

    organisation_id: str
    site_id: str | None
    role: Role


class PersonAnswer(View, frozen=True, kw_only=True):
    """Who can log in, and as what: `role` is the least of those they have, null where they have none."""

    name: str
    role: Role | None
    memberships: tuple[MembershipAnswer, ...]


class ProgramAnswer(PersonAnswer, frozen=True, kw_only=True):
    """A program; its token is told this once, when it was made."""

    token: str


class ActionAnswer(View, frozen=True, kw_only=True):
    """What may be done: the roles that it is for, the least first, and the routes that ask for it.

    `is_allowed`: whoever asks may do it somewhere, if only on one site.
    """

    action: Permission
    is_allowed: bool
    roles: tuple[Role, ...]
    routes: tuple[str, ...]


class OwnAccessAnswer(PersonAnswer, frozen=True, kw_only=True):
    """Who asks, and what they may do."""

    actions: tuple[ActionAnswer, ...]


class OrganisationAnswer(View, frozen=True, kw_only=True):
    """An organisation."""

    organisation_id: str
    name: str


class MemberAnswer(MembershipAnswer, frozen=True, kw_only=True):
    """Who is what: `kind` is person or program."""

    kind: AccountKind
    name: str


def account_view(who: Principal) -> PersonAnswer:
    """An account and what it is where."""
    return PersonAnswer(
        name=who.name, role=who.role, memberships=tuple(map(membership_view, who.memberships))
    )


def program_view(who: Principal, token: str) -> ProgramAnswer:
    """A program whose token was made just now."""
    return ProgramAnswer(**asdict(account_view(who)), token=token)


def membership_view(membership: Membership) -> MembershipAnswer:
    """A role somewhere."""
    return MembershipAnswer(
        organisation_id=membership.organisation_id, site_id=membership.site_id, role=membership.role
    )


def own_access_view(who: Principal, routes: Mapping[Permission, Sequence[str]]) -> OwnAccessAnswer:
    """What somebody may do, with the routes by what they ask for."""
    actions = (_action_view(who, each, routes.get(each, ())) for each in Permission)
    return OwnAccessAnswer(**asdict(account_view(who)), actions=tuple(actions))


def _action_view(who: Principal, action: Permission, routes: Sequence[str]) -> ActionAnswer:
    return ActionAnswer(
        action=action,
        is_allowed=bool(scope_of(who, action)),
        roles=tuple(sorted(ROLES[action], key=RANKS.index)),
        routes=tuple(routes),
    )


def organisation_view(organisation: Organisation) -> OrganisationAnswer:
    """An organisation."""
    return OrganisationAnswer(organisation_id=organisation.organisation_id, name=organisation.name)


def member_view(account: Account, membership: Membership) -> MemberAnswer:
    """What an account is somewhere."""
    return MemberAnswer(**asdict(membership_view(membership)), kind=account.kind, name=account.name)
