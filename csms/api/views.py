"""Stations, for the API and the console alike: what is stored, what is live, and what provisioning knows."""

from collections.abc import AsyncIterator, Mapping, Sequence

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from csms.api.inventory_views import ConnectorAnswer, connector_view
from csms.api.ports import ApiParts
from csms.api.transaction_views import TransactionAnswer, transaction_view
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import LinkEndRecord, StationRecord, StationState
from csms.domain.station_details import StationDetailsAnswer
from ocppj.vocabulary import StationId
from runtime.slices import in_slices
from runtime.texts import instant_text
from runtime.views import View

SLICE = 10
"""Stations composed before the loop does something else."""


class LinkAnswer(View, frozen=True, kw_only=True):
    """A live link, and the node that holds it. `is_unauthenticated`: the station proved nothing when it
    connected.
    """

    node: str
    version: str
    security: str
    is_unauthenticated: bool
    peer: str
    epoch: int
    registration: str | None
    connected_at: str
    last_received_at: str
    findings: tuple[str, ...]


class LinkEndAnswer(View, frozen=True, kw_only=True):
    """How the last link of a station ended: a close code (RFC 6455) with its reason."""

    at: str
    reason: str


class StationAnswer(StationDetailsAnswer, frozen=True, kw_only=True):
    """A station: what is stored, what is live, and what provisioning knows."""

    station_id: str
    vendor: str | None
    model: str | None
    serial_number: str | None
    firmware_version: str | None
    registration: str | None
    admission: str | None
    quiet: bool
    first_seen_at: str | None
    last_seen_at: str | None
    booted_at: str | None
    boot_reason: str | None
    iccid: str | None
    imsi: str | None
    meter_type: str | None
    meter_serial_number: str | None
    firmware_status: str | None
    firmware_status_at: str | None
    log_status: str | None
    log_status_at: str | None
    version: str | None
    is_online: bool
    link: LinkAnswer | None
    connectors: tuple[ConnectorAnswer, ...]
    transaction: TransactionAnswer | None
    open_transactions: int
    power_w: float
    energy_wh: float
    link_end: LinkEndAnswer | UnsetType | None = UNSET
    """Of one station alone; null where it is connected, or none was seen to end."""


class StationViews:
    """What people see of the stations."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    async def stations(self, station_ids: Sequence[StationId]) -> list[StationAnswer]:
        """These stations, in this order, without those that nobody knows."""
        states = await self._parts.records.states(station_ids)
        return [each async for each in self.rows({each: states[each] for each in station_ids})]

    async def rows(self, states: Mapping[StationId, StationState]) -> AsyncIterator[StationAnswer]:
        """The same, of states that are read already; the loop does something else in between."""
        links = await self._parts.presence.links(states)
        async for some in in_slices(list(states), SLICE):
            for station_id in some:
                row = self._station(station_id, states[station_id], links.get(station_id))
                if row is not None:
                    yield row

    async def station(self, station_id: StationId) -> StationAnswer | None:
        """One station; None if it is neither stored, nor connected, nor known to provisioning."""
        found = next(iter(await self.stations((station_id,))), None)
        if found is None or found.link is not None:
            return found
        end = await self._parts.records.link_end(station_id)
        return replace(found, link_end=link_end_view(end) if end is not None else None)

    def _station(
        self, station_id: StationId, state: StationState, link: LinkView | None
    ) -> StationAnswer | None:
        details = self._parts.details.details(station_id)
        if state.record is None and link is None and not details.lifecycle:
            return None
        return station_view(state.record or StationRecord(station_id), state, link, details)


def station_view(
    record: StationRecord, state: StationState, link: LinkView | None, details: StationDetailsAnswer
) -> StationAnswer:
    """A station; `details` are what provisioning knows of it."""
    open_ones = state.open_ones
    return StationAnswer(
        station_id=record.station_id,
        vendor=record.vendor,
        model=record.model,
        serial_number=record.serial_number,
        firmware_version=record.firmware_version,
        registration=record.registration.value if record.registration is not None else None,
        admission=record.admission,
        quiet=record.is_quiet,
        first_seen_at=instant_text(record.first_seen_at),
        last_seen_at=instant_text(record.last_seen_at),
        booted_at=instant_text(record.booted_at),
        boot_reason=record.boot_reason,
        iccid=record.iccid,
        imsi=record.imsi,
        meter_type=record.meter_type,
        meter_serial_number=record.meter_serial_number,
        firmware_status=record.firmware_status,
        firmware_status_at=instant_text(record.firmware_status_at),
        log_status=record.log_status,
        log_status_at=instant_text(record.log_status_at),
        version=link.version.label if link is not None else record.version,
        is_online=link is not None,
        link=link_view(link) if link is not None else None,
        connectors=tuple(map(connector_view, state.connectors)),
        transaction=transaction_view(open_ones[0]) if open_ones else None,
        open_transactions=len(open_ones),
        power_w=sum((each.power_w or 0.0 for each in open_ones), 0.0) if link is not None else 0.0,
        energy_wh=sum((each.energy_wh or 0.0 for each in open_ones), 0.0),
        lifecycle=details.lifecycle,
        blocked_by=details.blocked_by,
        who_clears=details.who_clears,
        remarks=details.remarks,
        boxes=details.boxes,
        place=details.place,
        site=details.site,
        mac=details.mac,
        macs=details.macs,
        credential=details.credential,
        is_unauthenticated=details.is_unauthenticated,
        tariff=details.tariff,
        tariff_shown=details.tariff_shown,
        availability=details.availability,
        activation=details.activation,
    )


def link_view(link: LinkView) -> LinkAnswer:
    """A live link."""
    return LinkAnswer(
        node=link.node,
        version=link.version.label,
        security=link.security.value,
        is_unauthenticated=link.security is LinkSecurity.UNAUTHENTICATED,
        peer=link.peer,
        epoch=link.epoch,
        registration=link.registration.value if link.registration is not None else None,
        connected_at=instant_text(link.connected_at),
        last_received_at=instant_text(link.last_received_at),
        findings=link.findings,
    )


def link_end_view(record: LinkEndRecord) -> LinkEndAnswer:
    """How the last link of a station ended."""
    return LinkEndAnswer(at=instant_text(record.at), reason=record.reason)
