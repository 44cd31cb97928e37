"""Stations and connectors as JSON values, for the API and the console alike."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from csms.api.inventory_views import connector_view
from csms.api.ports import ApiParts
from csms.api.transaction_views import transaction_view
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import LinkEndRecord, StationRecord, StationState
from ocppj.vocabulary import StationId
from runtime.slices import in_slices
from runtime.texts import instant_text

SLICE = 10
"""Stations composed before the loop does something else."""


class StationViews:
    """What people see of the stations: what is stored, what is live, and what provisioning adds."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    async def stations(self, station_ids: Sequence[StationId]) -> list[dict[str, Any]]:
        """These stations, in this order, without those that nobody knows."""
        states = await self._parts.records.states(station_ids)
        return [each async for each in self.rows({each: states[each] for each in station_ids})]

    async def rows(self, states: Mapping[StationId, StationState]) -> AsyncIterator[dict[str, Any]]:
        """The same, of states that are read already; the loop does something else in between."""
        links = await self._parts.presence.links(states)
        async for some in in_slices(list(states), SLICE):
            for station_id in some:
                row = self._station(station_id, states[station_id], links.get(station_id))
                if row is not None:
                    yield row

    async def station(self, station_id: StationId) -> dict[str, Any] | None:
        """One station; None if it is neither stored, nor connected, nor known to provisioning."""
        found = next(iter(await self.stations((station_id,))), None)
        if found is None or found["link"] is not None:
            return found
        end = await self._parts.records.link_end(station_id)
        return {**found, "link_end": link_end_json(end) if end is not None else None}

    def _station(
        self, station_id: StationId, state: StationState, link: LinkView | None
    ) -> dict[str, Any] | None:
        details = self._parts.details.details(station_id)
        if state.record is None and link is None and not details.get("lifecycle"):
            return None
        record, open_ones = state.record or StationRecord(station_id), state.open_ones
        return {
            **details,
            **station_json(record),
            "version": link.version.label if link is not None else record.version,
            "is_online": link is not None,
            "link": link_json(link) if link is not None else None,
            "connectors": [connector_view(each) for each in state.connectors],
            "transaction": transaction_view(open_ones[0]) if open_ones else None,
            "open_transactions": len(open_ones),
            "power_w": sum(each.power_w or 0.0 for each in open_ones) if link is not None else 0.0,
            "energy_wh": sum(each.energy_wh or 0.0 for each in open_ones),
        }


def station_json(record: StationRecord) -> dict[str, Any]:
    """The stored part of a station."""
    return {
        "station_id": record.station_id,
        "vendor": record.vendor,
        "model": record.model,
        "serial_number": record.serial_number,
        "firmware_version": record.firmware_version,
        "registration": record.registration.value if record.registration is not None else None,
        "admission": record.admission,
        "quiet": record.is_quiet,
        "first_seen_at": instant_text(record.first_seen_at),
        "last_seen_at": instant_text(record.last_seen_at),
        "booted_at": instant_text(record.booted_at),
        "boot_reason": record.boot_reason,
        "iccid": record.iccid,
        "imsi": record.imsi,
        "meter_type": record.meter_type,
        "meter_serial_number": record.meter_serial_number,
        "firmware_status": record.firmware_status,
        "firmware_status_at": instant_text(record.firmware_status_at),
        "log_status": record.log_status,
        "log_status_at": instant_text(record.log_status_at),
    }


def link_json(link: LinkView) -> dict[str, Any]:
    """A live link. `is_unauthenticated`: the station proved nothing when it connected."""
    return {
        "node": link.node,
        "version": link.version.label,
        "security": link.security.value,
        "is_unauthenticated": link.security is LinkSecurity.UNAUTHENTICATED,
        "peer": link.peer,
        "epoch": link.epoch,
        "registration": link.registration.value if link.registration is not None else None,
        "connected_at": instant_text(link.connected_at),
        "last_received_at": instant_text(link.last_received_at),
        "findings": list(link.findings),
    }


def link_end_json(record: LinkEndRecord) -> dict[str, Any]:
    """How the last link of a station ended."""
    return {"at": instant_text(record.at), "reason": record.reason}
