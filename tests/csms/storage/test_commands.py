"""Commands and how they ended."""

from sqlalchemy import text

from csms.domain.commands import Outcome
from csms.rules.rows import CommandEndRow, CommandRow
from csms.storage import (
    commands,
)
from runtime.database import Database
from tests.support.inbound import CP1, NOON, minutes


async def test_a_command_ends_once(database: Database) -> None:
    """The first end counts, also where the last process left it open (CMD-01)."""
    sent = [
        CommandRow(command_id=f"c{n}", station_id=CP1, command="reset", arguments="{}", origin="api", at=NOON)
        for n in range(3)
    ]
    end = CommandEndRow(
        command_id="c0",
        outcome=Outcome.RESULT,
        status="Accepted",
        error_code=None,
        error_description=None,
        at=minutes(1),
    )
    await database.run_write(lambda c: commands.write_commands(c, sent))
    for outcome in (Outcome.RESULT, Outcome.TIMEOUT):
        again = [
            CommandEndRow(
                **{name: getattr(end, name) for name in end.__struct_fields__} | {"outcome": outcome}
            )
        ]
        await database.run_write(lambda c, again=again: commands.write_command_ends(c, again))  # type: ignore[misc]
    left = await database.run_write(lambda c: commands.end_left_commands(c, "unknown", "killed", minutes(2)))
    assert [(each.command_id, each.command) for each in left] == [("c1", "reset"), ("c2", "reset")]
    found = await database.fetch_all(
        text("SELECT command_id, outcome, status, error_description FROM commands")
    )
    assert [tuple(each) for each in found] == [
        ("c0", "result", "Accepted", None),
        ("c1", "unknown", None, "killed"),
        ("c2", "unknown", None, "killed"),
    ]
