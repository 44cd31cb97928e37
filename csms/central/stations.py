"""Which stations are known, in memory: it is asked at the door, for strangers too."""

from collections.abc import Iterable, Sequence

from csms.rules.rows import BootRow, LinkOpenedRow
from csms.rules.state import Facts
from ocppj.vocabulary import StationId


class KnownStations:
    """Every station that has a row, with the admission that was chosen for it."""

    def __init__(self, admissions: Iterable[tuple[StationId, str | None]]) -> None:
        self._admissions = dict(admissions)

    def is_known(self, station_id: StationId) -> bool:
        """Whether it was ever here, or was added by somebody."""
        return station_id in self._admissions

    def admission(self, station_id: StationId) -> str | None:
        """What an administrator chose for it (accept, quarantine, reject, refuse); None: as for all."""
        return self._admissions.get(station_id)

    def add(self, station_id: StationId, admission: str | None) -> None:
        """A station was stored."""
        self._admissions.setdefault(station_id, admission)

    def committed(self, facts: Sequence[Facts]) -> None:
        """Stations that are new in what was stored."""
        for each in facts:
            for row in each.rows:
                if isinstance(row, BootRow):
                    self._admissions.setdefault(row.station_id, None)
                elif isinstance(row, LinkOpenedRow):
                    self._admissions.setdefault(row.link.station_id, None)
