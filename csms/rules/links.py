"""Links come and go, in any order: the newest epoch counts (architecture §4.6)."""

from datetime import datetime

from csms.domain.links import LinkView
from csms.domain.station_events import StationEvent
from csms.rules.rows import EpochRow, LinkClosedRow, LinkOpenedRow
from csms.rules.state import Decision, State, StoredLink
from ocppj.vocabulary import Epoch, StationId


def epoch_given(state: State) -> Decision:
    """The number of a new connection: greater than those of all that came before it, wherever they are."""
    return Decision(None, (EpochRow(Epoch(state.last_epoch + 1)),))


def link_opened(state: State, link: LinkView) -> Decision:
    """A link is up, unless a newer one is known. Told anew it changes nothing, unless it was ended."""
    known = state.links.get(link.station_id)
    if known is not None and (known.epoch > link.epoch or known == StoredLink(link.epoch, is_open=True)):
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
    """A link is down; the close of an old one, or of one that was ended already, changes nothing."""
    if state.links.get(station_id) != StoredLink(epoch, is_open=True):
        return Decision()
    row = LinkClosedRow(station_id, epoch, at, reason)
    return Decision(None, (row,), (closed_event(row),))


def closed_event(row: LinkClosedRow) -> StationEvent:
    """`link.disconnected`."""
    payload = {"epoch": row.epoch, "reason": row.reason}
    return StationEvent("link.disconnected", row.station_id, row.at, payload)


def is_superseded(state: State, station_id: StationId, epoch: Epoch) -> bool:
    """Whether a link is not its station's newest: what came over it counts, but it is over."""
    known = state.links.get(station_id)
    return known is not None and known.epoch > epoch
