"""`KnownBoxes`: the boxes that go by some names, as they were loaded and as a change leaves them so far."""

from collections.abc import Collection, Iterable

from ocppj.vocabulary import StationId
from provisioning.records import Device


class KnownBoxes:
    """Devices by every name they go by. `with_past` are those whose record has to be kept."""

    def __init__(self, devices: Iterable[Device] = (), with_past: Collection[StationId] = ()) -> None:
        self._devices: dict[StationId, Device] = {}
        self._by_name: dict[str, StationId] = {}
        self._with_past = frozenset(with_past)
        self.loaded: dict[StationId, Device] = {}
        """As they are stored."""
        for device in devices:
            self.put(device)
        self.loaded = dict(self._devices)

    def __eq__(self, other: object) -> bool:
        """Whether the same was loaded."""
        if not isinstance(other, KnownBoxes):
            return NotImplemented
        return (self.loaded, self._with_past) == (other.loaded, other._with_past)

    __hash__ = None  # type: ignore[assignment] # it changes

    def copy(self) -> "KnownBoxes":
        """The same as it was loaded, for a decision to go on from."""
        return KnownBoxes(self.loaded.values(), self._with_past)

    def get(self, station_id: StationId) -> Device | None:
        """One of them."""
        return self._devices.get(station_id)

    def namesakes(self, names: Iterable[str], but: StationId) -> list[Device]:
        """Those that go by one of these names, their own identity included, by their ids."""
        found = {self._by_name.get(name) for name in names} - {None, but}
        return [self._devices[each] for each in sorted(each for each in found if each is not None)]

    def put(self, device: Device) -> None:
        """A device is so from now on."""
        self.forget(device.station_id)
        self._devices[device.station_id] = device
        for name in (device.station_id, *device.macs, *device.aliases):
            self._by_name[name] = device.station_id

    def forget(self, station_id: StationId) -> None:
        """A device is gone, and so are its names."""
        device = self._devices.pop(station_id, None)
        for name in (device.station_id, *device.macs, *device.aliases) if device is not None else ():
            if self._by_name.get(name) == station_id:
                del self._by_name[name]

    def has_past(self, station_id: StationId) -> bool:
        """Whether it was ever at a place, or adopted."""
        return station_id in self._with_past
