"""`LifecycleDetails`: what the API and the console show of a station beside what the central system knows."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace as with_changes

from msgspec.structs import replace

from charging.mac import find_mac
from csms.domain.links import LinkView
from csms.domain.station_details import (
    NOTHING_KNOWN,
    ActivationSummaryAnswer,
    AvailabilityAnswer,
    BlockerAnswer,
    SeenBoxAnswer,
    StationDetailsAnswer,
    StationPlaceAnswer,
    StationSiteAnswer,
)
from ocppj.vocabulary import StationId
from provisioning.activation.desired import wanted_availability
from provisioning.activation.runs import ActivationRun, StepState
from provisioning.blockers import Blocker, Severity
from provisioning.conditions import Conditions, SiteShortcoming, remarks_on
from provisioning.gates.lifecycle_status import LifecycleStatus
from provisioning.lifecycle import IN_SERVICE, Lifecycle
from provisioning.observed import Observed
from provisioning.pricing import PriceRemarks, SitePrices
from provisioning.records import Device
from provisioning.rules.preparing import failed_items
from provisioning.station_cache import StationCache, is_unauthenticated


class LifecycleDetails:
    """Fills `csms.ports.StationDetails`."""

    lifecycles: Sequence[str] = tuple(Lifecycle)

    def __init__(self, station_cache: StationCache, observed: Observed, price_remarks: PriceRemarks) -> None:
        self._station_cache, self._observed, self._price_remarks = station_cache, observed, price_remarks
        self.link_of: Callable[[StationId], LinkView | None] = lambda _: None
        """The station's live link; the wiring gives it."""
        self._prices = SitePrices(station_cache)

    def details(self, station_id: StationId) -> StationDetailsAnswer:
        """`lifecycle` is None for a station that provisioning does not lead."""
        device, lifecycle_status = (
            self._station_cache.devices.get(station_id),
            self._station_cache.lifecycle_status(station_id),
        )
        conditions = self._conditions(station_id)
        if device is None or lifecycle_status is None:
            return _unled_view(station_id, conditions)
        amid = _amid(lifecycle_status, station_id, conditions)
        place, site = self._where(station_id)
        return StationDetailsAnswer(
            lifecycle=amid.state.value,
            blocked_by=blocker_views(amid.blocked_by),
            who_clears=amid.who_clears.value if amid.who_clears else None,
            remarks=blocker_views(amid.remarks),
            boxes=_box_views(conditions),
            place=place,
            site=site,
            mac=mac_label(device),
            macs=tuple(mac.label for name in device.macs if (mac := find_mac(name))),
            credential=device.credential.state.value,
            is_unauthenticated=is_unauthenticated(device),
            tariff=tariff.tariff_id if (tariff := self._prices.current(station_id)) else None,
            tariff_shown=device.tariff_shown,
            availability=self._availability(device, lifecycle_status),
            activation=activation_summary(self._station_cache.runs.get(station_id)),
        )

    def troubled(self) -> Collection[StationId]:
        """Those under whose ids more than one box comes: that is in no table."""
        crowded = self._observed.crowded
        return [each for each in crowded if self._conditions(each).boxes]

    def watch(self, changed: Callable[[StationId], object]) -> None:
        """Also of a station whose record is gone."""
        self._station_cache.listeners.append(changed)
        self._station_cache.gone_listeners.append(changed)
        self._observed.watchers.append(changed)

    def lifecycle_status(self, station_id: StationId) -> LifecycleStatus | None:
        """How far it is, with what it suffers from now; None for a station that nobody leads here."""
        lifecycle_status = self._station_cache.lifecycle_status(station_id)
        if lifecycle_status is None:
            return None
        return _amid(lifecycle_status, station_id, self._conditions(station_id))

    def _conditions(self, station_id: StationId) -> Conditions:
        link = self.link_of(station_id)
        address = link.peer if link is not None else ""
        found = self._observed.conditions(
            station_id,
            is_online=link is not None,
            address=address,
            unmeasured=self._price_remarks.at_station(station_id),
        )
        return with_changes(found, shortcoming=self._shortcoming(station_id)) if found.faults else found

    def _shortcoming(self, station_id: StationId) -> SiteShortcoming | None:
        """What the preparation of its site found not to be as it has to be."""
        known = self._station_cache
        site = known.site_of(station_id)
        preparation = known.preparations.get(site.site_id) if site is not None else None
        if site is None or preparation is None:
            return None
        items = failed_items(preparation, known.product_named)
        return SiteShortcoming(site.site_id, site.name, items) if items is not None else None

    def _where(self, station_id: StationId) -> tuple[StationPlaceAnswer | None, StationSiteAnswer | None]:
        place, site = self._station_cache.place_of(station_id), self._station_cache.site_of(station_id)
        if place is None or site is None:
            return None, None
        there = StationPlaceAnswer(
            place_id=place.place_id,
            name=place.name,
            latitude=place.latitude,
            longitude=place.longitude,
            floor=place.floor,
        )
        return there, StationSiteAnswer(site_id=site.site_id, name=site.name, zone=site.zone)

    def _availability(self, device: Device, lifecycle_status: LifecycleStatus) -> AvailabilityAnswer | None:
        """What it should be now, and what the station last agreed to; None while it is not in service."""
        if lifecycle_status.state not in IN_SERVICE:
            return None
        site = self._station_cache.site_of(device.station_id)
        wanted = wanted_availability(device, site, self._station_cache.clock.now())
        return AvailabilityAnswer(
            wanted=wanted.value,
            agreed=device.asserted.value if device.asserted else None,
            is_pending=device.asserted is not wanted,
        )


def blocker_views(blockers: Iterable[Blocker]) -> tuple[BlockerAnswer, ...]:
    """As the API tells them."""
    return tuple(each.view for each in blockers)


def _box_views(conditions: Conditions) -> tuple[SeenBoxAnswer, ...]:
    return tuple(each.view for each in conditions.boxes)


def _amid(
    lifecycle_status: LifecycleStatus, station_id: StationId, conditions: Conditions
) -> LifecycleStatus:
    remarks = (each.at(station_id) for each in remarks_on(lifecycle_status.state, conditions))
    return lifecycle_status.amid(tuple(remarks))


def _unled_view(station_id: StationId, conditions: Conditions) -> StationDetailsAnswer:
    """What is wrong with a station that nobody leads here: it has no lifecycle, but may be faulted."""
    remarks = [each.at(station_id) for each in remarks_on(None, conditions)]
    wrong = [each for each in remarks if each.severity is not Severity.NOTE]
    return replace(
        NOTHING_KNOWN,
        who_clears=wrong[0].who_clears.value if wrong else None,
        remarks=blocker_views(remarks),
        boxes=_box_views(conditions),
        mac=mac.label if (mac := find_mac(station_id)) else None,
    )


def mac_label(device: Device) -> str | None:
    """The MAC on the label: the first one known."""
    mac = find_mac(device.macs[0]) if device.macs else None
    return mac.label if mac else None


def activation_summary(run: ActivationRun | None) -> ActivationSummaryAnswer | None:
    """A run in a few words."""
    if run is None:
        return None
    current = run.current
    return ActivationSummaryAnswer(
        current=current.step.value if current else None,
        done=sum(each.state.is_settled for each in run.steps),
        steps=len(run.steps),
        pending=tuple(each.step.value for each in run.steps if not each.state.is_settled),
        refused=_steps_in(StepState.REFUSED, run),
        lacking=_steps_in(StepState.LACKING, run),
    )


def _steps_in(state: StepState, run: ActivationRun) -> tuple[str, ...]:
    return tuple(each.step.value for each in run.steps if each.state is state)
