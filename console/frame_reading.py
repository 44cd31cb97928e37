"""Which frames of a station's wire log a page shows: the last ones, those before one, or up to an instant."""

from collections.abc import Sequence
from datetime import datetime

from csms.central.wire_log import WireFrame, WireLog
from ocppj.vocabulary import StationId

FRAMES_SHOWN = 200
JUMP, JUMPS_MOST = 1000, 50
"""Frames looked at together for an instant, and how often: back through 50,000 frames."""


async def read_frames(
    wire_log: WireLog, station_id: StationId, before: int | None, until: datetime | None
) -> Sequence[WireFrame]:
    """Oldest first, FRAMES_SHOWN at most."""
    if before is not None:
        return await wire_log.before(station_id, before, FRAMES_SHOWN)
    found = await wire_log.since(station_id, None, FRAMES_SHOWN)
    if until is None:
        return found
    for _ in range(JUMPS_MOST):
        kept = [each for each in found if each.at <= until]
        if kept or not found:
            return kept[-FRAMES_SHOWN:]
        found = await wire_log.before(station_id, found[0].seq, JUMP)
    return ()
