"""A rule asks for work: its decision carries the request, stored with the message or not at all."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from csms.domain.inbound import Inbound
from csms.errors import StorageUnavailable
from csms.rules.decide import RULES
from csms.rules.rows import SecurityEventRow, WorkRow
from csms.rules.state import Decision, State
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.security import SecurityEventNotification
from runtime.clock import ManualClock
from runtime.work.engine import WorkEngine
from runtime.work.pieces import Piece, WorkDone, WorkOutcome
from runtime.work.request import Lane, WorkKind, WorkState
from runtime.work.storage import find_work
from tests.support.both_databases import Place
from tests.support.inbound import CP1, NOON
from tests.support.message_writer import Desk, desk
from tests.support.waiting import until
from tests.support.work import working

LOOK_INTO = WorkKind("look_into", Lane.ACTIVATION)
TAMPERED = SecurityEventNotification("TamperDetectionActivated", NOON, None)


def looked_into(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """A rule: the event is kept, and somebody must look into it."""
    event, at = inbound.event, inbound.received_at
    assert isinstance(event, SecurityEventNotification)
    row = SecurityEventRow(inbound.station_id, event.type, event.tech_info, event.at, at)
    request = LOOK_INTO.request(inbound.station_id, at, cause=event.type, arguments={"at": str(event.at)})
    return Decision(Acknowledged(), (row, WorkRow(request)))


@pytest.fixture(autouse=True)
def rule(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In the table of rules, in place of the usual one."""
    monkeypatch.setitem(RULES, SecurityEventNotification, looked_into)
    with capture_logs():
        yield


async def stored(at: Desk) -> tuple[list[str], list[Piece]]:
    """The events, and the work."""
    events = await at.column("SELECT type FROM security_events")
    return events, await at.disk.run_read(find_work)


async def test_the_request_is_stored_with_the_message(place: Place) -> None:
    """In one commit, before the answer."""
    async with desk(place) as at:
        assert await at.submit(TAMPERED) == Acknowledged()
        events, (piece,) = await stored(at)
    assert (events, at.disk.writes) == (["TamperDetectionActivated"], at.central.message_store.batches + 1)
    assert (piece.kind, piece.subject, piece.state) == ("look_into", CP1, WorkState.WAITING)
    assert (piece.cause, piece.argument) == ("TamperDetectionActivated", {"at": str(NOON)})


async def test_a_commit_that_fails_leaves_neither(place: Place) -> None:
    """And the station is not answered; when it comes again, both are there, once."""
    async with desk(place) as at:
        at.disk.is_full = True
        with pytest.raises(StorageUnavailable):
            await at.submit(TAMPERED)
        assert await stored(at) == ([], [])
        at.disk.is_full = False
        await at.submit(TAMPERED)
        await at.submit(TAMPERED, "m2")  # a retry gets its first answer, and asks for nothing
        events, pieces = await stored(at)
    assert (len(events), len(pieces)) == (1, 1)


async def test_the_engine_is_woken_by_the_commit(place: Place) -> None:
    """Nobody looks at the table before."""
    clock, ran = ManualClock(NOON), list[Piece]()

    async def look_into(piece: Piece) -> WorkOutcome:
        ran.append(piece)
        return WorkDone("nothing found")

    engines: list[WorkEngine] = []

    def work_enqueued() -> None:
        engines[0].wake()

    async with desk(place, clock=clock, work_enqueued=work_enqueued) as at:
        engine = WorkEngine(at.disk, clock, node="one", is_alone=True)  # type: ignore[arg-type] # in all it uses
        engine.serve(LOOK_INTO, look_into)
        engines.append(engine)
        async with working(engine):
            await until(lambda: clock.waiting > 1)  # the engine has looked
            await at.submit(TAMPERED)
            await until(lambda: ran)
    assert [each.subject for each in ran] == [CP1]
