"""What was done to a station, merged from four tables: whole, in order, and page by page the same."""

import pytest
from sqlalchemy import Connection

from csms.domain.audit import AuditEntry, AuditKind, AuditPlace
from csms.domain.commands import Outcome
from csms.domain.quarantine import QuarantineDecision, QuarantineState
from csms.domain.reviews import ReviewDecision
from csms.rules.rows import CommandEndRow, CommandRow, QuarantineDecisionRow, QuarantineRow, ReviewRow
from csms.storage import commands, quarantine, reviews
from csms.storage.audit import audit_of
from ocppj.vocabulary import Epoch, StationId
from runtime.audit import Act, record_acts
from runtime.database import Database
from tests.csms.storage.test_transactions import row, write
from tests.support.inbound import CP1, CP2, NOON, minutes
from tests.support.plans import plans_of

INDEXES = ("ix_acts_subject", "ix_commands_asked", "ix_quarantine_decided", "ix_reviews_station")
PLACES: list[AuditPlace | None] = [
    None,
    *[AuditPlace(NOON, kind, "x" if kind is AuditKind.COMMAND else 7) for kind in AuditKind],
]


def asked(name: str, at: float, origin: str, station_id: StationId = CP1) -> CommandRow:
    """A command, named as its id."""
    return CommandRow(
        command_id=name, station_id=station_id, command="reset", arguments="{}", origin=origin, at=minutes(at)
    )


def reviewed(number: int, station_id: StationId) -> ReviewRow:
    """A decision."""
    return ReviewRow(
        station_id=station_id,
        transaction_no=number,
        decision=ReviewDecision.VOID,
        reason="a test charge",
        decided_by="mia",
        at=minutes(2),
        before={},
        after={},
    )


def fill(connection: Connection) -> None:
    """Two stations; at minute 2 something of every kind was done to the first."""
    write(connection, row(1), row(2, CP2))
    done = [
        Act(each, minutes(at), "ann", "adopted", None, "bench", "P1") for each in (CP1, CP2) for at in (1, 2)
    ]
    record_acts(connection, done)
    own = asked("own", 2, "provisioning")
    rows = [asked("a", 2, "api:mia"), asked("b", 2, "api:sam"), own, asked("c", 3, "api:sam", CP2)]
    commands.write_commands(connection, rows)
    end = CommandEndRow(
        command_id="a",
        outcome=Outcome.RESULT,
        status="Rejected",
        error_code=None,
        error_description=None,
        at=minutes(9),
    )
    commands.write_command_ends(connection, [end])
    kept = [QuarantineRow(each, Epoch(1), b"[2]", "why", NOON) for each in (CP1, CP1, CP2)]
    quarantine.write_quarantine(connection, kept)
    dismissed = QuarantineDecision(1, QuarantineState.DISMISSED, minutes(2), "mia", "noise")
    quarantine.write_quarantine_decisions(connection, [QuarantineDecisionRow(dismissed)])
    reviews.write_reviews(connection, [reviewed(1, CP1), reviewed(2, CP2)])


def place_of(entry: AuditEntry) -> AuditPlace:
    """Where the list goes on behind it."""
    return AuditPlace(entry.at, entry.kind, entry.key)


async def test_everything_done_is_one_list(database: Database) -> None:
    """Newest first, who and why; nothing of another station, of provisioning's own, or still undecided."""
    await database.run_write(fill)
    found = await database.run_read(lambda connection: audit_of(connection, CP1, 100))
    shown = [
        (each.at, each.by, each.kind.value, each.what, each.result, each.reason, each.reference)
        for each in found
    ]
    assert shown == [
        (minutes(2), "ann", "change", "adopted", None, "bench", "P1"),
        (minutes(2), "sam", "command", "reset", None, None, "b"),
        (minutes(2), "mia", "command", "reset", "Rejected", None, "a"),
        (minutes(2), "mia", "quarantine", "dismissed", None, "noise", "1"),
        (minutes(2), "mia", "review", "void", None, "a test charge", "T1"),
        (minutes(1), "ann", "change", "adopted", None, "bench", "P1"),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
async def test_pages_are_the_list_in_parts(database: Database, limit: int) -> None:
    """Also where all that a page ends in was done at the same instant: nothing twice, nothing left out."""
    await database.run_write(fill)
    whole = list(await database.run_read(lambda connection: audit_of(connection, CP1, 100)))
    told: list[AuditEntry] = []
    for _ in whole:
        after = place_of(told[-1]) if told else None
        told += await database.run_read(lambda c, after=after: audit_of(c, CP1, limit, after))  # type: ignore[misc]
    assert told == whole


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("after", PLACES, ids=str)
async def test_every_table_is_read_along_its_index(database: Database, after: AuditPlace | None) -> None:
    """On the first page and on each other: no table is walked through, nothing is sorted."""
    plan = await plans_of(database, lambda connection: audit_of(connection, CP1, 100, after))
    for index in INDEXES:
        assert [step for step in plan if index in step], plan
    assert not [step for step in plan if "TEMP B-TREE" in step or step.startswith("SCAN")], plan
