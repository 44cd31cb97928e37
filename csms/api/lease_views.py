"""Leases and stations of the bench as the API tells them."""

from csms.domain.leases import (
    BaselineState,
    BenchStation,
    Lease,
    LeaseEnd,
    LeaseState,
    NotRestored,
    Restoration,
)
from csms.domain.links import LinkView
from runtime.texts import instant_text
from runtime.views import InstantText, View


class LeftAloneView(View, frozen=True, kw_only=True):
    """A variable that is not as it was: `unreadable`, `unchanged`, or what the station answered."""

    variable: str
    reason: str


class RestorationView(View, frozen=True, kw_only=True):
    """What came of giving the station back its configuration."""

    set_back: list[str]
    left_alone: list[LeftAloneView]
    needs_restart: bool
    reason: NotRestored | None


class LeaseView(View, frozen=True, kw_only=True):
    """A lease: who has the station, what for, and until when unless they renew it."""

    lease_id: str
    station_id: str
    holder: str
    purpose: str
    tags: list[str]
    lasts_s: int
    since: InstantText
    renewed_at: InstantText
    expires_at: InstantText
    state: LeaseState
    is_open: bool
    baseline: BaselineState
    end: LeaseEnd | None
    ended_at: InstantText | None
    ended_by: str | None
    reason: str | None
    restoration: RestorationView | None


class BenchStationView(View, frozen=True, kw_only=True):
    """A station of the bench, whether it is connected, and its lease that is not over."""

    station_id: str
    tags: list[str]
    is_online: bool
    version: str | None
    is_free: bool
    lease: LeaseView | None


class TagsView(View, frozen=True, kw_only=True):
    """The tags of a station."""

    station_id: str
    tags: list[str]


def lease_view(lease: Lease) -> LeaseView:
    """A lease."""
    return LeaseView(
        lease_id=lease.lease_id,
        station_id=lease.station_id,
        holder=lease.holder,
        purpose=lease.purpose,
        tags=list(lease.tags),
        lasts_s=lease.lasts_s,
        since=instant_text(lease.since),
        renewed_at=instant_text(lease.renewed_at),
        expires_at=instant_text(lease.expires_at),
        state=lease.state,
        is_open=lease.is_open,
        baseline=lease.baseline,
        end=lease.end,
        ended_at=instant_text(lease.ended_at) if lease.ended_at is not None else None,
        ended_by=lease.ended_by,
        reason=lease.reason,
        restoration=_restoration_view(lease.restoration) if lease.restoration is not None else None,
    )


def _restoration_view(restoration: Restoration) -> RestorationView:
    return RestorationView(
        set_back=list(restoration.set_back),
        left_alone=[
            LeftAloneView(variable=each.variable, reason=each.reason) for each in restoration.left_alone
        ],
        needs_restart=restoration.needs_restart,
        reason=restoration.reason,
    )


def bench_station_view(station: BenchStation, link: LinkView | None) -> BenchStationView:
    """A station of the bench."""
    return BenchStationView(
        station_id=station.station_id,
        tags=list(station.tags),
        is_online=link is not None,
        version=link.version.label if link is not None else None,
        is_free=station.lease is None,
        lease=lease_view(station.lease) if station.lease is not None else None,
    )
