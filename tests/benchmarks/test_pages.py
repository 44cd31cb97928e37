"""Five console pages beside the stations: real pages with real sockets, over a database that is full."""

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks import pages
from benchmarks.heartbeat import Heart
from benchmarks.transactions import Driver


def test_a_server_is_filled_before_it_starts(tmp_path: Path) -> None:
    """With stations and ended transactions, whatever columns this version has."""
    pages.seeded(30, 200)(tmp_path)
    with closing(sqlite3.connect(tmp_path / "borne.db")) as database:
        assert database.execute("SELECT count(*) FROM stations").fetchone() == (30,)
        count = "SELECT count(*), count(DISTINCT station_id), count(ended_at) FROM transactions"
        assert database.execute(count).fetchone() == (200, 30, 200)


def test_pages_are_opened_beside_the_stations() -> None:
    """Each of them gets what it shows (no change may come to it in so little time); the loop is measured."""
    run = pages.measure(Heart, stations=60, transactions=100, seconds=0.3, turns=1)
    assert len(run.received) == len(pages.PATHS)
    assert all(each["bytes"] > 0 for each in run.received)
    assert len(run.without) == len(run.opened) == 1
    assert run.rate > 0
    assert run.p99 > 0


def test_messages_that_are_due_at_their_times_are_all_answered() -> None:
    """As many as were due, whatever the machine: their age says how late it was."""
    run = pages.measure(Driver, stations=60, transactions=100, seconds=0.4, turns=1, per_s=100.0)
    assert [each.messages for each in (*run.without, *run.opened)] == [40, 40]
    assert run.p99 > 0
