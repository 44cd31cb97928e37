"""Decisions, and parts of messages as they came: read back with their transaction, and bounded."""

from sqlalchemy import Connection

from csms.domain.records import AttachmentRecord
from csms.domain.reviews import ReviewDecision, ReviewRecord
from csms.rules.rows import AttachmentRow, ReviewRow
from csms.storage.reviews import (
    ATTACHMENTS_FIRST,
    ATTACHMENTS_LAST,
    attachments_of,
    reviews_of,
    write_attachments,
    write_reviews,
)
from runtime.database import Database
from tests.csms.storage.test_transactions import row, write
from tests.support.inbound import CP1, CP2, NOON, minutes


def review(number: int, decision: ReviewDecision, at: float) -> ReviewRow:
    """A decision."""
    return ReviewRow(
        station_id=CP1,
        transaction_no=number,
        decision=decision,
        reason="because",
        decided_by="ann",
        at=minutes(at),
        before={"review": "held", "energy_wh": 1.5},
        after={"review": "void", "energy_wh": None},
    )


async def test_decisions_are_read_with_their_transaction(database: Database) -> None:
    """Oldest first; another transaction's are not among them."""

    def stored(connection: Connection) -> list[ReviewRecord]:
        write(connection, row(1), row(2, CP2, transaction_id="T1"))
        decisions = [
            review(1, ReviewDecision.ACCEPT, 1),
            review(2, ReviewDecision.ACCEPT, 2),
            review(1, ReviewDecision.VOID, 3),
        ]
        write_reviews(connection, decisions)
        return list(reviews_of(connection, 1))

    first, last = await database.run_write(stored)
    assert (first.decision, last.decision, last.decided_at) == (
        ReviewDecision.ACCEPT,
        ReviewDecision.VOID,
        minutes(3),
    )
    assert first.before == {"review": "held", "energy_wh": 1.5}
    assert first.after == {"review": "void", "energy_wh": None}


async def test_of_a_long_transaction_the_parts_in_the_middle_go(database: Database) -> None:
    """The first and the last ones prove what was delivered."""
    most = ATTACHMENTS_FIRST + ATTACHMENTS_LAST

    def stored(connection: Connection) -> list[AttachmentRecord]:
        write(connection, row(1))
        for start in range(0, most + 100, 50):
            rows = [AttachmentRow(1, "signed-value", f"{start + n}", NOON) for n in range(50)]
            write_attachments(connection, rows)
        return list(attachments_of(connection, 1))

    kept = [int(each.content) for each in await database.run_write(stored)]
    assert kept == [*range(ATTACHMENTS_FIRST), *range(ATTACHMENTS_FIRST + 100, most + 100)]
