"""Invitations: a link that lets one person in once, as what a manager said, under the name they choose.

Only the SHA-256 of a link's secret is kept (256 random bits need no slow hash). A link ends by being used,
revoked, made anew, or by its time.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Row, delete, insert, select, update

from access.memberships import principal_of, save_membership
from access.organisations import AccessChange, NotThere, Owned, access_act, account_subject, has_organisation
from access.principals import RANKS, AccessScope, Account, AccountKind, Membership, Resource, Role
from access.scopes import in_scope
from access.tables import invitations, people
from runtime.audit import record_acts
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.mail.storage import withdraw_letters

SECRET_BYTES = 32
KEPT_FOR = timedelta(days=90)
"""After its end, so that one sees who came by which."""
_columns = invitations.c


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited as what. `label` is what the manager calls the person, who need have no name here."""

    invitation_id: str
    given: Membership
    label: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: str | None = None
    revoked_at: datetime | None = None
    email: str | None = None
    """Where its link is sent."""

    @property
    def resource(self) -> Resource:
        """To whom it belongs."""
        return Resource(self.given.organisation_id, self.given.site_id)

    def end(self, at: datetime) -> str | None:
        """Why it lets nobody in any more; None: it does."""
        if self.used_at is not None:
            return "used"
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if at >= self.expires_at else None


@dataclass(frozen=True, slots=True)
class InvitationLink:
    """An invitation with its secret, which is told this once."""

    invitation: Invitation
    secret: str = field(repr=False)


