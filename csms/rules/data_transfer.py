"""DataTransfer from stations: nothing to keep, but somebody may listen."""

from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.state import Decision, State
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.messages import Reply


def data_transfer_received(state: State, inbound: Inbound, proposal: Reply) -> Decision:  # noqa: ARG001 - table
    """Tell it, and answer what the handler proposes."""
    event: DataTransfer = inbound.event  # type: ignore[assignment] # the table's key
    payload = {"vendor_id": event.vendor_id, "message_id": event.message_id, "text": event.text}
    station_event = StationEvent("data.transfer", inbound.station_id, inbound.received_at, payload)
    return Decision(proposal, (), (station_event,))
