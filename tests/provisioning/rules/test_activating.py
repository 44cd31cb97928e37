"""What work follows from a change of a station's activation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ocppj.vocabulary import StationId
from provisioning.activation.runs import StepName, StepState, new_run
from provisioning.lifecycle import Lifecycle
from provisioning.records import Device
from provisioning.rules.activating import activation_work
from provisioning.rules.standpoint import Standpoint

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ID = StationId("s1")
RUN = new_run("run", ID, NOW, "owner")
FINISHED = replace(RUN, finished_at=NOW)
UNASKED = replace(RUN, is_requested_here=False)
OPEN = Standpoint(Device(ID), None, RUN, Lifecycle.CONFIGURING, is_quiet=False, may_charge=False)
CLOSED = replace(OPEN, run=FINISHED)
TAKEN_AWAY = replace(OPEN, run=None, state=Lifecycle.POWERED)
TESTED = replace(OPEN, run=UNASKED, is_quiet=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, OPEN),
        (replace(OPEN, run=None, state=Lifecycle.LOCALIZED), OPEN),
        (CLOSED, replace(OPEN, run=FINISHED.requested_again([StepName.TARIFF], NOW, "owner"))),
        (OPEN, replace(OPEN, run=RUN.requested_again([StepName.HOURS], NOW, "owner"))),
        (OPEN, replace(OPEN, run=replace(RUN, run_id="another"))),
        (replace(OPEN, state=Lifecycle.POWERED), OPEN),
        (TESTED, replace(TESTED, is_quiet=False)),
        (TESTED, replace(TESTED, run=RUN)),
        (OPEN, TAKEN_AWAY),
        (OPEN, TESTED),
    ],
)
def test_work_follows_where_something_is_to_be_done(before: Standpoint | None, after: Standpoint) -> None:
    """An activation that may go on from now on, or is asked for more; and one that waits for nothing more."""
    request = activation_work(before, after, NOW)
    assert request is not None
    assert (request.kind, request.subject, request.due_at) == ("activation", ID, NOW)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, CLOSED),
        (None, TAKEN_AWAY),
        (OPEN, CLOSED),
        (CLOSED, CLOSED),
        (TESTED, TESTED),
        (TAKEN_AWAY, TAKEN_AWAY),
        (OPEN, replace(OPEN, is_quiet=True)),
        (OPEN, replace(OPEN, state=Lifecycle.ACTIVE)),
        (CLOSED, TAKEN_AWAY),
    ],
)
def test_none_follows_where_nothing_is(before: Standpoint | None, after: Standpoint) -> None:
    """Nor where the activation itself moves on: whoever does it sees that."""
    assert activation_work(before, after, NOW) is None


def test_none_follows_from_a_step_that_moved_on() -> None:
    """Each try of each step is a change of the run."""
    first = replace(RUN.steps[0], state=StepState.DONE, attempts=1, changed_at=NOW + timedelta(seconds=1))
    assert activation_work(OPEN, replace(OPEN, run=RUN.with_step(first)), NOW) is None