class InvitationOver(Exception):  # noqa: N818 - reads as the state it names
    """It lets nobody in any more; `why` is used, revoked or expired."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NameTaken(Exception):  # noqa: N818
    """Somebody has this name, and another password."""


class PasswordHashes(Protocol):
    """Hashes passwords, and compares with a hash; both take long on purpose."""

    async def hashed(self, password: str) -> str:
        """What is kept of it."""
        ...

    async def is_right(self, hashed: str, password: str) -> bool:
        """Whether it is the one."""
        ...


class Letters(Protocol):
    """Sends the link of an invitation to who is invited, if somebody said where."""

    def write(self, connection: Connection, link: InvitationLink) -> None:
        """Keep the letter, in the transaction of the invitation."""
        ...

    def wake(self) -> None:
        """Something was written."""
        ...


class Invitations:
    """Makes them, and lets in who has one. `letters`: None where nobody is written to."""

    def __init__(
        self, database: Database, clock: Clock, chance: Chance, owned: Owned, passwords: PasswordHashes
    ) -> None:
        self._database, self._clock, self._chance = database, clock, chance
        self._owned, self._passwords = owned, passwords
        self.letters: Letters | None = None

    async def make(
        self, given: Membership, label: str, by: str, valid_for: timedelta, email: str | None = None
    ) -> InvitationLink:
        """Make one; its link is sent to the address, if there is one. Raises NotThere."""
        now = self._clock.now()
        made = Invitation(str(self._chance.uuid()), given, label, by, now, now + valid_for, email=email)
        secret = self._chance.token(SECRET_BYTES)
        link = InvitationLink(made, secret)
        act = access_act(invitation_subject(made), now, by, AccessChange.INVITATION_MADE, given)

        def write(connection: Connection) -> None:
            if not has_organisation(connection, given.organisation_id):
                raise NotThere("organisation")
            if given.site_id and not self._owned.has_site(connection, given.organisation_id, given.site_id):
                raise NotThere("site")
            connection.execute(delete(invitations).where(_columns.expires_at < now - KEPT_FOR))
            connection.execute(insert(invitations), _row(made, secret))
            record_acts(connection, [act])
            self._send(connection, link)

        await self._database.run_write(write)
        self._wake()
        return link

    async def remake(self, invitation_id: str, by: str) -> InvitationLink:
        """Another link, valid as long as the first was; the one before lets nobody in. Raises NotThere,
        InvitationOver where it was used.
        """
        now, secret = self._clock.now(), self._chance.token(SECRET_BYTES)

        def write(connection: Connection) -> Invitation:
            known = _known(connection, invitation_id)
            if known.used_at is not None:
                raise InvitationOver("used")
            valid_for = known.expires_at - known.made_at
            made = replace(known, made_by=by, made_at=now, expires_at=now + valid_for, revoked_at=None)
            _update(connection, made, **_row(made, secret))
            act = access_act(invitation_subject(made), now, by, AccessChange.INVITATION_MADE, made.given)
            record_acts(connection, [act])
            withdraw_letters(connection, invitation_subject(made), now, "made anew")
            self._send(connection, InvitationLink(made, secret))
            return made

        made = await self._database.run_write(write)
        self._wake()
        return InvitationLink(made, secret)

    async def revoke(self, invitation_id: str, by: str) -> Invitation:
        """Its link lets nobody in. Raises NotThere, InvitationOver where it was used."""
        now = self._clock.now()

        def write(connection: Connection) -> Invitation:
            known = _known(connection, invitation_id)
            if known.used_at is not None:
                raise InvitationOver("used")
            _update(connection, known, revoked_at=now)
            subject = invitation_subject(known)
            act = access_act(subject, now, by, AccessChange.INVITATION_REVOKED, known.given)
            record_acts(connection, [act])
            withdraw_letters(connection, subject, now, "revoked")
            return replace(known, revoked_at=now)

        return await self._database.run_write(write)

    async def every(
        self, scope: AccessScope, limit: int, after: tuple[datetime, str] | None
    ) -> list[Invitation]:
        """Those of these organisations and sites, newest first."""
        query = select(invitations).where(in_scope(scope, _columns.organisation_id, _columns.site_id))
        if after is not None:
            at, last = after
            earlier = (_columns.made_at < at) | ((_columns.made_at == at) & (_columns.invitation_id < last))
            query = query.where(earlier)
        ordered = query.order_by(_columns.made_at.desc(), _columns.invitation_id.desc())
        return _invitations(await self._database.fetch_all(ordered.limit(limit)))

    async def one(self, invitation_id: str) -> Invitation | None:
        """One, by its id."""
        query = select(invitations).where(_columns.invitation_id == invitation_id)
        return next(iter(_invitations(await self._database.fetch_all(query))), None)

    async def of_secret(self, secret: str) -> Invitation:
        """The one that a link is for. Raises NotThere, InvitationOver."""
        return await self._database.run_read(lambda connection: self._open(connection, secret))

    async def accept(self, secret: str, name: str, password: str) -> Invitation:
        """Let the person in under a name of their own, or give somebody who has one the role too.

        Raises NotThere, InvitationOver; NameTaken where another password belongs to the name.
        """
        await self.of_secret(secret)  # before anything that costs: whoever guesses gets no hash computed
        known = await self._password_of(name)
        if known is not None and not await self._passwords.is_right(known, password):
            raise NameTaken
        hashed = known or await self._passwords.hashed(password)
        now, account = self._clock.now(), Account(AccountKind.PERSON, name)

        def write(connection: Connection) -> Invitation:
            invitation = self._open(connection, secret)
            theirs = select(people.c.password_hash).where(people.c.name == name)
            stored = connection.execute(theirs).scalar()
            if stored != known:  # somebody took the name, or changed the password, meanwhile
                raise NameTaken
            if known is None:
                connection.execute(insert(people), {"name": name, "password_hash": hashed, "created_at": now})
            _give(connection, account, invitation.given)
            _update(connection, invitation, used_at=now, used_by=name)
            given, subject = invitation.given, invitation_subject(invitation)
            acts = (
                access_act(account_subject(account), now, name, AccessChange.MEMBER_SAVED, given),
                access_act(subject, now, name, AccessChange.INVITATION_USED, given),
            )
            record_acts(connection, acts)
            return replace(invitation, used_at=now, used_by=name)

        return await self._database.run_write(write)

    def _send(self, connection: Connection, link: InvitationLink) -> None:
        if self.letters is not None:
            self.letters.write(connection, link)

    def _wake(self) -> None:
        if self.letters is not None:
            self.letters.wake()

    async def _password_of(self, name: str) -> str | None:
        row = await self._database.fetch_one(select(people.c.password_hash).where(people.c.name == name))
        return str(row.password_hash) if row is not None else None

    def _open(self, connection: Connection, secret: str) -> Invitation:
        row = connection.execute(select(invitations).where(_columns.digest == _digest(secret))).first()
        if row is None:
            raise NotThere("invitation")
        (found,) = _invitations([row])
        if (why := found.end(self._clock.now())) is not None:
            raise InvitationOver(why)
        return found


def _give(connection: Connection, account: Account, given: Membership) -> None:
    """The role, unless they have a greater one there."""
    known = principal_of(connection, account)
    same = (
        each.role
        for each in (known.memberships if known is not None else ())
        if (each.organisation_id, each.site_id) == (given.organisation_id, given.site_id)
    )
    if all(RANKS.index(role) < RANKS.index(given.role) for role in same):
        save_membership(connection, account, given)


def _known(connection: Connection, invitation_id: str) -> Invitation:
    row = connection.execute(select(invitations).where(_columns.invitation_id == invitation_id)).first()
    if row is None:
        raise NotThere("invitation")
    return _invitations([row])[0]


def _update(connection: Connection, invitation: Invitation, **values: Any) -> None:
    is_it = _columns.invitation_id == invitation.invitation_id
    connection.execute(update(invitations).where(is_it).values(**values))


def _row(invitation: Invitation, secret: str) -> dict[str, object]:
    return {
        "invitation_id": invitation.invitation_id,
        "digest": _digest(secret),
        "organisation_id": invitation.given.organisation_id,
        "site_id": invitation.given.site_id,
        "role": invitation.given.role.value,
        "label": invitation.label,
        "made_by": invitation.made_by,
        "made_at": invitation.made_at,
        "expires_at": invitation.expires_at,
        "revoked_at": invitation.revoked_at,
        "email": invitation.email,
    }


def _invitations(rows: Iterable[Row[Any]]) -> list[Invitation]:
    return [
        Invitation(
            row.invitation_id,
            Membership(Role(row.role), row.organisation_id, row.site_id),
            row.label,
            row.made_by,
            row.made_at,
            row.expires_at,
            row.used_at,
            row.used_by,
            row.revoked_at,
            row.email,
        )
        for row in rows
    ]


def invitation_subject(invitation: Invitation) -> str:
    """What it is called in acts."""
    return f"invitation/{invitation.invitation_id}"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
