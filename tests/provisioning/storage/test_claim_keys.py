"""Answers to claims with a key, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.rules.claim_keys import KeyedClaim
from provisioning.storage import claim_keys as module
from provisioning.storage.claim_keys import KEPT_FOR, load_claim_key, save_claim_key
from provisioning.storage.tables import claim_keys
from runtime.database import Database

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
GRANTED = KeyedClaim("sam", "key-1", b"sealed", NOW, StationId("a"))


async def saved(database: Database, *kept: KeyedClaim) -> None:
    """In this order."""

    def write(connection: Connection) -> None:
        for each in kept:
            save_claim_key(connection, each)

    await database.run_write(write)


async def test_an_answer_comes_back_as_it_was(database: Database) -> None:
    """A grant, and a refusal; keys are each account's own."""
    refused = replace(GRANTED, key="key-2", refused_as=Code.CODE_WRONG, tries=3)
    await saved(database, GRANTED, refused)
    assert await database.run_read(lambda c: load_claim_key(c, "sam", "key-1")) == GRANTED
    assert await database.run_read(lambda c: load_claim_key(c, "sam", "key-2")) == refused
    assert await database.run_read(lambda c: load_claim_key(c, "kim", "key-1")) is None


async def test_old_ones_and_too_many_go(database: Database) -> None:
    """A week is enough for a phone, and nobody fills the table."""
    later = replace(GRANTED, key="key-2", at=NOW + KEPT_FOR + timedelta(seconds=1))
    await saved(database, GRANTED, later)
    assert await database.run_read(lambda c: load_claim_key(c, "sam", "key-1")) is None
    many = [replace(later, key=f"key-{n:04}", at=later.at + timedelta(seconds=n)) for n in range(210)]
    await saved(database, *many)
    count = select(func.count()).select_from(claim_keys)
    assert await database.run_read(lambda c: c.execute(count).scalar()) == module.KEPT_MOST
    assert await database.run_read(lambda c: load_claim_key(c, "sam", "key-0209")) == many[-1]
