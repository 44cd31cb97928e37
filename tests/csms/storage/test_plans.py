"""Lists for people: the database answers each question from an index that has the order asked for.

What people do runs beside the stations: a question that walks through a million transactions costs them all.
"""

from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, text

from csms.domain.records import KeptMessagesWanted, TransactionsWanted
from csms.storage import (
    announced_reports,
    commands,
    connectors,
    kept_messages,
    link_history,
    links,
    reservations,
    samples,
    stations,
    transactions,
    variables,
)
from csms.storage.ended_transactions import last_ended
from runtime.database import Database
from tests.support.inbound import CP1, NOON
from tests.support.plans import SORTS, WALKS, assert_is_indexed, plans_of

QUESTIONS = [
    TransactionsWanted(station_id, transaction_id, id_token, is_open)
    for station_id, transaction_id, id_token, is_open in product(
        [None, CP1], [None, "x"], [None, "T"], [None, True, False]
    )
]


@pytest.mark.parametrize("after", [None, (NOON, 7)], ids=["first", "next"])
@pytest.mark.parametrize("wanted", QUESTIONS, ids=str)
async def test_every_question_about_transactions_has_its_index(
    database: Database, wanted: TransactionsWanted, after: transactions.Place | None
) -> None:
    """All conditions together with each other, and going on."""
    await assert_is_indexed(database, lambda c: transactions.find_transactions(c, wanted, 100, after))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_open_transactions_are_found_without_the_ended_ones(database: Database) -> None:
    """In the order in which they are listed, from an index that holds only them."""
    (step,) = await plans_of(
        database, lambda c: transactions.find_transactions(c, TransactionsWanted(is_open=True), 100)
    )
    assert "ix_transactions_open_started" in step
    (step, *_) = await plans_of(database, lambda c: transactions.open_transactions_of(c, [CP1]))
    assert "ix_transactions_open " in step


@pytest.mark.parametrize("wanted", [TransactionsWanted(is_open=True), TransactionsWanted(station_id=CP1)])
async def test_transactions_are_counted_by_an_index(database: Database, wanted: TransactionsWanted) -> None:
    """And never more than COUNT_MOST."""
    await assert_is_indexed(database, lambda c: transactions.count_transactions(c, wanted))


READS = {
    "station_ids": lambda c: stations.station_ids(c, CP1, 100),
    "these_stations": lambda c: stations.these_stations(c, [CP1]),
    "one_station": lambda c: stations.one_station(c, CP1),
    "connectors_of": lambda c: connectors.connectors_of(c, CP1),
    "load_connectors": lambda c: connectors.load_connectors(c, [CP1]),
    "variables_of": lambda c: variables.variables_of(c, CP1, 100, "x"),
    "samples_of": lambda c: samples.samples_of(c, 1, 100),
    "open_transactions_of": lambda c: transactions.open_transactions_of(c, [CP1]),
    "last_ended": lambda c: last_ended(c, [CP1]),
    "load_open_transactions": lambda c: transactions.load_open_transactions(c, [CP1]),
    "end_left_commands": lambda c: commands.end_left_commands(c, "unknown", "gone", NOON),
    "end_left_links": lambda c: links.end_left_links(c, NOON, "gone"),
    "open_links_of": lambda c: links.open_links_of(c, "here"),
    "links_elsewhere": lambda c: links.links_elsewhere(c, [CP1], "here"),
    "load_links": lambda c: links.load_links(c, [CP1]),
    "forget_answers": lambda c: reservations.forget_answers(c, "gone", NOON),
    "announced_by_commands": lambda c: announced_reports.announced_by_commands(c, ["c1", "c2"]),
    "load_announced_reports": lambda c: announced_reports.load_announced_reports(
        c, {(CP1, "NotifyReport", 7)}
    ),
    "overdue_reports": lambda c: announced_reports.overdue_reports(c, NOON),
    "prune_link_history": lambda c: link_history.prune_link_history(c, [CP1]),
    "prune_boots": lambda c: link_history.prune_boots(c, [CP1]),
    "kept_messages_of": lambda c: kept_messages.kept_messages_of(c, CP1, KeptMessagesWanted(), 100, 7),
    "kept_messages_of one": lambda c: kept_messages.kept_messages_of(
        c, CP1, KeptMessagesWanted("NotifyEvent", 7), 100, 7
    ),
}


@pytest.mark.parametrize("name", READS)
async def test_everything_that_is_read_has_its_index(database: Database, name: str) -> None:
    """Of stations, connectors, variables, samples, commands, links."""
    read: Any = READS[name]
    await assert_is_indexed(database, read)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_walk_and_a_sort_would_be_seen(database: Database) -> None:
    """What the tests above look for."""

    def walk(connection: Connection) -> None:
        connection.execute(text("SELECT * FROM transactions ORDER BY cost_micro"))

    plan = await plans_of(database, walk)
    assert [bool(WALKS.search(step)) for step in plan] == [True, False]
    assert SORTS.search(plan[1])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_last_transactions_of_many_stations_are_read_by_one_index(database: Database) -> None:
    """At start-up, of every station: none is walked through."""
    plan = await plans_of(database, lambda c: last_ended(c, [CP1]))
    assert any("ix_transactions_station_started" in step for step in plan)
    assert any("INTEGER PRIMARY KEY" in step for step in plan)
