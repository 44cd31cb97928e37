"""Links come and go, in any order: the newest epoch counts (architecture §4.6)."""

from datetime import datetime

from csms.domain.links import LinkView
from csms.domain.station_events import StationEvent
from csms.rules.rows import LinkClosedRow, LinkOpenedRow
from csms.rules.state import Decision, State
from ocppj.vocabulary import Epoch, StationId


def link_opened(state: State, link: LinkView) -> Decision:
    """A link is up, unless a newer one is known."""
    if state.epochs.get(link.station_id, 0) > link.epoch:
        return Decision()
    payload = {
        "epoch": link.epoch,
        "version": link.version.label,
        "peer": link.peer,
        "security": link.security.value,
        "findings": list(link.findings),
    }
    station_event = StationEvent("link.connected", link.station_id, link.connected_at, payload)
    return Decision(None, (LinkOpenedRow(link),), (station_event,))


def link_closed(state: State, station_id: StationId, epoch: Epoch, at: datetime, reason: str) -> Decision:
    """A link is down; the close of an old one changes nothing."""
    if state.epochs.get(station_id) != epoch:
        return Decision()
    row = LinkClosedRow(station_id, epoch, at, reason)
    payload = {"epoch": epoch, "reason": reason}
    return Decision(None, (row,), (StationEvent("link.disconnected", station_id, at, payload),))
