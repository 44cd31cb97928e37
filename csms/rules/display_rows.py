"""Rows of what stations hold on their displays."""

from datetime import datetime

from csms.domain.display_messages import DisplayMessageState
from csms.rules.rows import Row
from ocppj.model.display import DisplayMessage
from ocppj.vocabulary import StationId


class DisplayMessageRow(Row, frozen=True, gc=False, kw_only=True):
    """A message of a station, by its number there; also the state that what follows is decided over.

    `asked_by` as in a command's row; None of one that only a report told of. `awaited_by` is the request of
    ours whose report is to name it, or it is gone.
    """

    station_id: StationId
    message: DisplayMessage
    state: DisplayMessageState
    reason: str | None = None
    asked_by: str | None = None
    moved_at: datetime
    awaited_by: int | None = None

    @property
    def is_there(self) -> bool:
        """Whether the station may hold it."""
        return self.state is not DisplayMessageState.GONE


class DisplayReportWantedRow(Row, frozen=True, gc=False):
    """A station is about to be asked for all its messages: what its report does not name is gone."""

    station_id: StationId
    request_id: int
