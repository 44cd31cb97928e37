"""What administrators chose for single stations, in memory: admission asks for it."""

from collections.abc import Iterable

from csms.domain.records import ChosenStation, UnknownPolicy
from ocppj.vocabulary import StationId


class KnownStations:
    """The stations that somebody made known (`POST /api/v1/stations`), each with its admission.

    That a station was here once makes it no better known: whoever knew its name could have been it.
    """

    def __init__(self, chosen: Iterable[ChosenStation]) -> None:
        self._admissions: dict[StationId, UnknownPolicy] = {}
        self._quiet: set[StationId] = set()
        for each in chosen:
            self.choose(each)

    def admission(self, station_id: StationId) -> UnknownPolicy | None:
        """What was chosen for it (accept, quarantine, reject, refuse); None: as for all."""
        return self._admissions.get(station_id)

    def is_quiet(self, station_id: StationId) -> bool:
        """Whether it is under test: nothing is sent to it that nobody asked for."""
        return station_id in self._quiet

    def choose(self, chosen: ChosenStation) -> None:
        """A choice was stored."""
        if chosen.admission is None:
            self._admissions.pop(chosen.station_id, None)
        else:
            self._admissions[chosen.station_id] = chosen.admission
        if chosen.is_quiet:
            self._quiet.add(chosen.station_id)
        else:
            self._quiet.discard(chosen.station_id)
