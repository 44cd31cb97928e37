"""What a person who watches a fleet is told."""

from dataclasses import replace

from borne.station_cli.fleet_advice import PATIENCE_S, FleetAdvice
from ocppj.vocabulary import AuthorizationStatus
from tests.borne.station_cli.test_fleet_screen import NOW

WELL = replace(NOW, pending=0)


def test_a_refused_token_is_named_once_with_the_way_out() -> None:
    """One line; another verdict is news again."""
    advice = FleetAdvice("FLEET")
    assert advice.on(WELL, 0.0) == []
    unknown = replace(WELL, refused_as=AuthorizationStatus.UNKNOWN)
    (line,) = advice.on(unknown, 5.0)
    assert line.startswith("The token FLEET is refused: Unknown.")
    assert 'borne ctl post /tokens \'{"value": "FLEET"}\'' in line
    assert advice.on(unknown, 10.0) == []
    blocked = replace(WELL, refused_as=AuthorizationStatus.BLOCKED)
    assert advice.on(blocked, 15.0) == ["The token FLEET is refused: Blocked."]


def test_stations_that_stay_pending_are_told_of_once() -> None:
    """Both ways to let them in."""
    advice = FleetAdvice("FLEET")
    assert advice.on(NOW, 0.0) == []
    (line,) = advice.on(NOW, PATIENCE_S)
    assert "borne up --unknown accept" in line
    assert "borne ctl adopt" in line
    assert advice.on(NOW, 3 * PATIENCE_S) == []


def test_stations_on_their_way_in_are_left_alone() -> None:
    """Pending for a moment, twice, is not for long."""
    advice = FleetAdvice("FLEET")
    for at_s, now in ((0.0, NOW), (3.0, WELL), (6.0, NOW)):
        assert advice.on(now, at_s) == []
