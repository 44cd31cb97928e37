"""Numbers that only grow."""

from csms.storage import (
    counters,
)
from runtime.database import Database


async def test_counters_only_grow(database: Database) -> None:
    """Blocks follow each other."""
    assert await database.run_write(lambda c: counters.reserve(c, "x", 10)) == 0
    assert await database.run_write(lambda c: counters.reserve(c, "x", 10)) == 10
    await database.run_write(lambda c: counters.write_number(c, "y", 5))
    assert await database.run_read(lambda c: counters.load_number(c, "x")) == 20
    assert await database.run_read(lambda c: counters.load_number(c, "z")) == 0
