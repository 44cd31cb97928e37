"""Work on disk: superseded by name, withdrawn, found again, and pruned by limits with a name."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from runtime.database import Database
from runtime.wording import Phrase
from runtime.work.pieces import Piece, WorkDone
from runtime.work.request import WorkRequest, WorkState
from runtime.work.storage import (
    claim_work,
    end_run,
    enqueue_if_absent,
    extend_leases,
    find_work,
    free_leases,
    look_ahead,
    prune_subjects,
    prune_work,
    withdraw_work,
    write_work,
)
from runtime.work.table import work
from tests.support.work import FETCH, SWEEP

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
KINDS = (SWEEP.name, FETCH.name)


async def write(database: Database, *requests: WorkRequest) -> None:
    """Ask for these."""
    await database.run_write(lambda connection: write_work(connection, requests))


async def states(database: Database, *subjects: str) -> list[str]:
    """Of these, or of all; the oldest first."""
    found = await database.run_read(lambda connection: find_work(connection, subjects=subjects))
    return [each.state.value for each in reversed(found)]


async def end_all(database: Database) -> None:
    """Claim what is due, and end it."""

    def end(connection: Connection) -> None:
        for piece in claim_work(connection, KINDS, "one", NOW, until=LATER, most=100):
            assert end_run(connection, piece, WorkDone(), NOW)

    await database.run_write(end)


async def test_a_request_replaces_only_what_waits_under_its_own_name(database: Database) -> None:
    """Kind, subject and key; of several at once the last counts."""
    await write(
        database, SWEEP.request("s1", NOW), SWEEP.request("s2", NOW), SWEEP.request("s1", NOW, key="boot")
    )
    await write(database, SWEEP.request("s1", NOW), FETCH.request("s1", NOW), FETCH.request("s1", NOW))
    assert await states(database, "s1") == ["superseded", "waiting", "waiting", "waiting"]
    assert await states(database, "s2") == ["waiting"]


async def test_what_waits_for_those_who_have_gone_is_withdrawn(database: Database) -> None:
    """With the reason."""
    await write(database, SWEEP.request("s1", NOW), SWEEP.request("s2", NOW))
    gone = Phrase("partie", "gone")
    await database.run_write(lambda connection: withdraw_work(connection, {"s1"}, NOW, gone))
    (piece,) = await database.run_read(lambda connection: find_work(connection, subjects=("s1",)))
    assert (piece.state, piece.reason) == (WorkState.SUPERSEDED, gone)
    assert await states(database, "s2") == ["waiting"]


async def test_what_somebody_asked_for_is_not_asked_for_again(database: Database) -> None:
    """Whether it waits or runs."""
    await write(database, SWEEP.request("s1", NOW), FETCH.request("s2", NOW, due_at=LATER))
    await database.run_write(
        lambda connection: claim_work(connection, KINDS, "one", NOW, until=LATER, most=10)
    )
    every = [SWEEP.request("s1", NOW), FETCH.request("s2", NOW), FETCH.request("s3", NOW)]
    await database.run_write(lambda connection: enqueue_if_absent(connection, every))
    assert await states(database) == ["running", "waiting", "waiting"]


async def test_the_database_refuses_two_runs_of_one_subject_and_lane(database: Database) -> None:
    """Whoever claims."""
    row = {
        "kind": "sweep",
        "subject": "s1",
        "lane": "configuration",
        "key": "",
        "cause": "",
        "arguments": "{}",
        "state": "running",
        "attempt": 1,
        "asked_at": NOW,
        "moved_at": NOW,
        "evidence": "[]",
    }
    await database.execute(insert(work), row)
    await database.execute(insert(work), row | {"lane": "activation"})
    with pytest.raises(IntegrityError):
        await database.execute(insert(work), row)


async def test_a_piece_that_was_moved_meanwhile_is_not_claimed(database: Database) -> None:
    """Claimed twice at once, the second finds it leased."""
    await write(database, SWEEP.request("s1", NOW))
    claimed = {}
    for node in ("one", "two"):
        claimed[node] = await database.run_write(
            lambda connection, node=node: claim_work(connection, KINDS, node, NOW, until=LATER, most=10)  # type: ignore[misc] # bound now
        )
    assert (len(claimed["one"]), len(claimed["two"])) == (1, 0)
    ids = [each.work_id for each in claimed["one"]]
    still = await database.run_write(lambda connection: extend_leases(connection, "two", ids, LATER))
    assert still == frozenset()


async def test_a_look_says_when_to_look_again(database: Database) -> None:
    """What is due now, what is due next, and whose lease ends; other kinds are somebody else's."""
    at = NOW + timedelta(seconds=10)
    await write(database, SWEEP.request("s1", NOW), FETCH.request("s2", NOW, due_at=at))
    ahead = await database.run_read(lambda connection: look_ahead(connection, KINDS, NOW))
    assert (ahead.is_due, ahead.next_at) == (True, at)
    await database.run_write(
        lambda connection: claim_work(connection, KINDS, "one", NOW, until=at - timedelta(seconds=1), most=1)
    )
    ahead = await database.run_read(lambda connection: look_ahead(connection, KINDS, NOW))
    assert (ahead.is_due, ahead.next_at) == (False, at - timedelta(seconds=1))
    ahead = await database.run_read(lambda connection: look_ahead(connection, (), NOW))
    assert (ahead.is_due, ahead.next_at) == (False, None)


