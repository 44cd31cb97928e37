"""What becomes of a lease: begun, renewed, ended by its holder, by its time or by an administrator, and over
once the station is as it was. Pure: the instants come from outside.

::

    held ──▶ restoring ──▶ over        where the configuration was read
      └────────────────────▶ over      where there is nothing to restore
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from csms.domain.leases import (
    BASELINE_MOST,
    UNCHANGED,
    UNREADABLE,
    BaselineState,
    BaselineValue,
    Lease,
    LeaseEnd,
    LeaseState,
    LeaseWish,
    LeftAlone,
    NotRestored,
    Restoration,
)
from csms.domain.records import VariableRecord, variable_key
from csms.domain.secrets import is_secret
from csms.domain.station_events import StationEvent
from ocppj.model.variables import ReportedVariable, VariableAssignment, VariableResult
from ocppj.vocabulary import StationId
from runtime.secrets import HIDDEN
from runtime.work.request import Lane, WorkKind, WorkRequest

LEASE_BEGUN = WorkKind("lease-begun", Lane.CONFIGURATION)
"""Reads what the station's configuration is."""
LEASE_ENDING = WorkKind("lease-ending", Lane.ACCESS)
"""Ends what nobody renews. In the lane of its own: it waits for no answer of a station's."""
LEASE_RESTORING = WorkKind("lease-restoring", Lane.CONFIGURATION)


class LeaseHeld(Exception):  # noqa: N818 - what was found
    """Somebody else has the station, or it is being restored."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(lease.lease_id)
        self.lease = lease


class LeaseOver(Exception):  # noqa: N818 - what was found
    """Nobody holds the lease any more."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(lease.lease_id)
        self.lease = lease


def begin_lease(
    lease_id: str, station_id: StationId, wish: LeaseWish, there: Lease | None, now: datetime
) -> Lease:
    """A new lease. `there` is the station's open one. Raises LeaseHeld: also for whoever has that, since two
    runs of one program are two.
    """
    if there is not None and there.is_open:
        raise LeaseHeld(there)
    return Lease(
        lease_id=lease_id,
        station_id=station_id,
        holder=wish.holder,
        purpose=wish.purpose,
        tags=wish.tags,
        lasts_s=wish.lasts_s,
        since=now,
        renewed_at=now,
        expires_at=now + wish.lasts,
        moved_at=now,
    )


def renew_lease(lease: Lease, now: datetime) -> Lease:
    """It lasts as long again from now on. Raises LeaseOver, also where its time has passed and nobody has
    noticed yet: what is over stays over.
    """
    if lease.state is not LeaseState.HELD or now >= lease.expires_at:
        raise LeaseOver(lease)
    return replace(lease, renewed_at=now, expires_at=now + (lease.expires_at - lease.renewed_at))


def expire_lease(lease: Lease, now: datetime) -> Lease | None:
    """Its time has passed; None: it has not, or nobody holds it."""
    if lease.state is not LeaseState.HELD or now < lease.expires_at:
        return None
    return _ended(lease, LeaseEnd.EXPIRED, None, None, now)


def give_back(lease: Lease, by: str, now: datetime) -> Lease:
    """Its holder is done. Raises LeaseOver."""
    if lease.state is not LeaseState.HELD:
        raise LeaseOver(lease)
    return _ended(lease, LeaseEnd.GIVEN_BACK, by, None, now)


def revoke_lease(lease: Lease, by: str, reason: str, now: datetime) -> Lease:
    """An administrator needs the station; of one that is being restored, that is given up. Raises
    LeaseOver.
    """
    if lease.state is LeaseState.HELD:
        return _ended(lease, LeaseEnd.TAKEN_AWAY, by, reason, now)
    if lease.state is LeaseState.RESTORING:
        given_up = restored(lease, Restoration(reason=NotRestored.GIVEN_UP), now)
        return replace(given_up, ended_by=by, reason=reason)
    raise LeaseOver(lease)


