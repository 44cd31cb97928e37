"""Organisations and memberships, as rows: each change with who did it, or not at all."""

import pytest
from sqlalchemy import Connection, text

from access.control import AccessControl
from access.organisations import MEMBERS, Holding, InUse, NotThere, Organisation, Organisations
from access.principals import Account, AccountKind, Membership, Principal, Resource, Role
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.wording import Phrase

SAM = Account(AccountKind.PERSON, "Sam")
AUTRE = Organisation("autre", "Autre inc.")
PASSWORD = "pouding chômeur"
SITES = Holding(Phrase("{count} site", "{count} site"), Phrase("{count} sites", "{count} sites"), ("Port",))


class NothingOwned:
    """Nobody has any site."""

    def has_site(self, connection: Connection, organisation_id: str, site_id: str) -> bool:
        """None."""
        return False

    def holdings(self, connection: Connection, organisation_id: str) -> list[Holding]:
        """Nothing."""
        return []


class OneSite:
    """The other organisation has one site."""

    def has_site(self, connection: Connection, organisation_id: str, site_id: str) -> bool:
        """That one."""
        return (organisation_id, site_id) == ("autre", "port")

    def holdings(self, connection: Connection, organisation_id: str) -> list[Holding]:
        """And nobody else anything."""
        return [SITES] if organisation_id == "autre" else []


@pytest.fixture
async def access(database: Database, clock: ManualClock, chance: SeededChance) -> AccessControl:
    """With somebody who can log in."""
    opened = AccessControl(database, clock, chance)
    await opened.add_person("Sam", PASSWORD, Role.VIEWER, by="root")
    return opened


async def acts(database: Database) -> list[tuple[str, str, str, str | None, str | None]]:
    """What was kept of what was done, first to last."""
    query = text("SELECT subject, done_by, what, result, reference FROM acts ORDER BY act_id")
    return [
        (row.subject, row.done_by, row.what, row.result, row.reference)
        for row in await database.fetch_all(query)
    ]


async def test_there_is_one_to_begin_with(database: Database, clock: ManualClock) -> None:
    """Which cannot be removed; another one can be made, named anew, and removed while it has nothing."""
    organisations = Organisations(database, clock, NothingOwned())
    (default,) = await organisations.every()
    assert default.organisation_id == "default"
    assert await organisations.save(AUTRE, "root")
    assert await organisations.save(Organisation("autre", "Aardvark"), "root")
    assert [each.name for each in await organisations.every()] == ["default", "Aardvark"]
    assert not await organisations.save(Organisation("une", "Aardvark"), "root")
    assert await organisations.one("une") is None
    with pytest.raises(InUse):
        await organisations.remove("default", "root")
    await organisations.remove("autre", "root")
    with pytest.raises(NotThere):
        await organisations.remove("autre", "root")
    assert [each[2] for each in await acts(database)] == ["organisation-saved"] * 2 + ["organisation-removed"]


async def test_one_that_has_anything_stays(
    access: AccessControl, database: Database, clock: ManualClock
) -> None:
    """Sites are asked for in the same transaction, members the database knows of; nothing is kept of it."""
    with_sites, without = (
        Organisations(database, clock, OneSite()),
        Organisations(database, clock, NothingOwned()),
    )
    await without.save(AUTRE, "root")
    with pytest.raises(InUse) as used:
        await with_sites.remove("autre", "root")
    assert used.value.holdings == [SITES]
    assert await without.one("autre") == AUTRE
    assert (await acts(database))[-1][2] == "organisation-saved"
    await without.save_member(SAM, Membership(Role.VIEWER, "autre"), "root")
    await with_sites.save_member(SAM, Membership(Role.VIEWER, "autre", "port"), "root")  # once, all the same
    with pytest.raises(InUse) as used:
        await without.remove("autre", "root")
    assert used.value.holdings == [Holding(*MEMBERS, ("Sam",))]


async def test_a_person_is_one_thing_here_and_another_there(
    access: AccessControl, database: Database, clock: ManualClock
) -> None:
    """A second role at the same place takes the place of the first; all of it is kept with who gave it."""
    organisations = Organisations(database, clock, OneSite())
    await organisations.save(AUTRE, "root")
    for role in (Role.INSTALLER, Role.MANAGER):
        await organisations.save_member(SAM, Membership(role, "autre", "port"), "root")
    begun = await access.log_in("Sam", PASSWORD)
    assert begun is not None
    expected = (Membership(Role.MANAGER, "autre", "port"), Membership(Role.VIEWER))
    assert begun[0] == Principal("Sam", expected)
    assert await organisations.members("autre") == [(SAM, expected[0])]
    assert [each.memberships for each in await access.people()] == [expected]
    await access.add_person("Sam", PASSWORD, Role.INSTALLER, by="root")
    (sam,) = await access.people()
    assert sam.memberships == (expected[0], Membership(Role.INSTALLER))
    await organisations.remove_member(SAM, Resource("autre", "port"), "root")
    with pytest.raises(NotThere, match="membership"):
        await organisations.remove_member(SAM, Resource("autre", "port"), "root")
    assert await organisations.members("autre") == []
    found = await acts(database)
    assert ("person/Sam", "root", "member-saved", "manager", "autre/port") in found
    assert found[-1] == ("person/Sam", "root", "member-removed", None, "autre/port")
    await access.remove_person("Sam", by="root")
    assert await database.scalar(text("SELECT count(*) FROM memberships")) == 0
    assert (await acts(database))[-1][:3] == ("person/Sam", "root", "person-removed")


@pytest.mark.parametrize(
    ("account", "given", "what"),
    [
        (SAM, Membership(Role.VIEWER, "nowhere"), "organisation"),
        (SAM, Membership(Role.VIEWER, "autre", "quai"), "site"),
        (Account(AccountKind.PERSON, "Nobody"), Membership(Role.VIEWER, "autre"), "person"),
        (Account(AccountKind.PROGRAM, "Sam"), Membership(Role.VIEWER, "autre"), "program"),
    ],
)
async def test_what_is_not_there_gets_no_role(
    access: AccessControl,
    database: Database,
    clock: ManualClock,
    account: Account,
    given: Membership,
    what: str,
) -> None:
    """Nor is anything kept of it."""
    organisations = Organisations(database, clock, OneSite())
    await organisations.save(AUTRE, "root")
    before = await acts(database)
    with pytest.raises(NotThere, match=what):
        await organisations.save_member(account, given, "root")
    with pytest.raises(NotThere):
        await access.add_person("Sam", PASSWORD, Role.ADMIN, "nowhere")
    assert await acts(database) == before
    assert await access.log_in("Sam", PASSWORD) is not None


async def test_only_who_is_theirs_alone_is_given_another_role_by_an_organisation(
    access: AccessControl, database: Database, clock: ManualClock
) -> None:
    """Whoever has a role elsewhere, or none at all, is somebody else's to let in."""
    organisations = Organisations(database, clock, OneSite())
    await organisations.save(AUTRE, "root")
    here = Membership(Role.VIEWER, "autre")
    with pytest.raises(NotThere, match="person"):
        await organisations.save_member(SAM, here, "ada", is_anybody=False)
    await organisations.save_member(SAM, here, "root")
    with pytest.raises(NotThere, match="person"):
        await organisations.save_member(SAM, here, "ada", is_anybody=False)
    await organisations.remove_member(SAM, Resource(), "root")
    on_site = Membership(Role.MANAGER, "autre", "port")
    await organisations.save_member(SAM, on_site, "ada", is_anybody=False)
    assert await organisations.members("autre") == [(SAM, here), (SAM, on_site)]