async def test_pieces_are_found_by_subject_state_and_number(database: Database) -> None:
    """The newest first."""
    await write(database, *(SWEEP.request(f"s{number}", NOW) for number in range(4)))
    await database.run_write(lambda connection: withdraw_work(connection, ["s2"], NOW, Phrase("", "")))
    found = await database.run_read(lambda connection: find_work(connection, limit=2))
    assert [each.subject for each in found] == ["s3", "s2"]
    found = await database.run_read(lambda connection: find_work(connection, before=found[-1].work_id))
    assert [each.subject for each in found] == ["s1", "s0"]
    found = await database.run_read(
        lambda connection: find_work(connection, state=WorkState.SUPERSEDED, subjects=("s1", "s2"))
    )
    assert [each.subject for each in found] == ["s2"]


async def test_of_a_subject_and_of_all_only_the_newest_that_are_over_are_kept(database: Database) -> None:
    """What waits or runs stays, however old it is."""
    await write(database, SWEEP.request("s1", NOW, due_at=LATER, key="old"))
    for _ in range(4):
        await write(database, SWEEP.request("s1", NOW), SWEEP.request("s2", NOW))
        await end_all(database)
    await database.run_write(lambda connection: prune_subjects(connection, ["s1"], kept=2))
    assert await states(database, "s1") == ["waiting", "done", "done"]
    assert await states(database, "s2") == ["done"] * 4
    await database.run_write(lambda connection: prune_work(connection, kept=3))
    assert await states(database) == ["waiting", "done", "done", "done"]


async def test_what_waits_for_its_turn_is_not_due(database: Database) -> None:
    """A look finds nothing to claim while its subject's lane is taken; another lane is free."""
    await write(database, SWEEP.request("s1", NOW))
    await claim(database, "one")
    await write(database, SWEEP.request("s1", NOW))
    assert not (await database.run_read(lambda connection: look_ahead(connection, KINDS, NOW))).is_due
    await write(database, FETCH.request("s1", NOW))
    assert (await database.run_read(lambda connection: look_ahead(connection, KINDS, NOW))).is_due


async def test_of_two_runs_of_one_node_the_later_counts(database: Database) -> None:
    """Its process died, and came back under the same name: the attempt tells them apart."""
    await write(database, SWEEP.request("s1", NOW))
    (first,) = await claim(database, "one")
    await database.run_write(lambda connection: free_leases(connection, "one", NOW))
    (second,) = await claim(database, "one")
    assert (first.attempt, second.attempt) == (1, 2)
    assert not await database.run_write(lambda connection: end_run(connection, first, WorkDone(), NOW))
    assert await database.run_write(lambda connection: end_run(connection, second, WorkDone(), NOW))


async def test_what_a_run_came_to_is_kept_in_both_languages(database: Database) -> None:
    """A line that a server of before wrote, in English, is read as it is."""
    await write(database, SWEEP.request("s1", NOW))
    old = '[["2026-01-05T12:00:00Z", "before : now"]]'
    await database.execute(update(work).values(evidence=old))
    (piece,) = await claim(database, "one")
    done = WorkDone(Phrase("c'est fait : oui", "it is done"))
    assert await database.run_write(lambda connection: end_run(connection, piece, done, NOW))
    (piece,) = await database.run_read(find_work)
    assert [each.text.en for each in piece.evidence] == ["before : now", "it is done"]
    assert [each.text.fr for each in piece.evidence] == ["before : now", "c'est fait\N{NO-BREAK SPACE}: oui"]


async def claim(database: Database, node: str) -> list[Piece]:
    """What is due, for a node."""
    return await database.run_write(
        lambda connection: claim_work(connection, KINDS, node, NOW, until=LATER, most=10)
    )
