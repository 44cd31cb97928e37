"""How the database answers a function's questions: its own word for each statement."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event

from runtime.database import Database

WALKS = re.compile(r"^SCAN (?!anon_|\w+ VIRTUAL TABLE|\w+ USING (COVERING )?INDEX)")
"""A whole table, row by row. Along an index in the order asked for is fine: `LIMIT` ends it."""
SORTS = re.compile(r"USE TEMP B-TREE")


async def plans_of(database: Database, fn: Callable[[Connection], Any]) -> list[str]:
    """Each step of each statement that `fn` executes."""

    def explain(connection: Connection) -> list[str]:
        asked: list[tuple[str, Any]] = []

        def note(*arguments: Any) -> None:
            asked.append((arguments[2], arguments[3]))

        event.listen(connection, "before_cursor_execute", note)
        fn(connection)
        event.remove(connection, "before_cursor_execute", note)
        if connection.dialect.name == "postgresql":
            return [step for each in asked for step in _on_postgres(connection, *each)]
        return [
            str(step[3])
            for statement, parameters in asked
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]

    return await database.run_write(explain)


def _on_postgres(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """Each step in SQLite's words; an index that serves is taken, however small the table."""
    for each in ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_hashjoin", "enable_mergejoin"):
        connection.exec_driver_sql(f"SET LOCAL {each} = off")
    steps = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    walked = [re.search(r"Seq Scan on (\w+)", step) for step in steps]
    sorted_ = [step for step in steps if re.search(r"^\W*Sort\s+\(cost", step)]
    return [
        *(f"SCAN {found[1]}" for found in walked if found is not None),
        *("USE TEMP B-TREE" for _ in sorted_),
        *(step for step in steps if "Scan" in step and "Seq Scan" not in step),
    ]


async def assert_is_indexed(
    database: Database, fn: Callable[[Connection], Any], *, may_sort: bool = False
) -> None:
    """No statement of `fn` reads a whole table, and none sorts what an index could give in order."""
    plan = await plans_of(database, fn)
    assert plan
    assert not [step for step in plan if WALKS.search(step)], plan
    assert may_sort or not [step for step in plan if SORTS.search(step)], plan
