"""The admissions that administrators chose for single stations, in memory: they are asked for at the door."""

from collections.abc import Iterable

from ocppj.vocabulary import StationId


class KnownStations:
    """The stations that somebody made known (`POST /api/v1/stations`), each with its admission.

    That a station was here once makes it no better known: whoever knew its name could have been it.
    """

    def __init__(self, admissions: Iterable[tuple[StationId, str]]) -> None:
        self._admissions = dict(admissions)

    def is_known(self, station_id: StationId) -> bool:
        """Whether somebody made it known, and not in order to keep it out."""
        return self._admissions.get(station_id, "refuse") != "refuse"

    def admission(self, station_id: StationId) -> str | None:
        """What was chosen for it (accept, quarantine, reject, refuse); None: as for all."""
        return self._admissions.get(station_id)

    def add(self, station_id: StationId, admission: str) -> None:
        """A station was stored."""
        self._admissions[station_id] = admission
