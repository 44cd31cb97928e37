"""Organisations, and who is what in them: changed in one transaction with the row that says who did it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from access.memberships import end_membership, members, principal_of, save_membership
from access.principals import DEFAULT, Account, Membership, Principal, Resource
from access.tables import organisations
from runtime.audit import Act, record_acts
from runtime.clock import Clock
from runtime.database import Database
from runtime.wording import Phrase


@dataclass(frozen=True, slots=True)
class Holding:
    """What an organisation has of one kind, by name; `one` and `many` are a `{count}` with its noun."""

    one: Phrase
    many: Phrase
    names: tuple[str, ...]


class Owned(Protocol):
    """What organisations own, which other packages keep: asked in the transaction that rests on the answer,
    for another process may have made it just now.
    """

    def has_site(self, connection: Connection, organisation_id: str, site_id: str) -> bool:
        """Whether an organisation has this site."""
        ...

    def holdings(self, connection: Connection, organisation_id: str) -> "list[Holding]":
        """What is an organisation's, of the kinds of which it has any."""
        ...


class AccessChange(StrEnum):
    """What is done to who may do what, as it is kept."""

    ORGANISATION_SAVED = "organisation-saved"
    ORGANISATION_REMOVED = "organisation-removed"
    MEMBER_SAVED = "member-saved"
    MEMBER_REMOVED = "member-removed"
    PERSON_SAVED = "person-saved"
    PERSON_REMOVED = "person-removed"
    PROGRAM_SAVED = "program-saved"
    PROGRAM_REMOVED = "program-removed"
    INVITATION_MADE = "invitation-made"
    INVITATION_REVOKED = "invitation-revoked"
    INVITATION_USED = "invitation-used"


MEMBERS = Phrase("{count} membre", "{count} member"), Phrase("{count} membres", "{count} members")


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whoever has sites of their own."""

    organisation_id: str
    name: str


class NotThere(Exception):  # noqa: N818 - reads as the state it names
    """There is no such account, organisation or site; `what` says which."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class InUse(Exception):  # noqa: N818
    """An organisation is not empty: `holdings` says of what."""

    def __init__(self, holdings: "list[Holding]") -> None:
        super().__init__([(str(each.many), each.names) for each in holdings])
        self.holdings = holdings


class Organisations:
    """Knows them, and changes them."""

    def __init__(self, database: Database, clock: Clock, owned: Owned) -> None:
        self._database, self._clock, self._owned = database, clock, owned

    async def every(self) -> list[Organisation]:
        """All, by name; the default one first."""
        rows = await self._database.fetch_all(select(organisations).order_by(organisations.c.name))
        found = [Organisation(row.organisation_id, row.name) for row in rows]
        return sorted(found, key=lambda each: each.organisation_id != DEFAULT)

    async def one(self, organisation_id: str) -> Organisation | None:
        """One."""
        row = await self._database.fetch_one(_named(organisation_id))
        return Organisation(row.organisation_id, row.name) if row is not None else None

    async def save(self, organisation: Organisation, by: str) -> bool:
        """Make it, or give it another name; False where another one has that name."""
        act = self._act(
            organisation_subject(organisation.organisation_id), by, AccessChange.ORGANISATION_SAVED
        )
        at = self._clock.now()
        try:
            await self._database.run_write(lambda connection: _save(connection, organisation, at, act))
        except IntegrityError:
            return False
        return True

    async def remove(self, organisation_id: str, by: str) -> None:
        """Only one that has nothing, and never the default one. Raises InUse, NotThere."""
        act = self._act(organisation_subject(organisation_id), by, AccessChange.ORGANISATION_REMOVED)

        def write(connection: Connection) -> None:
            if not has_organisation(connection, organisation_id):
                raise NotThere("organisation")
            holdings = self._owned.holdings(connection, organisation_id)
            if names := tuple(dict.fromkeys(each.name for each, _ in members(connection, organisation_id))):
                holdings.append(Holding(*MEMBERS, names))
            if holdings or organisation_id == DEFAULT:
                raise InUse(holdings)
            is_it = organisations.c.organisation_id == organisation_id
            connection.execute(delete(organisations).where(is_it))
            record_acts(connection, [act])

        await self._database.run_write(write)

    async def members(self, organisation_id: str) -> list[tuple[Account, Membership]]:
        """Who is what in it."""
        return await self._database.run_read(lambda connection: members(connection, organisation_id))

    async def save_member(
        self, account: Account, membership: Membership, by: str, *, is_anybody: bool = True
    ) -> None:
        """Give a role, in place of the one they had there. Raises NotThere.

        Unless it may be `is_anybody`, only who is a member of this organisation already, and of no other: one
        role more would narrow what they are shown elsewhere, and tell whose names there are.
        """
        organisation_id, site_id = membership.organisation_id, membership.site_id
        act = self._act(account_subject(account), by, AccessChange.MEMBER_SAVED, membership)

        def write(connection: Connection) -> None:
            if site_id and not self._owned.has_site(connection, organisation_id, site_id):
                raise NotThere("site")
            known = principal_of(connection, account)
            if known is None or not (is_anybody or _is_only_of(known, organisation_id)):
                raise NotThere(account.kind.value)
            if not has_organisation(connection, organisation_id):
                raise NotThere("organisation")
            save_membership(connection, account, membership)
            record_acts(connection, [act])

        await self._database.run_write(write)

    async def remove_member(self, account: Account, place: Resource, by: str) -> None:
        """Take the role away that they have there. Raises NotThere."""
        act = self._act(account_subject(account), by, AccessChange.MEMBER_REMOVED, place)

        def write(connection: Connection) -> None:
            if not end_membership(connection, account, place):
                raise NotThere("membership")
            record_acts(connection, [act])

        await self._database.run_write(write)

    def _act(
        self, subject: str, by: str, what: AccessChange, about: Membership | Resource | None = None
    ) -> Act:
        return access_act(subject, self._clock.now(), by, what, about)


def _is_only_of(who: Principal, organisation_id: str) -> bool:
    return {each.organisation_id for each in who.memberships} == {organisation_id}


def access_act(
    subject: str, at: datetime, by: str, what: AccessChange, about: Membership | Resource | None = None
) -> Act:
    """A change of who may do what; `result` is the role that was given, `reference` where one counts."""
    if about is None:
        return Act(subject, at, by, what.value)
    role = about.role.value if isinstance(about, Membership) else None
    place = f"{about.organisation_id}/{about.site_id}" if about.site_id else about.organisation_id
    return Act(subject, at, by, what.value, role, None, place)


def account_subject(account: Account) -> str:
    """What acts on an account are kept under: no station's id has a `/`."""
    return f"{account.kind.value}/{account.name}"


def organisation_subject(organisation_id: str) -> str:
    """The same of an organisation."""
    return f"organisation/{organisation_id}"


def has_organisation(connection: Connection, organisation_id: str) -> bool:
    """Whether there is one of this id."""
    return connection.execute(_named(organisation_id)).first() is not None


def _named(organisation_id: str) -> Select[Any]:
    return select(organisations).where(organisations.c.organisation_id == organisation_id)


def _save(connection: Connection, organisation: Organisation, at: datetime, act: Act) -> None:
    is_it = organisations.c.organisation_id == organisation.organisation_id
    changed = connection.execute(update(organisations).where(is_it).values(name=organisation.name)).rowcount
    if not changed:
        row = {"organisation_id": organisation.organisation_id, "name": organisation.name, "created_at": at}
        connection.execute(insert(organisations), row)
    record_acts(connection, [act])
