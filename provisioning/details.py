"""`LifecycleDetails`: what the API and the console show of a station beside what the central system knows."""

from collections.abc import Callable, Collection
from typing import Any

from charging.mac import find_mac
from ocppj.vocabulary import StationId
from provisioning.activation.desired import wanted_availability
from provisioning.activation.runs import ActivationRun, StepState
from provisioning.directory import Directory, is_unauthenticated
from provisioning.lifecycle import Lifecycle, Standing
from provisioning.pricing import SitePrices
from provisioning.records import Device


class LifecycleDetails:
    """Fills `csms.ports.StationDetails`."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._prices = SitePrices(directory)

    def details(self, station_id: StationId) -> dict[str, Any]:
        """JSON values; `lifecycle` is None for a station that provisioning does not lead."""
        device, standing = self._directory.devices.get(station_id), self._directory.standing(station_id)
        if device is None or standing is None:
            mac = find_mac(station_id)
            return {"lifecycle": None, "blocked_by": [], "mac": mac.label if mac else None}
        return {
            **standing_json(standing),
            **self._where(station_id),
            "mac": mac_label(device),
            "macs": [mac.label for name in device.macs if (mac := find_mac(name))],
            "credential": device.credential.state.value,
            "is_unauthenticated": is_unauthenticated(device),
            "tariff": tariff.tariff_id if (tariff := self._prices.current(station_id)) else None,
            "tariff_shown": device.tariff_shown,
            "availability": self._availability(device, standing),
            "activation": activation_summary(self._directory.runs.get(station_id)),
        }

    def stations(self) -> Collection[StationId]:
        """Ordered ones too, which nobody has seen yet: somebody has to power them up."""
        return self._directory.devices.keys()

    def watch(self, changed: Callable[[StationId], object]) -> None:
        """Also of a station whose record is gone."""
        self._directory.listeners.append(changed)
        self._directory.gone_listeners.append(changed)

    def _where(self, station_id: StationId) -> dict[str, Any]:
        place, site = self._directory.place_of(station_id), self._directory.site_of(station_id)
        if place is None or site is None:
            return {"place": None, "site": None}
        return {
            "place": {
                "place_id": place.place_id,
                "name": place.name,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "floor": place.floor,
            },
            "site": {"site_id": site.site_id, "name": site.name, "zone": site.zone},
        }

    def _availability(self, device: Device, standing: Standing) -> dict[str, Any] | None:
        """What it should be now, and what the station last agreed to; None while it is not in service."""
        if standing.state not in (Lifecycle.ACTIVE, Lifecycle.SUSPENDED):
            return None
        site = self._directory.site_of(device.station_id)
        wanted = wanted_availability(device, site, self._directory.clock.now())
        return {
            "wanted": wanted.value,
            "agreed": device.asserted.value if device.asserted else None,
            "is_pending": device.asserted is not wanted,
        }


def standing_json(standing: Standing) -> dict[str, Any]:
    """A standing for the API."""
    return {
        "lifecycle": standing.state.value,
        "blocked_by": [each.as_json for each in standing.blocked_by],
        "who_clears": standing.who_clears.value if standing.who_clears else None,
        "remarks": [each.as_json for each in standing.remarks],
    }


def mac_label(device: Device) -> str | None:
    """The MAC on the label: the first one known."""
    mac = find_mac(device.macs[0]) if device.macs else None
    return mac.label if mac else None


def activation_summary(run: ActivationRun | None) -> dict[str, Any] | None:
    """A run in a few words."""
    if run is None:
        return None
    current = run.current
    return {
        "current": current.step.value if current else None,
        "done": sum(each.state.is_settled for each in run.steps),
        "steps": len(run.steps),
        "pending": [each.step.value for each in run.steps if not each.state.is_settled],
        "refused": [each.step.value for each in run.steps if each.state is StepState.REFUSED],
        "lacking": [each.step.value for each in run.steps if each.state is StepState.LACKING],
    }
