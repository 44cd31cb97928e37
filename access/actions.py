"""The one place where it is decided who may do what: `may(principal, action, resource)`.

Deny by default: an action that is not in the table is nobody's, and a membership counts only for what belongs
to its organisation, or to its site. Routes, commands, pages and event streams ask with these words.
"""

from collections.abc import Mapping
from enum import StrEnum

from access.principals import AccessScope, Membership, Principal, Resource, Role


class Permission(StrEnum):
    """What somebody may do, in plain words."""

    READ = "read"
    """Stations and their states, transactions, events, sites, places, tariffs, orders, numbers."""
    READ_ID_TOKENS = "read id tokens"
    """Who charges, in full; and lists of what one driver did."""
    READ_FRAMES = "read frames"
    """The wire log and its stream, waiting for a frame, reports as they came, commands as they were sent."""
    READ_PERSONAL = "read what a station knows of a customer"
    READ_ATTEMPTS = "read failed connections"
    READ_AUDIT = "read who did what"
    CHECK_TOKEN = "check an id token"  # noqa: S105 - a word of ours
    MANAGE_TOKENS = "manage id tokens"
    LIST_SITE_TOKENS = "read and change a site's list"
    REVIEW = "decide about transactions"
    DECIDE_QUARANTINE = "decide about quarantine"
    TRY_OUT = "try out"
    """Find out whether a station works."""
    OPERATE = "operate"
    """Run a station: all other commands, raw calls, activation."""
    USE_BENCH = "use the bench"
    """Have a station to oneself for a while, and say what the stations of the bench are."""
    CLEAR_BENCH = "clear the bench"
    """Take a station away from whoever has it."""
    CLAIM = "claim"
    """Tie stations to places, and take them away."""
    ORDER = "order"
    MANAGE_SITES = "manage sites"
    READ_JOBS = "read jobs"
    """Those of their own; of others' who plans them."""
    PLAN_JOBS = "plan jobs"
    PREPARE_SITES = "prepare sites"
    """Answer the checklist of a site, measure there, read its guides."""
    APPROVE_SITES = "approve sites"
    """Say that a site is ready for what was bought."""
    SET_UP = "set up"
    """Adopt, secrets and claim codes, what becomes of a stranger, tests."""
    SET_UP_ACCOUNT = "set up an account"
    """The four steps before stations of an organisation charge."""
    MANAGE_ACCESS = "manage access"
    """People, programs, organisations."""
    INVITE = "invite"
    """Let people in as installers or viewers, by a link."""
    MANAGE_MEMBERS = "manage members"
    """Who has which role in an organisation."""


_ADMIN = frozenset({Role.ADMIN})
_MANAGERS = _ADMIN | {Role.MANAGER}
_ON_SITE = _MANAGERS | {Role.INSTALLER}
_ALL = frozenset(Role)

ROLES: Mapping[Permission, frozenset[Role]] = {
    Permission.READ: _ALL,
    Permission.READ_ID_TOKENS: _ON_SITE,
    Permission.READ_FRAMES: _ON_SITE,
    Permission.READ_PERSONAL: _MANAGERS,
    Permission.READ_ATTEMPTS: _ON_SITE,
    Permission.READ_AUDIT: _MANAGERS,
    Permission.CHECK_TOKEN: _ON_SITE,
    Permission.MANAGE_TOKENS: _MANAGERS,
    Permission.LIST_SITE_TOKENS: _MANAGERS,
    Permission.REVIEW: _MANAGERS,
    Permission.DECIDE_QUARANTINE: _MANAGERS,
    Permission.TRY_OUT: _ON_SITE,
    Permission.OPERATE: _MANAGERS,
    Permission.USE_BENCH: _MANAGERS,
    Permission.CLEAR_BENCH: _ADMIN,
    Permission.CLAIM: _ON_SITE,
    Permission.ORDER: _MANAGERS,
    Permission.MANAGE_SITES: _MANAGERS,
    Permission.READ_JOBS: _ON_SITE,
    Permission.PLAN_JOBS: _MANAGERS,
    Permission.PREPARE_SITES: _ON_SITE,
    Permission.APPROVE_SITES: _ADMIN,
    Permission.SET_UP: _ADMIN,
    Permission.SET_UP_ACCOUNT: _MANAGERS,
    Permission.MANAGE_ACCESS: _ADMIN,
    Permission.INVITE: _MANAGERS,
    Permission.MANAGE_MEMBERS: _ADMIN,
}
"""Which roles an action is for (docs/reference/roles.md)."""
OF_WHO_RUNS_THE_SERVER = frozenset(
    {
        Permission.MANAGE_MEMBERS,
        Permission.SET_UP_ACCOUNT,
        Permission.PREPARE_SITES,
        Permission.APPROVE_SITES,
    }
)
"""What administrators of the default organisation may in every other: somebody lets in the first one, helps
to set up the account, and sees to it that the site is ready.
"""


def may(principal: Principal, action: Permission, resource: Resource) -> bool:
    """Whether they may do it to what belongs there."""
    return scope_of(principal, action).covers(resource)


def scope_of(principal: Principal, action: Permission) -> AccessScope:
    """Where they may do it: a list holds no more."""
    counting = _with_role(principal, action)
    is_everywhere = action in OF_WHO_RUNS_THE_SERVER and any(
        each.runs_the_server and each.role is Role.ADMIN for each in counting
    )
    return AccessScope.of(counting, is_everywhere=is_everywhere)


def may_wherever(principal: Principal, action: Permission) -> bool:
    """Whether they may do it wherever they may do anything: what lists of several organisations show."""
    return bool(principal.memberships) and len(_with_role(principal, action)) == len(principal.memberships)


def _with_role(principal: Principal, action: Permission) -> list[Membership]:
    allowed = ROLES.get(action, frozenset())
    return [each for each in principal.memberships if each.role in allowed]
