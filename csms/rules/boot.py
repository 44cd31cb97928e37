"""BootNotification: a station presents itself. It ends no transaction and no command (reliability C-15)."""

from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.rows import BootRow
from csms.rules.state import Decision, State
from csms.rules.transfers import with_boot
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.messages import Reply
from ocppj.vocabulary import BootReason


def station_booted(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """Keep what it said of itself and what it was told; its version proves an update."""
    boot: BootNotification = inbound.event  # type: ignore[assignment] # the table's key
    reply: BootNotificationResponse = proposal  # type: ignore[assignment] # what the handler of this event proposes
    row = BootRow(inbound.station_id, boot, reply.status, inbound.received_at)
    payload = {
        "vendor": boot.vendor,
        "model": boot.model,
        "serial_number": boot.serial_number,
        "firmware_version": boot.firmware_version,
        "reason": (boot.reason or BootReason.UNKNOWN).value,
        "registration": reply.status.value,
    }
    station_event = StationEvent("station.booted", inbound.station_id, inbound.received_at, payload)
    return with_boot(Decision(reply, (row,), (station_event,)), state, inbound, boot.firmware_version)
