"""Statements that are compiled once and take any number of rows."""

import pytest
from sqlalchemy import Column, Integer, String, Table, select

from runtime.database import Database, metadata
from runtime.database.statements import CHUNKS, Writing, insert_new, insert_or_update, json_keys, update_some

shelf = Table(
    "test_shelf",
    metadata,
    Column("name", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("note", String),
)
metadata.remove(shelf)  # the product's own schema has no such table

CHUNK = CHUNKS[0]
Item = tuple[str, int, str | None]


@pytest.fixture
async def stocked(database: Database) -> Database:
    """With a shelf."""
    await database.run_write(shelf.create)
    return database


async def rows(database: Database) -> list[Item]:
    """All, by name."""
    found = await database.fetch_all(select(shelf).order_by(shelf.c.name))
    return [(row.name, row._mapping["count"], row.note) for row in found]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 16, 21, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
async def test_any_number_of_rows_is_written(stocked: Database, count: int) -> None:
    """The largest chunks first, in one statement each; the last few row by row."""
    write = insert_new(shelf, ("name", "count", "note"), lambda item: item).write
    items: list[Item] = [(f"{number:05}", number, None) for number in range(count)]
    await stocked.run_write(lambda connection: write(connection, items))
    assert await rows(stocked) == items


async def test_what_is_there_stays(stocked: Database) -> None:
    """ON CONFLICT DO NOTHING, in chunks too."""
    write = insert_new(shelf, ("name", "count", "note"), lambda item: item).write
    first: list[Item] = [(f"{number:05}", number, "first") for number in range(CHUNK)]
    again: list[Item] = [(name, -1, "again") for name, _, _ in first]
    for items in (first, again):
        await stocked.run_write(lambda connection, items=items: write(connection, items))  # type: ignore[misc]
    assert await rows(stocked) == first


async def test_what_is_there_is_brought_up_to_date(stocked: Database) -> None:
    """All values but the key's, or those that are named."""
    whole = insert_or_update(shelf, ("name", "count", "note"), lambda item: item).write
    counted = insert_or_update(shelf, ("name", "count", "note"), lambda item: item, updated=["count"]).write
    await stocked.run_write(lambda connection: whole(connection, [("a", 1, "x"), ("b", 1, "x")]))
    await stocked.run_write(lambda connection: whole(connection, [("a", 2, "y")]))
    await stocked.run_write(lambda connection: counted(connection, [("b", 3, "y"), ("c", 4, "z")]))
    assert await rows(stocked) == [("a", 2, "y"), ("b", 3, "x"), ("c", 4, "z")]


@pytest.mark.parametrize("count", [1, 4, CHUNK + 5])
async def test_some_values_of_what_is_there_change(stocked: Database, count: int) -> None:
    """Those that are named; what is not there is not made."""
    whole = insert_or_update(shelf, ("name", "count", "note"), lambda item: item).write
    counted = update_some(shelf, ("name", "count"), lambda item: item[:2]).write
    items: list[Item] = [(f"{number:05}", number, "x") for number in range(count)]
    later: list[Item] = [(name, number + 7, "y") for name, number, _ in items]
    await stocked.run_write(lambda connection: whole(connection, [*items, ("z", 1, "x")]))
    await stocked.run_write(lambda connection: counted(connection, [*later, ("missing", 1, "y")]))
    assert await rows(stocked) == [*((name, number + 7, "x") for name, number, _ in items), ("z", 1, "x")]


async def test_the_last_of_equal_rows_counts(stocked: Database) -> None:
    """Within one chunk as within one batch."""
    write = insert_or_update(shelf, ("name", "count", "note"), lambda item: item).write
    items: list[Item] = [("a", number, None) for number in range(CHUNK)]
    await stocked.run_write(lambda connection: write(connection, items))
    assert await rows(stocked) == [("a", CHUNK - 1, None)]


def test_values_that_would_be_bound_in_another_order_are_refused() -> None:
    """When the module is imported, not when the first row comes."""
    with pytest.raises(ValueError, match="values are bound as"):
        insert_new(shelf, ("count", "name"), lambda item: item)
    with pytest.raises(ValueError, match="no list of values"):
        Writing("INSERT INTO test_shelf SELECT 1", 1, lambda item: item)


def test_keys_travel_as_json() -> None:
    """For json_each."""
    assert json_keys([("a", -1), ("é\n", 2**63 - 1)]) == '[["a",-1],["é\\n",9223372036854775807]]'
