"""SecurityEventNotification: kept, because its delivery is guaranteed (whitepaper A04.FR.02)."""

from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.rows import SecurityEventRow
from csms.rules.state import Decision, State
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.security import SecurityEventNotification


def security_event_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:  # noqa: ARG001 - table
    """One row per event."""
    event: SecurityEventNotification = inbound.event  # type: ignore[assignment] # the table's key
    row = SecurityEventRow(inbound.station_id, event.type, event.tech_info, event.at, inbound.received_at)
    payload = {"type": event.type, "tech_info": event.tech_info}
    station_event = StationEvent("security.event", inbound.station_id, inbound.received_at, payload)
    return Decision(Acknowledged(), (row,), (station_event,))