def _ended(lease: Lease, end: LeaseEnd, by: str | None, reason: str | None, now: datetime) -> Lease:
    ended = replace(lease, end=end, ended_at=now, ended_by=by, reason=reason, moved_at=now)
    if lease.baseline is BaselineState.READ:
        return replace(ended, state=LeaseState.RESTORING)
    return replace(
        ended,
        state=LeaseState.OVER,
        baseline=BaselineState.UNREAD,
        restoration=Restoration(reason=NotRestored.NOT_READ),
    )


def baseline_known(lease: Lease, *, is_read: bool, now: datetime) -> Lease | None:
    """The station has told its configuration, or will not; None: too late, or it was known before."""
    if lease.state is not LeaseState.HELD or lease.baseline is not BaselineState.READING:
        return None
    baseline = BaselineState.READ if is_read else BaselineState.UNREAD
    return replace(lease, baseline=baseline, moved_at=now)


def restored(lease: Lease, restoration: Restoration, now: datetime) -> Lease:
    """It is over; one that was so before stays as it is."""
    if lease.state is not LeaseState.RESTORING:
        return lease
    return replace(lease, state=LeaseState.OVER, restoration=restoration, moved_at=now)


def lease_work(before: Lease | None, after: Lease) -> tuple[WorkRequest, ...]:
    """What must happen because of it. That it is renewed needs none: its end looks when it is due."""
    station_id, key, at = after.station_id, after.lease_id, after.moved_at
    if before is None:
        begun = LEASE_BEGUN.request(station_id, at, key=key, cause="lease")
        return begun, LEASE_ENDING.request(station_id, at, due_at=after.expires_at, key=key, cause="lease")
    if before.state is LeaseState.HELD and after.state is LeaseState.RESTORING:
        cause = after.end.value if after.end is not None else ""
        return (LEASE_RESTORING.request(station_id, at, key=key, cause=cause),)
    return ()


def lease_event(lease: Lease) -> StationEvent:
    """What is told of it."""
    payload = {
        "lease_id": lease.lease_id,
        "state": lease.state.value,
        "holder": lease.holder,
        "baseline": lease.baseline.value,
        "end": lease.end.value if lease.end is not None else None,
    }
    return StationEvent("lease.changed", lease.station_id, lease.moved_at, payload)


def baseline_of(variables: Iterable[VariableRecord | ReportedVariable]) -> list[BaselineValue]:
    """What can be set back later: it can be written, was told, and is no secret."""
    found = [
        BaselineValue(each.ref, each.value)
        for each in variables
        if each.value is not None
        and not (each.is_read_only or each.is_write_only or each.is_constant)
        and HIDDEN not in each.value
        and not is_secret(each.ref)
    ]
    return found[:BASELINE_MOST]


def changed_since(
    baseline: Sequence[BaselineValue], values_now: Mapping[str, str | None]
) -> tuple[list[VariableAssignment], list[LeftAlone]]:
    """What is to be set back, and what the station does not tell any more; by `variable_key`, since names
    have no case.
    """
    to_set: list[VariableAssignment] = []
    left: list[LeftAlone] = []
    for each in baseline:
        told = values_now.get(variable_key(each.ref))
        if told is None:
            left.append(LeftAlone(str(each.ref), UNREADABLE))
        elif told != each.value:
            to_set.append(VariableAssignment(each.ref, each.value))
    return to_set, left


def restoration_of(
    results: Iterable[VariableResult],
    read_back: Mapping[str, str | None],
    wanted: Mapping[str, str],
    left_alone: Iterable[LeftAlone] = (),
) -> Restoration:
    """What came of setting back: a station that says yes and stays as it was is not believed."""
    set_back: list[str] = []
    left = [*left_alone]
    needs_restart = False
    for each in results:
        name = str(each.ref)
        if not each.is_accepted:
            left.append(LeftAlone(name, each.status))
        elif each.status == "RebootRequired":
            needs_restart = True
            set_back.append(name)
        elif read_back.get(key := variable_key(each.ref)) not in (None, wanted.get(key)):
            left.append(LeftAlone(name, UNCHANGED))
        else:
            set_back.append(name)
    return Restoration(set_back=tuple(set_back), left_alone=tuple(left), needs_restart=needs_restart)
