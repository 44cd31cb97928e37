"""Invitations: one link lets one person in, once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from access.control import AccessControl
from access.invitations import InvitationLink, InvitationOver, Invitations, NameTaken
from access.organisations import Holding, NotThere
from access.principals import DEFAULT, AccessScope, AccountKind, Membership, Resource, Role
from access.tables import invitations
from runtime.audit import acts
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from tests.support.tables import put_tables

GIVEN = Membership(Role.INSTALLER, DEFAULT, "port")
EVERYWHERE = AccessScope(frozenset({DEFAULT}))
PASSWORD = "a dark garage"


class OneSite:
    """The default organisation has one site."""

    def has_site(self, _: Connection, organisation_id: str, site_id: str) -> bool:
        """That one."""
        return (organisation_id, site_id) == (DEFAULT, "port")

    def holdings(self, _: Connection, __: str) -> list[Holding]:
        """Nothing else."""
        return []


@dataclass
class Office:
    """Who invites, and who lets in."""

    invitations: Invitations
    access: AccessControl
    clock: ManualClock
    database: Database

    async def make(
        self, given: Membership = GIVEN, valid_for: timedelta = timedelta(days=3)
    ) -> InvitationLink:
        """An invitation for Sam."""
        return await self.invitations.make(given, "Sam of Volta", "ann", valid_for)

    async def person(self, name: str) -> tuple[Membership, ...]:
        """What somebody is."""
        found = next(each for each in await self.access.people() if each.name == name)
        assert found.kind is AccountKind.PERSON
        return found.memberships


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """On a fresh database."""
    database = await Database.open(put_tables(tmp_path / "borne.db"), migrations="borne.migrations")
    clock, chance = ManualClock(), SeededChance(3)
    access = AccessControl(database, clock, chance)
    yield Office(Invitations(database, clock, chance, OneSite(), access), access, clock, database)
    await database.close()


async def over(work: object) -> str:
    """Why an invitation lets nobody in."""
    with pytest.raises(InvitationOver) as raised:
        await work  # type: ignore[misc] # a coroutine
    return raised.value.why


async def test_a_link_lets_one_person_in_once(office: Office) -> None:
    """Under the name they choose, as what was said; who came by it is kept, the secret is not."""
    made = await office.make()
    assert made.secret not in repr(made)
    assert (await office.invitations.of_secret(made.secret)).label == "Sam of Volta"
    used = await office.invitations.accept(made.secret, "sam", PASSWORD)
    assert (used.used_by, await office.person("sam")) == ("sam", (GIVEN,))
    assert await office.access.log_in("sam", PASSWORD) is not None
    assert await over(office.invitations.accept(made.secret, "kim", PASSWORD)) == "used"
    assert await over(office.invitations.revoke(used.invitation_id, "ann")) == "used"
    assert await over(office.invitations.remake(used.invitation_id, "ann")) == "used"
    (row,) = await office.database.fetch_all(select(invitations))
    assert made.secret.encode() not in row.digest
    what = [each.what for each in await office.database.fetch_all(select(acts).order_by(acts.c.act_id))]
    assert what == ["invitation-made", "member-saved", "invitation-used"]


async def test_two_at_once_are_one(office: Office) -> None:
    """Whoever comes second is told that it was used."""
    made = await office.make()
    tries = (office.invitations.accept(made.secret, name, PASSWORD) for name in ("sam", "kim"))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["Invitation", "InvitationOver"]
    assert len(await office.access.people()) == 1


async def test_a_link_ends_with_its_time_and_when_it_is_revoked(office: Office) -> None:
    """And a new one begins anew, which is the only one then."""
    made = await office.make(valid_for=timedelta(hours=1))
    invitation_id = made.invitation.invitation_id
    await office.clock.advance(3600)
    assert await over(office.invitations.of_secret(made.secret)) == "expired"
    again = await office.invitations.remake(invitation_id, "bea")
    assert again.invitation.expires_at - again.invitation.made_at == timedelta(hours=1)
    with pytest.raises(NotThere):
        await office.invitations.of_secret(made.secret)
    revoked = await office.invitations.revoke(invitation_id, "ann")
    assert revoked.end(office.clock.now()) == "revoked"
    assert await over(office.invitations.accept(again.secret, "sam", PASSWORD)) == "revoked"
    assert await office.access.people() == []


async def test_who_has_an_account_gets_the_role_too(office: Office) -> None:
    """With its own password; nobody takes over an account by a link, and no role gets less."""
    await office.access.add_person("sam", PASSWORD, Role.MANAGER)
    made = await office.make(Membership(Role.INSTALLER))
    with pytest.raises(NameTaken):
        await office.invitations.accept(made.secret, "sam", "another password")
    await office.invitations.accept(made.secret, "sam", PASSWORD)
    assert await office.person("sam") == (Membership(Role.MANAGER),)
    more = await office.make()
    await office.invitations.accept(more.secret, "sam", PASSWORD)
    assert set(await office.person("sam")) == {Membership(Role.MANAGER), GIVEN}


async def test_nobody_is_invited_to_where_nothing_is(office: Office) -> None:
    """Neither an organisation nor a site that is not there."""
    for given in (Membership(Role.INSTALLER, "autre"), Membership(Role.INSTALLER, DEFAULT, "none")):
        with pytest.raises(NotThere):
            await office.make(given)
    for work in (office.invitations.revoke("none", "ann"), office.invitations.remake("none", "ann")):
        with pytest.raises(NotThere):
            await work
    with pytest.raises(NotThere):
        await office.invitations.accept("nonsense", "sam", PASSWORD)
    assert await office.invitations.one("none") is None


async def test_a_list_is_narrowed_and_goes_on(office: Office) -> None:
    """Newest first; what ended long ago goes with the next one."""
    first = await office.make()
    await office.clock.advance(60)
    second = await office.make()
    found = await office.invitations.every(EVERYWHERE, 1, None)
    assert [each.invitation_id for each in found] == [second.invitation.invitation_id]
    after = found[0].made_at, found[0].invitation_id
    rest = await office.invitations.every(EVERYWHERE, 9, after)
    assert [each.invitation_id for each in rest] == [first.invitation.invitation_id]
    assert await office.invitations.every(AccessScope(frozenset({"autre"})), 9, None) == []
    await office.clock.advance(timedelta(days=100).total_seconds())
    await office.make()
    assert len(await office.invitations.every(EVERYWHERE, 9, None)) == 1


async def test_an_invitation_belongs_to_the_site_that_it_is_for(office: Office) -> None:
    """So that whoever manages that site sees it."""
    made = await office.make()
    assert made.invitation.resource == Resource(DEFAULT, "port")


async def test_a_link_takes_over_no_account(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that somebody has needs their password."""
    await office.access.add_person("sam", PASSWORD, Role.VIEWER)
    made = await office.make()

    async def is_right(hashed: str, password: str) -> bool:
        return False  # without the thread that hashes: coverage loses what follows it

    monkeypatch.setattr(office.access, "is_right", is_right)
    with pytest.raises(NameTaken):
        await office.invitations.accept(made.secret, "sam", "another password")


async def test_a_password_that_changes_meanwhile_is_not_overlooked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the comparison and the writing."""
    await office.access.add_person("sam", PASSWORD, Role.VIEWER)
    made = await office.make()

    async def is_right(hashed: str, password: str) -> bool:
        await office.access.add_person("sam", "changed just now", Role.VIEWER)
        return True

    monkeypatch.setattr(office.access, "is_right", is_right)
    with pytest.raises(NameTaken):
        await office.invitations.accept(made.secret, "sam", PASSWORD)


class Post:
    """Where letters go."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.wakes = 0

    def write(self, _: Connection, link: InvitationLink) -> None:
        """Kept."""
        self.written.append(link.secret)

    def wake(self) -> None:
        """Something was written."""
        self.wakes += 1


async def test_an_invitation_goes_by_letter_where_letters_are_written(office: Office) -> None:
    """In its own transaction; what sends them is woken after it."""
    office.invitations.letters = post = Post()
    made = await office.make()
    assert post.written == [made.secret]
    assert post.wakes == 1
