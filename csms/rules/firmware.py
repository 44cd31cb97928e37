"""FirmwareStatusNotification: how far an update is."""

from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.domain.transfers import TransferKind
from csms.rules.rows import FirmwareStatusRow
from csms.rules.state import Decision, State
from csms.rules.transfers import with_transfer
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Acknowledged, Reply


def firmware_status_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:  # noqa: ARG001 - table
    """The newest status stands with the station, and with the transfer that it is of."""
    event: FirmwareStatusNotification = inbound.event  # type: ignore[assignment] # the table's key
    row = FirmwareStatusRow(inbound.station_id, event.status, inbound.received_at)
    payload = {"status": event.status, "request_id": event.request_id}
    station_event = StationEvent("firmware.status", inbound.station_id, inbound.received_at, payload)
    told = TransferKind.FIRMWARE, event.status, event.request_id
    return with_transfer(Decision(Acknowledged(), (row,), (station_event,)), state, inbound, told)
