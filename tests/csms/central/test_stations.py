"""Which stations somebody made known, and what was chosen for them."""

from csms.central.stations import KnownStations
from csms.domain.records import ChosenStation
from tests.support.inbound import CP1, CP2


def test_what_was_chosen_for_a_station_is_known() -> None:
    """Of no other anything."""
    known = KnownStations([ChosenStation(CP1, "accept")])
    assert (known.admission(CP1), known.admission(CP2)) == ("accept", None)
    known.choose(ChosenStation(CP2, "refuse"))
    assert known.admission(CP2) == "refuse"


def test_what_was_chosen_can_be_taken_back() -> None:
    """A station under test is a choice of its own."""
    known = KnownStations([ChosenStation(CP1, None, is_quiet=True)])
    assert known.is_quiet(CP1)
    assert not known.is_quiet(CP2)
    assert known.admission(CP1) is None
    known.choose(ChosenStation(CP1, "accept"))
    assert not known.is_quiet(CP1)
    known.choose(ChosenStation(CP1))
    assert known.admission(CP1) is None
