"""Stations, connectors and transactions as JSON values, for the API and the console alike."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from charging.tariff import amount_text
from csms.api.ports import ApiParts
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import (
    AttachmentRecord,
    ConnectorRecord,
    LinkEndRecord,
    SampleRecord,
    StationRecord,
    StationState,
    TokenRecord,
    TransactionRecord,
    VariableRecord,
)
from csms.domain.reviews import ReviewRecord
from csms.gateway.attempts import Attempt
from csms.rules.flags import unmeasured
from csms.rules.metering import sample_fields
from ocppj.vocabulary import IdToken, IdTokenType, StationId
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
            "connectors": [connector_json(each) for each in state.connectors],
            "transaction": transaction_json(open_ones[0]) if open_ones else None,
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


def connector_json(record: ConnectorRecord) -> dict[str, Any]:
    """A connector; register and power are what its EVSE metered last outside of transactions."""
    return {
        "evse_id": record.evse_id,
        "connector_id": record.connector_id,
        "status": record.status.value,
        "reported": record.reported,
        "at": instant_text(record.at),
        "error_code": record.error_code,
        "info": record.info,
        "since": instant_text(record.since),
        "register_wh": record.register_wh,
        "power_w": record.power_w,
        "metered_at": instant_text(record.metered_at),
    }


def variable_json(record: VariableRecord) -> dict[str, Any]:
    """A variable; `name` is how people write it."""
    ref = record.ref
    return {
        "name": str(ref),
        "component": ref.component,
        "component_instance": ref.component_instance,
        "variable": ref.variable,
        "variable_instance": ref.variable_instance,
        "evse_id": ref.evse_id,
        "connector_id": ref.connector_id,
        "value": record.value,
        "is_read_only": record.is_read_only,
        "unit": record.unit,
        "reported_at": instant_text(record.reported_at),
    }


def transaction_json(record: TransactionRecord) -> dict[str, Any]:
    """A transaction without its samples. `is_provisional`: energy and cost may still change; `unmeasured`:
    priced components that the station did not tell.
    """
    return {
        "transaction_id": record.transaction_id,
        "number": record.transaction_no,
        "station_id": record.station_id,
        "evse_id": record.evse_id,
        "connector_id": record.connector_id,
        "id_token": id_token_json(record.id_token) if record.id_token is not None else None,
        "started_at": instant_text(record.started_at),
        "ended_at": instant_text(record.ended_at),
        "is_open": record.is_open,
        "charging_state": record.charging_state.value if record.charging_state is not None else None,
        "power_w": record.power_w,
        "energy_wh": record.energy_wh,
        "stopped_reason": record.stopped_reason,
        "cost_micro": record.cost_micro,
        "currency": record.currency,
        "is_provisional": record.is_provisional,
        "review": record.review.value if record.review is not None else None,
        "unmeasured": unmeasured(record.flags),
        "flags": list(record.flags),
    }


def cost_text(amount_micro: int, currency: str, language: str) -> str:
    """A cost as people write it, at the coin."""
    return amount_text(amount_micro, currency, "fr-CA" if language == "fr" else "en")


def review_json(record: ReviewRecord) -> dict[str, Any]:
    """What a person decided about a transaction."""
    return {
        "decision": record.decision.value,
        "reason": record.reason,
        "decided_by": record.decided_by,
        "decided_at": instant_text(record.decided_at),
        "before": record.before,
        "after": record.after,
    }


def attachment_json(record: AttachmentRecord) -> dict[str, Any]:
    """A part of a message as it came, as text: whoever checks a signature needs every character."""
    return {
        "kind": record.kind,
        "content": record.content,
        "received_at": instant_text(record.received_at),
    }


def sample_json(record: SampleRecord) -> dict[str, Any]:
    """A metered value in its base unit."""
    sample = record.sample
    fields = sample_fields(sample, instant_text(sample.at))
    return {**fields, "received_at": instant_text(record.received_at)}


def id_token_json(id_token: IdToken) -> dict[str, Any]:
    """An id token; a type that no version knows is kept as it came."""
    kind = id_token.type
    return {"value": id_token.value, "type": kind.value if isinstance(kind, IdTokenType) else kind}


def token_json(record: TokenRecord) -> dict[str, Any]:
    """An id token with the verdict on it."""
    return {
        **id_token_json(record.id_token),
        "status": record.status.value,
        "group_id_token": record.group_id_token,
        "expires_at": instant_text(record.expires_at),
        "note": record.note,
    }


def attempt_json(attempt: Attempt) -> dict[str, Any]:
    """A connection that failed; `first_bytes` as text for people, with what cannot be shown escaped."""
    return {
        "at": instant_text(attempt.at),
        "peer": f"{attempt.address}:{attempt.port}",
        "identity": attempt.identity,
        "reason": attempt.reason.value,
        "detail": attempt.detail,
        "cause": attempt.cause,
        "status": attempt.status,
        "first_bytes": attempt.first_bytes[:200].decode("latin-1").encode("unicode_escape").decode("ascii"),
    }
