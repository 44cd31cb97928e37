"""A long queue is no wrong clock, and a wrong clock is no queue."""

from datetime import datetime

import pytest

from csms.domain.flags import CLOCK_BEHIND
from csms.gateway.backlog import Backlog
from csms.rules.instants import believed
from ocppj.model.availability import StatusNotification
from ocppj.vocabulary import ConnectorStatus
from tests.support.inbound import NOON, minutes, start16, values16


def status(at: datetime) -> StatusNotification:
    """A connector's status."""
    return StatusNotification(1, 1, ConnectorStatus.AVAILABLE, "Available", at)


def flag_of(backlog: Backlog, at: datetime, received_at: datetime) -> str | None:
    """What is noted on a start."""
    since = backlog.online_since(start16(at=at), received_at)
    return believed(at, received_at, since).flag


def drained(backlog: Backlog, first: int, last: int) -> None:
    """Old values every five minutes."""
    for minute in range(first, last + 1, 5):
        backlog.online_since(values16("1", 5, minutes(-600 + minute)), minutes(minute))


def test_what_waited_behind_a_long_queue_is_not_late() -> None:
    """A start ten minutes after the connection, told two hours later; the next one comes at once."""
    backlog = Backlog(NOON)
    backlog.online_since(status(NOON), NOON)
    drained(backlog, 5, 120)
    assert flag_of(backlog, minutes(10), minutes(125)) is None
    assert flag_of(backlog, minutes(126), minutes(126)) is None
    assert flag_of(backlog, minutes(130), minutes(200)) == CLOCK_BEHIND  # the queue is empty since


def test_a_clock_that_was_never_right_is_behind() -> None:
    """Local time marked Z, in every message; it charges all the time."""
    backlog = Backlog(NOON)
    backlog.online_since(status(minutes(-120)), NOON)
    drained(backlog, 5, 120)
    assert flag_of(backlog, minutes(5), minutes(125)) == CLOCK_BEHIND


@pytest.mark.parametrize(("pause_min", "flag"), [(9, None), (11, CLOCK_BEHIND)])
def test_a_pause_shows_that_nothing_is_kept(pause_min: int, flag: str | None) -> None:
    """What happens from the last message before it on could be told at once."""
    backlog = Backlog(NOON)
    backlog.online_since(status(NOON), NOON)
    drained(backlog, 5, 60)
    drained(backlog, 60 + pause_min, 120)
    assert flag_of(backlog, minutes(65), minutes(125)) == flag
