"""Asking for an activation, or for some of its steps again."""

from dataclasses import dataclass, replace
from datetime import datetime

from csms.domain.audit import Change
from provisioning.activation.runs import ActivationRun, StepName, new_run
from provisioning.change_set import ChangeSet
from provisioning.records import Device
from runtime.audit import Act

EVERY_STEP = tuple(StepName)


@dataclass(frozen=True, slots=True)
class ActivationRequest:
    """Who asks, when, for which steps. `is_requested_here`: at this station, so it is done under test too.
    `run_id` is that of a run that has to be begun for it.
    """

    by: str
    at: datetime
    run_id: str
    names: tuple[StepName, ...] = EVERY_STEP
    is_requested_here: bool = True

    @property
    def is_all(self) -> bool:
        """Whether it is the activation as a whole that is asked for."""
        return set(self.names) == set(StepName)


def request_activation(
    change: ChangeSet, device: Device, run: ActivationRun | None, activation: ActivationRequest
) -> ActivationRun:
    """The wish and the run that serves it, as part of a change."""
    change.put(device, replace(device, requested_at=device.requested_at or activation.at))
    if run is None or activation.is_all:
        fresh = new_run(
            activation.run_id,
            device.station_id,
            activation.at,
            activation.by,
            is_requested_here=activation.is_requested_here,
        )
        after = (
            fresh
            if activation.is_all
            else fresh.requested_again(
                activation.names,
                activation.at,
                activation.by,
                is_requested_here=activation.is_requested_here,
            )
        )
    else:
        names = (*activation.names, StepName.RESTART)
        after = run.requested_again(
            names,
            activation.at,
            activation.by,
            is_requested_here=activation.is_requested_here,
        )
    change.put_run(run, after)
    return after


def request_act(run: ActivationRun, activation: ActivationRequest) -> Act:
    """What is kept of the asking; of an activation as a whole no step is named."""
    some = None if activation.is_all else " ".join(name.value for name in activation.names)
    what = Change.ACTIVATION_ASKED_FOR.value
    return Act(run.station_id, activation.at, activation.by, what, result=some, reference=run.run_id)
