"""Which stations somebody made known, and what was chosen for them."""

from csms.central.stations import KnownStations
from csms.domain.records import ChosenStation
from tests.support.inbound import CP1, CP2


def test_who_was_added_is_known_who_was_here_is_not() -> None:
    """Whoever knew a station's name could have been it."""
    known = KnownStations([ChosenStation(CP1, "accept")])
    assert known.is_known(CP1)
    assert not known.is_known(CP2)
    assert (known.admission(CP1), known.admission(CP2)) == ("accept", None)
    known.take(ChosenStation(CP2, "refuse"))
    assert known.admission(CP2) == "refuse"
    assert not known.is_known(CP2)


def test_what_was_chosen_can_be_taken_back() -> None:
    """A station under test is a choice of its own."""
    known = KnownStations([ChosenStation(CP1, None, is_quiet=True)])
    assert known.is_quiet(CP1)
    assert not known.is_quiet(CP2)
    assert known.admission(CP1) is None
    told: list[str] = []
    known.on_chosen = told.append
    known.take(ChosenStation(CP1, "accept"))
    assert told == [CP1], "what waited for the end of a test is told of it"
    assert not known.is_quiet(CP1)
    known.take(ChosenStation(CP1))
    assert known.admission(CP1) is None
