"""The net catches: each fault that is planted in the server is found by some seed (reliability: a test that
cannot fail proves nothing).
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from csms.central import batch as batch_module
from csms.central.batch import BatchWriter
from csms.central.message_writer import MessageWriter
from csms.central.write_requests import WriteRequest
from csms.domain.inbound import Inbound
from csms.rules.links import link_closed
from csms.rules.state import Decision, State
from csms.storage.outbox import write_outbox
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import StationId
from tests.simulation.story import play

SEEDS = range(1, 11)
"""So many are tried; each fault is found long before."""


def answer_before_commit(patch: pytest.MonkeyPatch) -> None:
    """Whoever is sure of the answer sends it at once, and stores afterwards (1.6 starts need a number)."""
    write = MessageWriter._write

    async def early(self: MessageWriter, jobs: Sequence[WriteRequest]) -> None:
        for job in jobs:
            reply = job.proposal
            needs_number = isinstance(reply, TransactionEventResponse) and not reply.transaction_id
            if isinstance(job.subject, Inbound) and job.done is not None and not needs_number:
                job.done.set_result(reply)
        await self._clock.sleep(0.05)
        await write(self, jobs)

    patch.setattr(MessageWriter, "_write", early)


def epoch_not_compared(patch: pytest.MonkeyPatch) -> None:
    """The close of any connection of a station says that the station is gone."""
    closed = link_closed

    def any_epoch(state: State, station_id: StationId, _epoch: object, at: datetime, reason: str) -> Decision:
        return closed(state, station_id, state.links[station_id].epoch, at, reason)

    patch.setattr(batch_module, "link_closed", any_epoch)


def retry_answered_anew(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether a message was there before."""
    patch.setattr(State, "first_answer", lambda *_, **__: None)


def outbox_outside_the_transaction(patch: pytest.MonkeyPatch) -> None:
    """Events are written in a transaction of their own, right after the commit."""
    publish = MessageWriter._publish
    running: set[asyncio.Future[None]] = set()

    def publish_later(self: MessageWriter, decided: Sequence[Decision]) -> None:
        events = [each for facts in decided for each in facts.events]
        if events:
            work = self._database.run_write(lambda connection: write_outbox(connection, events))
            task = asyncio.ensure_future(work)
            running.add(task)
            task.add_done_callback(running.discard)
        publish(self, decided)

    patch.setattr(BatchWriter, "_write_events", lambda *_: None)
    patch.setattr(MessageWriter, "_publish", publish_later)


@pytest.mark.parametrize(
    ("plant", "found_as", "likely"),
    [
        (answer_before_commit, "I1", 2),
        (epoch_not_compared, "I6", 1),
        (retry_answered_anew, "I2", 5),
        (outbox_outside_the_transaction, "I5", 1),
    ],
)
def test_a_planted_fault_is_found_by_some_seed(
    plant: Callable[[pytest.MonkeyPatch], None],
    found_as: str,
    likely: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the invariant that it breaks; the seed that was seen to find it is tried first."""
    plant(monkeypatch)
    found: list[str] = []
    for seed in sorted(SEEDS, key=lambda each: each != likely):
        found += [each for each in play(seed, tmp_path / str(seed)).broken if each.startswith(found_as)]
        if found:
            return
    pytest.fail(f"no seed of {SEEDS} has found that {plant.__name__}")
