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
class Asking:
    """Who asks, when, for which steps. `is_asked`: at this station, so it is done under test too. `run_id` is
    that of a run that has to be begun for it.
    """

    by: str
    at: datetime
    run_id: str
    names: tuple[StepName, ...] = EVERY_STEP
    is_asked: bool = True

    @property
    def is_all(self) -> bool:
        """Whether it is the activation as a whole that is asked for."""
        return set(self.names) == set(StepName)


def ask(change: ChangeSet, device: Device, run: ActivationRun | None, asking: Asking) -> ActivationRun:
    """The wish and the run that serves it, as part of a change."""
    change.put(device, replace(device, requested_at=device.requested_at or asking.at))
    if run is None or asking.is_all:
        fresh = new_run(asking.run_id, device.station_id, asking.at, asking.by, is_asked=asking.is_asked)
        after = (
            fresh
            if asking.is_all
            else fresh.asked_again(asking.names, asking.at, asking.by, is_asked=asking.is_asked)
        )
    else:
        names = (*asking.names, StepName.RESTART)
        after = run.asked_again(names, asking.at, asking.by, is_asked=asking.is_asked)
    change.put_run(run, after)
    return after


def asked_act(run: ActivationRun, asking: Asking) -> Act:
    """What is kept of the asking; of an activation as a whole no step is named."""
    some = None if asking.is_all else " ".join(name.value for name in asking.names)
    what = Change.ACTIVATION_ASKED_FOR.value
    return Act(run.station_id, asking.at, asking.by, what, result=some, reference=run.run_id)
