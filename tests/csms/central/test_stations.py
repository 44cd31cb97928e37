"""Which stations somebody made known."""

from csms.central.stations import KnownStations
from tests.support.inbound import CP1, CP2


def test_who_was_added_is_known_who_was_here_is_not() -> None:
    """Whoever knew a station's name could have been it."""
    known = KnownStations([(CP1, "accept")])
    assert known.is_known(CP1)
    assert not known.is_known(CP2)
    assert (known.admission(CP1), known.admission(CP2)) == ("accept", None)
    known.add(CP2, "refuse")
    assert known.admission(CP2) == "refuse"
    assert not known.is_known(CP2)
