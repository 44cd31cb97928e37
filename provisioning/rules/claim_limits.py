"""How often one may be wrong when claiming. Pure.

Programs that are wrong lock the station and their account for a day. People misread labels: what can be told
to be a slip costs nothing, a wrong code counts on the station, and who is often wrong waits some minutes.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from charging.mac import find_mac, nearest
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.credentials import is_mistyped
from provisioning.errors import ClaimRefused, ProvisioningProblem
from provisioning.records import Job
from provisioning.rules.names import shown_name
from runtime.wording import Phrase

CLAIM_TRIES = 5
CLAIM_LOCK = timedelta(hours=24)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
Tally = tuple[int, datetime | None]
"""Wrong tries within CLAIM_LOCK: how many, and the last one."""


def program_lock(
    of_station: Tally, of_account: Tally, station_id: StationId, account: str, at: datetime
) -> ProvisioningProblem | None:
    """The lock of the station or of the account, if either has one."""
    locked_for = _locked_for((of_station, of_account), at)
    if locked_for is None:
        return None
    locked = station_id if of_station[0] >= CLAIM_TRIES else account
    return ClaimRefused(Code.CLAIM_LOCKED, hours=_hours(locked_for), locked=locked)


def person_lock(  # noqa: PLR0917 - whose tries, when, and whom to ring
    of_station: Tally, of_account: Tally, station_id: StationId, account: str, at: datetime, team: Phrase
) -> ProvisioningProblem | None:
    """The station's lock, or the minutes that somebody waits who was often wrong."""
    locked_for = _locked_for((of_station,), at)
    if locked_for is not None:
        return ClaimRefused(Code.STATION_LOCKED, hours=_hours(locked_for), locked=station_id, team=team)
    wait = _wait_of(of_account, at)
    if wait <= timedelta(0):
        return None
    minutes = math.ceil(wait.total_seconds() / 60)
    return ClaimRefused(Code.CLAIM_SLOWED, minutes=minutes, locked=account, team=team)


def slip_of(
    typed_mac: str, station_id: StationId, code: str, jobs: Sequence[Job], team: Phrase
) -> ProvisioningProblem | None:
    """What was plainly mistyped: a code whose check does not fit, a box that is not in the job.

    `jobs` are those of the person on the site; one that does not say all of its boxes excludes none.
    """
    boxes = {box for job in jobs for box in job.boxes}
    is_told = bool(jobs) and all(stop.station_id is not None for job in jobs for stop in job.stops)
    if is_told and station_id not in boxes:
        known = [mac for box in sorted(boxes) if (mac := find_mac(box)) is not None]
        near = tuple(each.label for each in nearest(typed_mac, known))
        return ProvisioningProblem(Code.NOT_ON_JOB, near=near, mac=shown_name(station_id), team=team)
    return ProvisioningProblem(Code.CODE_MISTYPED) if is_mistyped(code) else None


def tries_left(*tallies: Tally) -> int:
    """After this one."""
    return max(CLAIM_TRIES - 1 - max(count for count, _ in tallies), 0)


def _wait_of(of_account: Tally, at: datetime) -> timedelta:
    """Each wrong try beyond the first five doubles it."""
    count, last = of_account
    if count < CLAIM_TRIES or last is None:
        return timedelta(0)
    doubled = FIRST_WAIT * (1 << min(count - CLAIM_TRIES, 10))
    return last + min(doubled, LONGEST_WAIT) - at


def _locked_for(tallies: tuple[Tally, ...], at: datetime) -> timedelta | None:
    """How long the station or the account stays locked; None if neither is."""
    locks = [last + CLAIM_LOCK - at for count, last in tallies if count >= CLAIM_TRIES and last is not None]
    return max(locks, default=None)


def _hours(span: timedelta) -> int:
    return math.ceil(span.total_seconds() / 3600)
