"""docs/reference/history.md tells every member of what has been, and how much of it is kept."""

import re

from pydantic import TypeAdapter

from csms.api.history import MOST_POINTS, ConnectorStateAnswer, FleetHistoryAnswer, FleetPointAnswer
from csms.api.timeline import TimelineAnswer
from csms.domain.history import FLEET_KEPT_FOR
from csms.storage.pruning import CONNECTOR_STATES_KEPT
from tests.support.sources import ROOT

PAGE = (ROOT / "docs" / "reference" / "history.md").read_text(encoding="utf-8")


def test_every_member_is_documented() -> None:
    """In the example of its answer."""
    shown = set(re.findall(r'"(\w+)":', PAGE))
    answers = (
        ConnectorStateAnswer,
        FleetHistoryAnswer,
        FleetPointAnswer,
        TimelineAnswer,
    )
    assert shown == {
        name for answer in answers for name in TypeAdapter[object](answer).json_schema()["properties"]
    }


def test_the_bounds_are_those_of_the_code() -> None:
    """A number that is changed there has to be changed here."""
    assert f"newest {CONNECTOR_STATES_KEPT:,} stay" in PAGE
    assert f"at most {MOST_POINTS:,} points" in PAGE
    assert "for a year" in PAGE
    assert FLEET_KEPT_FOR.days == 366
