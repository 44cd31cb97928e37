"""Everything provisioning knows, in memory: devices, sites, places, tariffs and runs, and who is where."""

from collections import Counter
from collections.abc import Iterable

from ocppj.vocabulary import StationId
from provisioning.accounts import AccountSetUp
from provisioning.activation.runs import ActivationRun
from provisioning.blockers import Blocker
from provisioning.change_set import NoteTopic
from provisioning.gates.lifecycle_status import LifecycleStatus
from provisioning.lifecycle_moves import Planned
from provisioning.mac_suggestions import MacSuggestions
from provisioning.preparation import SitePreparation
from provisioning.records import Device, NamedTariff, Place, Site
from provisioning.shipping import ON_SITE
from provisioning.storage.snapshot import Snapshot


class KnownFacts:
    """The records by their ids, and what follows from them."""

    def __init__(self) -> None:
        self.devices: dict[StationId, Device] = {}
        self.sites: dict[str, Site] = {}
        self.places: dict[str, Place] = {}
        self.tariffs: dict[str, NamedTariff] = {}
        self.set_ups: dict[str, AccountSetUp] = {}
        self.preparations: dict[str, SitePreparation] = {}
        """By site."""
        self.serviced_orders: set[str] = set()
        """Those with which a service on site was bought."""
        self.runs: dict[StationId, ActivationRun] = {}
        self.mac_suggestions = MacSuggestions()
        self.quarantined = 0
        self._names: dict[str, StationId] = {}
        self._at: dict[str, StationId] = {}
        self._notes: dict[StationId, dict[NoteTopic, Blocker]] = {}
        self._lifecycle_statuses: dict[StationId, LifecycleStatus] = {}
        self.states: Counter[str] = Counter()
        """How many stations are in each lifecycle state."""
        self.blocked: Counter[str] = Counter()
        """How many stations each blocker is in the way of."""
        self.blocked_stations = 0
        """How many stations any is in the way of."""

    def station_named(self, name: str) -> StationId | None:
        """The station that goes by this MAC (canonical hex), serial or other identity (lower case)."""
        return self._names.get(name)

    def place_of(self, station_id: StationId) -> Place | None:
        """Where the station is."""
        device = self.devices.get(station_id)
        return self.places.get(device.place_id) if device is not None and device.place_id else None

    def station_at(self, place_id: str) -> StationId | None:
        """Which station is at a place."""
        return self._at.get(place_id)

    def site_of(self, station_id: StationId) -> Site | None:
        """On which site the station is."""
        place = self.place_of(station_id)
        return self.sites.get(place.site_id) if place else None

    def stations_on(self, site_id: str) -> list[StationId]:
        """The stations on a site."""
        return [
            station_id
            for station_id in self.devices
            if (site := self.site_of(station_id)) is not None and site.site_id == site_id
        ]

    def stations_of(self, organisation_id: str) -> list[StationId]:
        """The stations at places of an organisation."""
        return [
            station_id
            for station_id in self.devices
            if (site := self.site_of(station_id)) is not None and site.organisation_id == organisation_id
        ]

    def lifecycle_status(self, station_id: StationId) -> LifecycleStatus | None:
        """How far a station is; None for one that has no device record."""
        return self._lifecycle_statuses.get(station_id)

    def adopt(self, snapshot: Snapshot) -> None:
        """What is stored."""
        self.sites |= {site.site_id: site for site in snapshot.sites}
        self.places |= {place.place_id: place for place in snapshot.places}
        self.tariffs |= {named.tariff.tariff_id: named for named in snapshot.tariffs}
        self.set_ups |= {each.organisation_id: each for each in snapshot.set_ups}
        self.preparations |= {each.site_id: each for each in snapshot.preparations}
        self.serviced_orders |= snapshot.serviced_orders
        for device in snapshot.devices:
            self._put(device)
        self.runs |= snapshot.runs

    def apply(self, written: Planned) -> None:
        """It is durable: memory follows."""
        change = written.change
        for part in change.parts:
            part.apply()
        self.sites |= {key: each.after for key, each in change.sites.items()}
        self.places |= {key: each.after for key, each in change.places.items()}
        self.tariffs |= {named.tariff.tariff_id: named for named, _ in change.tariffs}
        self.set_ups |= {key: each.after for key, each in change.set_ups.items()}
        for organisation_id in change.ended_set_ups:
            self.set_ups.pop(organisation_id, None)
        self.preparations |= {key: each.after for key, each in change.preparations.items()}
        for site_id in change.ended_preparations:
            self.preparations.pop(site_id, None)
        self.serviced_orders |= {each.order_id for each in change.entitlements if each.kind in ON_SITE}
        self._forget(change.gone)
        for device in change.devices.values():
            if device.after.station_id not in change.gone:
                self._put(device.after)
        self.runs |= {key: each.after for key, each in change.runs.items()}
        for station_id in change.ended_runs:
            self.runs.pop(station_id, None)
        for (station_id, topic), note in change.notes.items():
            self._keep_note(station_id, topic, note)
        for move in written.moves:
            self.stand(move.station_id, move.now)

    def stand(self, station_id: StationId, now: LifecycleStatus | None) -> None:
        """Where a station stands from now on; counted, so that nobody has to count them all."""
        before = self._lifecycle_statuses.pop(station_id, None)
        for lifecycle_status, change in ((before, -1), (now, 1)):
            if lifecycle_status is not None:
                self.states[lifecycle_status.state.value] += change
                self.blocked_stations += change * bool(lifecycle_status.blocked_by)
                for code in {each.code.value for each in lifecycle_status.blocked_by}:
                    self.blocked[code] += change
        if now is not None:
            self._lifecycle_statuses[station_id] = now

    def _keep_note(self, station_id: StationId, topic: NoteTopic, note: Blocker | None) -> None:
        if note is not None and station_id in self.devices:
            self._notes.setdefault(station_id, {})[topic] = note
        elif station_id in self._notes:
            self._notes[station_id].pop(topic, None)

    def _put(self, device: Device) -> None:
        self._forget_names(device.station_id)
        before = self.devices.get(device.station_id)
        self.quarantined += (not device.is_ours) - (before is not None and not before.is_ours)
        self._leave(before)
        self.devices[device.station_id] = device
        if device.place_id is not None:
            self._at[device.place_id] = device.station_id
        for name in (*device.macs, *device.aliases):
            self._names[name] = device.station_id
        for mac in device.macs:
            self.mac_suggestions.add(mac)

    def _forget(self, stations: Iterable[StationId]) -> None:
        for station_id in stations:
            self._forget_names(station_id)
            device = self.devices.pop(station_id, None)
            self._leave(device)
            self.quarantined -= device is not None and not device.is_ours
            self.runs.pop(station_id, None)
            self.stand(station_id, None)
            self._notes.pop(station_id, None)

    def _leave(self, device: Device | None) -> None:
        """The box is not where it was, unless another one came there meanwhile."""
        place_id = device.place_id if device is not None else None
        if device is not None and place_id is not None and self._at.get(place_id) == device.station_id:
            del self._at[place_id]

    def _forget_names(self, station_id: StationId) -> None:
        device = self.devices.get(station_id)
        for name in (*device.macs, *device.aliases) if device is not None else ():
            if self._names.get(name) == station_id:
                del self._names[name]
                self.mac_suggestions.discard(name)
