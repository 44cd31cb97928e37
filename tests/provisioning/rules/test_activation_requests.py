"""Asking for an activation, or for some of its steps again: which run serves the wish."""

from dataclasses import replace

from provisioning.activation.runs import StepName, StepState, new_run
from provisioning.change_set import ChangeSet
from provisioning.records import Device
from provisioning.rules.activation_requests import ActivationRequest, request_act, request_activation
from tests.support.inbound import NOON, minutes
from tests.support.provisioning import ID

DEVICE = Device(ID, place_id="p")
ALL = ActivationRequest("ann", NOON, "r2")
LIST = replace(ALL, names=(StepName.ACCESS_LIST,), is_requested_here=False)


def test_the_activation_as_a_whole_begins_another_run() -> None:
    """The one before is ended by it; the station stays asked for since when it was."""
    before, change = new_run("r1", ID, minutes(-9), "sam"), ChangeSet("test")
    run = request_activation(change, replace(DEVICE, requested_at=minutes(-9)), before, ALL)
    assert (run.run_id, run.requested_by, run.is_requested_here) == ("r2", "ann", True)
    assert change.runs[ID].before == before
    assert change.devices[ID].after.requested_at == minutes(-9)
    assert request_act(run, ALL).result is None


def test_some_steps_are_done_again_in_the_run_that_is_there() -> None:
    """With a restart, should one ask for it; the others keep what came of them."""
    before, change = new_run("r1", ID, minutes(-9), "sam"), ChangeSet("test")
    done = replace(before, steps=tuple(replace(each, state=StepState.DONE) for each in before.steps))
    run = request_activation(change, DEVICE, done, LIST)
    waiting = [each.step for each in run.steps if each.state is StepState.WAITING]
    assert (run.run_id, waiting) == ("r1", [StepName.ACCESS_LIST, StepName.RESTART])
    assert request_act(run, LIST).result == "access_list"


def test_without_a_run_one_is_begun_for_some_steps_too() -> None:
    """All of it is to be done then."""
    change = ChangeSet("test")
    run = request_activation(change, DEVICE, None, LIST)
    assert (run.run_id, run.is_requested_here) == ("r2", False)
    assert change.devices[ID].after.requested_at == NOON
