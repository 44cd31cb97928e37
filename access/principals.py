"""Who asks, and in which organisations and on which sites as what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_NAME = 64
"""Of accounts, organisations and sites."""
DEFAULT = "default"
"""The organisation of whoever runs the server: all that was there before there were organisations, stations
at no place, and what belongs to no site (orders, id tokens, people, programs). Who has no other never meets
it.
"""


class Role(StrEnum):
    """What a person or program is, in an organisation or on a site; `access.actions` says what it may do."""

    ADMIN = "admin"
    MANAGER = "manager"
    INSTALLER = "installer"
    VIEWER = "viewer"


RANKS = (Role.VIEWER, Role.INSTALLER, Role.MANAGER, Role.ADMIN)
"""Each may do all that those before it may."""


class AccountKind(StrEnum):
    """Whether somebody logs in with a password, or something sends a token."""

    PERSON = "person"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Account:
    """What sessions and memberships belong to: a person by their login, a program by its token's name."""

    kind: AccountKind
    name: str


@dataclass(frozen=True, slots=True)
class Resource:
    """To whom something belongs: an organisation, and a site of it where it has one."""

    organisation_id: str = DEFAULT
    site_id: str | None = None


SERVER = Resource()
"""What belongs to no site."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A role in an organisation, or on one site of it."""

    role: Role
    organisation_id: str = DEFAULT
    site_id: str | None = None

    def covers(self, resource: Resource) -> bool:
        """Whether it counts for what belongs there."""
        return self.organisation_id == resource.organisation_id and self.site_id in (None, resource.site_id)

    @property
    def runs_the_server(self) -> bool:
        """Whether it counts in all of the default organisation."""
        return self.covers(SERVER)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `name` is a person's login or a token's name, for the audit trail."""

    name: str
    memberships: tuple[Membership, ...] = ()
    kind: AccountKind = field(default=AccountKind.PROGRAM, compare=False)
    """Whether a person asks: people misread labels, programs do not."""

    @property
    def role(self) -> Role | None:
        """What they are wherever they are anything: of several roles the least; None for who is nothing."""
        return min((each.role for each in self.memberships), key=RANKS.index, default=None)

    def at(self, resource: Resource) -> "Principal":
        """The same, with nothing but what they are there: of several roles the greatest."""
        roles = [each.role for each in self.memberships if each.covers(resource)]
        if not roles:
            return Principal(self.name, kind=self.kind)
        best = max(roles, key=RANKS.index)
        there = Membership(best, resource.organisation_id, resource.site_id)
        return Principal(self.name, (there,), self.kind)


def member(name: str, role: Role, organisation_id: str = DEFAULT, site_id: str | None = None) -> Principal:
    """Who has one role."""
    return Principal(name, (Membership(role, organisation_id, site_id),))


@dataclass(frozen=True, slots=True)
class AccessScope:
    """Whole organisations, and single sites of others: what a list is narrowed to; or `is_everywhere`."""

    organisations: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    is_everywhere: bool = False

    def __bool__(self) -> bool:
        return bool(self.is_everywhere or self.organisations or self.sites)

    def covers(self, resource: Resource) -> bool:
        """Whether what belongs there is in it."""
        return (
            self.is_everywhere
            or resource.organisation_id in self.organisations
            or resource.site_id in self.sites
        )

    @classmethod
    def of(cls, memberships: Iterable[Membership], *, is_everywhere: bool = False) -> "AccessScope":
        """Where any of these counts."""
        whole = [each for each in memberships if each.site_id is None]
        parts = [each.site_id for each in memberships if each.site_id is not None]
        return cls(frozenset(each.organisation_id for each in whole), frozenset(parts), is_everywhere)
