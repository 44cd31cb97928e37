"""Roles as rows: one at each place, gone with their account."""

import pytest
from sqlalchemy import Connection, insert

from access.memberships import (
    accounts,
    end_membership,
    end_memberships,
    members,
    principal_of,
    save_membership,
)
from access.principals import Account, AccountKind, Membership, Principal, Resource, Role
from access.tables import api_tokens, organisations, people
from runtime.clock import ManualClock
from runtime.database import Database

ANN = Account(AccountKind.PERSON, "Ann")
SAM = Account(AccountKind.PERSON, "Sam")
PROGRAM = Account(AccountKind.PROGRAM, "Sam")
HERE = Membership(Role.VIEWER)
THERE = Membership(Role.MANAGER, "autre")
ON_SITE = Membership(Role.INSTALLER, "autre", "port")


@pytest.fixture(autouse=True)
async def stored(database: Database, clock: ManualClock) -> None:
    """A person and a program of the same name, another person, and another organisation."""
    at = clock.now()

    def write(connection: Connection) -> None:
        connection.execute(insert(organisations), {"organisation_id": "autre", "name": "A", "created_at": at})
        for name in ("Sam", "Ann"):
            connection.execute(insert(people), {"name": name, "password_hash": "x", "created_at": at})
        connection.execute(insert(api_tokens), {"name": "Sam", "digest": b"1", "created_at": at})
        for each in (THERE, HERE, ON_SITE):
            save_membership(connection, SAM, each)
        save_membership(connection, PROGRAM, Membership(Role.ADMIN))

    await database.run_write(write)


async def test_who_is_there_has_their_roles_in_the_order_of_places(database: Database) -> None:
    """Those of a person, not of the program of their name; without any they are somebody, too."""

    def read(connection: Connection) -> list[Principal | None]:
        nobody = Account(AccountKind.PERSON, "Nobody")
        return [principal_of(connection, each) for each in (SAM, PROGRAM, ANN, nobody)]

    assert await database.run_read(read) == [
        Principal("Sam", (THERE, ON_SITE, HERE)),
        Principal("Sam", (Membership(Role.ADMIN),)),
        Principal("Ann"),
        None,
    ]


async def test_all_of_a_kind_are_listed_by_name(database: Database) -> None:
    """With and without roles. A role whose account is gone is nobody's."""
    await database.run_write(
        lambda connection: save_membership(connection, Account(AccountKind.PERSON, "Gone"), HERE)
    )
    found = await database.run_read(lambda connection: accounts(connection, AccountKind.PERSON))
    assert found == [Principal("Ann"), Principal("Sam", (THERE, ON_SITE, HERE))]
    found = await database.run_read(lambda connection: accounts(connection, AccountKind.PROGRAM))
    assert found == [Principal("Sam", (Membership(Role.ADMIN),))]


async def test_members_of_an_organisation_are_those_of_its_sites_too(database: Database) -> None:
    """And of no other."""
    found = await database.run_read(lambda connection: members(connection, "autre"))
    assert found == [(SAM, THERE), (SAM, ON_SITE)]


async def test_a_role_takes_the_place_of_the_one_there(database: Database) -> None:
    """On a site and in all of the organisation are two places."""
    other = Membership(Role.ADMIN, "autre", "port")
    await database.run_write(lambda connection: save_membership(connection, SAM, other))
    found = await database.run_read(lambda connection: members(connection, "autre"))
    assert found == [(SAM, THERE), (SAM, other)]


async def test_a_role_ends_at_its_place_alone(database: Database) -> None:
    """In all of the organisation is not on its sites; what is not there has not ended."""

    def write(connection: Connection) -> list[bool]:
        places = (Resource("autre"), Resource("autre"), Resource("autre", "quai"))
        return [end_membership(connection, SAM, place) for place in places]

    assert await database.run_write(write) == [True, False, False]
    found = await database.run_read(lambda connection: members(connection, "autre"))
    assert found == [(SAM, ON_SITE)]


async def test_all_roles_of_an_account_end_together(database: Database) -> None:
    """Those of the other account of the same name stay."""

    def write(connection: Connection) -> list[Principal | None]:
        end_memberships(connection, SAM)
        return [principal_of(connection, SAM), principal_of(connection, PROGRAM)]

    assert await database.run_write(write) == [
        Principal("Sam"),
        Principal("Sam", (Membership(Role.ADMIN),)),
    ]
