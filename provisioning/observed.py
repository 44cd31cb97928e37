"""`Observed`: how each station is at this moment, in memory, kept by the news. Only what is wrong is kept."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from charging.tariff import Component
from csms.domain.records import ConnectorRecord, StationState
from csms.domain.station_events import StationEvent
from ocppj.vocabulary import ConnectorStatus, StationId
from provisioning.conditions import Box, Conditions, Fault, Unmeasured, fault_of
from provisioning.station_cache import StationCache

BOXES_REMEMBERED = timedelta(minutes=15)
"""A second box tries again within minutes; one that did not come for so long was switched off, or was given
another id that somebody had before."""
BOXES_LIMIT = 8
"""Boxes remembered of one station; strangers make them up."""
CROWDED_LIMIT = 1000
"""Stations of which more than one box is remembered."""
FAULTS_LIMIT = 64
"""Faults kept of one station."""
_LACKING_WHERE_NULL: dict[Component, str] = {"energy": "energy_wh", "idle": "charging_state"}
"""The member of a `transaction.ended` that is null where the station told nothing of it."""


class Observed:
    """Faults, silence and second boxes of the stations, and what they tell nothing of."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache
        self._faults: dict[StationId, dict[tuple[int, int], Fault]] = {}
        self._offline: dict[StationId, datetime] = {}
        self._up: set[StationId] = set()
        self._replaced: dict[StationId, datetime] = {}
        self._boxes: dict[StationId, dict[tuple[str | None, ...], Box]] = {}
        self._untold: dict[StationId, Mapping[Component, datetime]] = {}

        self.watchers: list[Callable[[StationId], object]] = []
        """Called with each station that is not as it was."""

    def begin_anew(self) -> None:
        """News was lost: what is wrong is read again."""
        self._faults.clear()
        self._up.clear()

    def recall(self, state: StationState) -> None:
        """What was true of a station when the server stopped, or when news was lost."""
        for each in state.connectors:
            self._keep(each)
        record = state.record
        if record is not None and record.last_seen_at and record.station_id in self._station_cache.devices:
            self._offline.setdefault(record.station_id, record.last_seen_at)
        if record is not None:
            self._notify(record.station_id)

    @property
    def untold(self) -> Mapping[StationId, Mapping[Component, datetime]]:
        """The stations that told nothing of a component in their last transactions, and since when."""
        return self._untold

    def note_untold(self, station_id: StationId, untold: Mapping[Component, datetime]) -> None:
        """What a station tells nothing of was read."""
        if untold.keys() == self._untold.get(station_id, {}).keys():
            return
        if untold:
            self._untold[station_id] = untold
        else:
            del self._untold[station_id]
        self._notify(station_id)

    def is_unexpected(self, event: StationEvent) -> bool:
        """Whether a `transaction.ended` lacks, or tells, what its station did not before."""
        lacking = {
            component for component, name in _LACKING_WHERE_NULL.items() if event.payload.get(name) is None
        }
        return lacking != self._untold.get(event.station_id, {}).keys()

    def conditions(
        self,
        station_id: StationId,
        *,
        is_online: bool,
        address: str = "",
        unmeasured: tuple[Unmeasured, ...] = (),
    ) -> Conditions:
        """How it is now; `address` is where its link comes from, `unmeasured` what its price lacks."""
        return Conditions(
            is_online,
            self._offline.get(station_id),
            tuple(self._faults.get(station_id, {}).values()),
            self._shown_boxes(station_id, address if is_online else ""),
            unmeasured,
        )

    def is_concerned(self, event: StationEvent) -> bool:
        """Whether a `connector.status` changes anything here."""
        payload = event.payload
        is_wrong = payload.get("status") == ConnectorStatus.FAULTED.value or payload.get("error_code")
        return bool(is_wrong) or event.station_id in self._faults

    def status_reported(self, event: StationEvent) -> None:
        """A connector reported its status."""
        told = event.payload
        status = ConnectorStatus(told["status"])
        self._keep(
            ConnectorRecord(
                event.station_id,
                told["evse_id"],
                told["connector_id"],
                status,
                told.get("reported", status.value),
                event.at,
                told.get("error_code"),
                told.get("info"),
            )
        )
        self._notify(event.station_id)

    def link_changed(self, event: StationEvent) -> None:
        """A link of a station that we lead came or went, or its station booted."""
        station_id = event.station_id
        match event.event:
            case "link.disconnected":
                self._up.discard(station_id)
                self._offline[station_id] = event.at
            case "link.connected":
                if station_id in self._up:  # nobody said that the older one ended: this one took its place
                    self._replaced[station_id] = event.at
                self._up.add(station_id)
                self._offline.pop(station_id, None)
        self._notify(station_id)

    def booted(self, event: StationEvent, address: str) -> Box:
        """Boxes that take turns under one id differ in what their boots say; the one that booted."""
        told: dict[str, Any] = event.payload
        box = Box(address, event.at, 0, told["vendor"], told["model"], told["serial_number"])
        replaced_at = self._replaced.get(event.station_id)
        if replaced_at is None or event.at - replaced_at > BOXES_REMEMBERED:
            self._replaced.pop(event.station_id, None)
        else:
            self._remember(event.station_id, (box.vendor, box.model, box.serial_number), box)
        return box

    @property
    def crowded(self) -> tuple[StationId, ...]:
        """Those of which a second box is remembered; some of them for too long."""
        return tuple(self._boxes)

    @property
    def is_crowded(self) -> bool:
        """Whether there is a station of which more than one box is remembered."""
        return bool(self._boxes)

    def is_twin(self, box: Box) -> bool:
        """Whether this box, or one from its address that was turned away, came under another id lately."""
        return any(_is_same(box, each) for boxes in self._boxes.values() for each in boxes.values())

    def settled(self, box: Box, first_seen_at: datetime) -> None:
        """This box booted under an id that was first seen then: under an older one it comes no more, if it
        came there before. Ids that were known already prove nothing: behind one address there may be many.
        """
        for station_id, boxes in list(self._boxes.items()):
            for key, each in list(boxes.items()):
                if _is_same(box, each) and each.at < first_seen_at:
                    del boxes[key]
                    self._boxes_changed(station_id)

    def only_one(self, station_id: StationId) -> None:
        """Somebody says that only one box is left under this id."""
        if station_id in self._boxes:
            self._boxes[station_id].clear()
            self._boxes_changed(station_id)

    def turned_away(self, station_id: StationId, address: str, at: datetime) -> bool:
        """Another box wanted in while the station was connected; whether that is new."""
        key = (address,)
        before = self._boxes.get(station_id, {}).get(key)
        is_new = before is None or at - before.at > BOXES_REMEMBERED
        times = 1 if before is None or is_new else before.times + 1
        self._remember(station_id, key, Box(address, at, times))
        return is_new

    def forget(self, station_id: StationId) -> None:
        """The station is gone."""
        for kept in (self._faults, self._offline, self._replaced, self._boxes, self._untold):
            kept.pop(station_id, None)
        self._up.discard(station_id)

    def _keep(self, record: ConnectorRecord) -> None:
        place, fault = (record.evse_id, record.connector_id), fault_of(record)
        faults = self._faults.setdefault(record.station_id, {})
        before = faults.get(place)
        if fault is None:
            faults.pop(place, None)
        elif before is None or replace(before, since=None) != replace(fault, since=None):
            faults[place] = fault
            while len(faults) > FAULTS_LIMIT:
                del faults[next(iter(faults))]
        if not faults:
            del self._faults[record.station_id]

    def _remember(self, station_id: StationId, key: tuple[str | None, ...], box: Box) -> None:
        boxes = self._boxes.setdefault(station_id, {})
        boxes.pop(key, None)
        boxes[key] = box
        while len(boxes) > BOXES_LIMIT:
            del boxes[next(iter(boxes))]
        while len(self._boxes) > CROWDED_LIMIT:
            del self._boxes[next(iter(self._boxes))]
        self._notify(station_id)

    def _boxes_changed(self, station_id: StationId) -> None:
        if not self._boxes[station_id]:
            del self._boxes[station_id]
            self._replaced.pop(station_id, None)
        self._notify(station_id)

    def _notify(self, station_id: StationId) -> None:
        for watcher in self.watchers:
            watcher(station_id)

    def _shown_boxes(self, station_id: StationId, address: str) -> tuple[Box, ...]:
        """All that came lately, the connected one first; none where only one is known."""
        kept = self._boxes.get(station_id)
        if kept is None:
            return ()
        now = self._station_cache.clock.now()
        recent = [each for each in kept.values() if now - each.at <= BOXES_REMEMBERED]
        if not recent:
            del self._boxes[station_id]
            return ()
        refused = [each for each in recent if each.times]
        let_in = [each for each in recent if not each.times]
        if refused and address and not let_in:
            device, at = self._station_cache.devices.get(station_id), refused[-1].at
            let_in = [
                Box(address, at, 0, device.vendor, device.model, device.serial)
                if device is not None
                else Box(address, at)
            ]
        boxes = (*let_in, *refused)
        return boxes if len(boxes) > 1 else ()


def _is_same(box: Box, remembered: Box) -> bool:
    """One that was turned away is known by its address, one that took turns by what its boot said."""
    if remembered.times:
        return box.address == remembered.address
    told = box.vendor, box.model, box.serial_number
    is_told_apart = box.serial_number is not None or box.address == remembered.address
    return is_told_apart and told == (remembered.vendor, remembered.model, remembered.serial_number)
