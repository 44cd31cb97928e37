"""What work follows for a station's activation from a change. Pure.

The work says nothing of what is to be configured: that is looked up, step by step, when it is done.
"""

from datetime import datetime

from provisioning.activation.runs import ActivationRun
from provisioning.rules.standpoint import Standpoint
from runtime.work.request import Lane, WorkKind, WorkRequest

ACTIVATION = WorkKind("activation", Lane.ACTIVATION)
"""A station is configured, as far as its open activation says. Its subject is the station."""


def activation_work(before: Standpoint | None, after: Standpoint, at: datetime) -> WorkRequest | None:
    """What follows for a station from a change: there is something to do now, or not any more."""
    was_to_activate = before is not None and before.is_to_activate
    if after.is_to_activate:
        is_new = not was_to_activate or _is_requested_anew(
            before.run if before is not None else None, after.run
        )
    else:
        # One that is finished ends by itself; what waits for any other is needless, and is replaced.
        is_new = was_to_activate and (after.run is None or after.run.finished_at is None)
    return ACTIVATION.request(after.device.station_id, at, cause="changed") if is_new else None


def _is_requested_anew(before: ActivationRun | None, after: ActivationRun | None) -> bool:
    """Whether another activation, or more of this one, is asked for: not where one of its steps moved on."""
    if before is None or after is None or before.run_id != after.run_id:
        return before is not after
    return _request_count(after) > _request_count(before)


def _request_count(run: ActivationRun) -> int:
    return sum(each.requests for each in run.steps)
