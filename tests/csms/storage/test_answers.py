"""First answers, found by content and bounded per station."""

import pytest
from sqlalchemy import text

from csms.rules.replies import reply_to_text
from csms.rules.rows import AnswerRow
from csms.storage import (
    answers,
)
from ocppj.model.transactions import TransactionEventResponse
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON


async def test_answers_are_found_by_content(database: Database) -> None:
    """Several ids may have had the same content; another station's is another."""
    reply = reply_to_text(TransactionEventResponse("1"))
    rows = [
        AnswerRow(CP1, -5, "m1", reply, NOON),
        AnswerRow(CP1, -5, "m2", "", NOON),
        AnswerRow(CP2, -5, "m1", "", NOON),
    ]
    await database.run_write(lambda c: answers.write_answers(c, [*rows, rows[0]]))
    found = await database.run_read(lambda c: answers.load_answers(c, [(CP1, -5), (CP2, 6)]))
    assert sorted(found, key=lambda each: each.message_id) == rows[:2]


async def test_answers_of_a_station_are_bounded(database: Database) -> None:
    """DUR-05: the newest ANSWERS_KEPT stay, other stations lose nothing."""
    most = answers.ANSWERS_KEPT
    many = [AnswerRow(CP1, number, "m", "", NOON) for number in range(most + 50)]
    await database.run_write(lambda c: answers.write_answers(c, [AnswerRow(CP2, 1, "m", "", NOON), *many]))
    await database.run_write(lambda c: answers.prune_answers(c, [CP1, CP2]))
    kept = await database.fetch_all(
        text("SELECT station_id, digest FROM received_messages ORDER BY received_id")
    )
    assert [r.digest for r in kept if r.station_id == CP1] == list(range(50, most + 50))
    assert [r.digest for r in kept if r.station_id == CP2] == [1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_answers_are_found_by_an_index(database: Database) -> None:
    """Each lookup touches what it finds."""
    plan = await database.fetch_all(text("EXPLAIN QUERY PLAN " + answers._FIND.text.replace("?", "'[]'")))
    assert any("uq_received_messages_content (station_id=? AND digest=?)" in each.detail for each in plan)
