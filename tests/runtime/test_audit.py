"""Acts: kept in the transaction of what was done, or not at all; the newest of each subject."""

import pytest
from sqlalchemy import Connection, select

from runtime.audit import ACTS_KEPT, Act, acts, record_acts
from runtime.database import Database
from tests.support.inbound import NOON, minutes


def done(number: int, subject: str = "cp1") -> Act:
    """One act, the later the higher its number."""
    return Act(subject, minutes(number), "ann", "suspended", reason=f"{number}")


async def reasons(database: Database, subject: str) -> list[str | None]:
    """What is kept, oldest first."""
    query = select(acts.c.reason).where(acts.c.subject == subject).order_by(acts.c.act_id)
    return [row.reason for row in await database.fetch_all(query)]


async def test_what_fails_was_not_done(database: Database) -> None:
    """The act goes with the change that it tells of."""

    def failing(connection: Connection) -> None:
        record_acts(connection, [done(1)])
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await database.run_write(failing)
    assert await reasons(database, "cp1") == []
    await database.run_write(lambda connection: record_acts(connection, []))
    await database.run_write(lambda connection: record_acts(connection, [done(2)]))
    assert await reasons(database, "cp1") == ["2"]


async def test_of_each_subject_the_newest_acts_stay(database: Database) -> None:
    """Whoever acts on one station for ever displaces nothing of another."""
    await database.run_write(lambda connection: record_acts(connection, [done(0, "cp2")]))
    many = [done(number) for number in range(ACTS_KEPT + 5)]
    await database.run_write(lambda connection: record_acts(connection, many))
    kept = await reasons(database, "cp1")
    assert (len(kept), kept[0], kept[-1]) == (ACTS_KEPT, "5", str(ACTS_KEPT + 4))
    assert await reasons(database, "cp2") == ["0"]


def test_an_act_is_a_cause_in_words() -> None:
    """For a history that was made of them before."""
    assert Act("cp1", NOON, "ann", "taken-away").cause == "taken away by ann"
