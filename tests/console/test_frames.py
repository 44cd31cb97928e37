"""The wire log's page: filters, a jump to an instant, pages back, and frames as arrows."""

import json
from datetime import timedelta

import pytest

from console.pages.frames import DIAGRAM
from csms.domain.links import LinkSecurity
from ocppj.session import Direction
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, StationId
from tests.support.central import ServedCentral
from tests.support.html import Html

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}
TALKER = StationId("talker")


@pytest.fixture(scope="module")
def talked(console: ServedCentral) -> ServedCentral:
    """A station that told its status, was refused something, and sent heartbeats later."""
    central = console.central
    central.stations.connect(TALKER, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
    for number, (way, frame) in enumerate(
        (
            (Direction.IN, [2, "1", "StatusNotification", {"connectorId": 1}]),
            (Direction.OUT, [3, "1", {}]),
            (Direction.OUT, [2, "2", "Reset", {"type": "Hard"}]),
            (Direction.IN, [4, "2", "InternalError", "no", {}]),
            (Direction.IN, [2, "3", "Heartbeat", {}]),
        )
    ):
        at = central.clock.now() - timedelta(minutes=10 - number)
        central.wire_log.record(TALKER, Epoch(1), way, json.dumps(frame).encode(), at)
    return console


async def shown(talked: ServedCentral, query: str = "") -> Html:
    """The page, asked for like this."""
    return Html(await talked.client().get(f"/stations/{TALKER}/messages{query}", headers=ENGLISH))


def titles(page: Html) -> list[str]:
    """The rows of the list, newest first."""
    return [each.text() for each in page.all(".frames summary b")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Heartbeat", "Reset", "StatusNotification"]),
        ("?action=Reset", ["Reset"]),
        ("?wrong=1", ["Reset"]),
        ("?q=connectorid", ["StatusNotification"]),
        ("?q=connectorid&wrong=1", []),
    ],
)
async def test_rows_fit_what_is_looked_for(talked: ServedCentral, query: str, found: list[str]) -> None:
    """By text, by action, and those that went wrong."""
    page = await shown(talked, query)
    assert titles(page) == found
    options = [str(each.attributes["value"]) for each in page.all("[name=action] option")]
    assert options == ["", "Heartbeat", "Reset", "StatusNotification"]


async def test_one_jumps_to_an_instant_and_is_told_what_is_none(talked: ServedCentral) -> None:
    """What came up to it; it is not live then, and leads back."""
    at = (talked.central.clock.now() - timedelta(minutes=9)).strftime("%Y-%m-%d %H:%M:%S")
    page = await shown(talked, f"?at={at}")
    assert titles(page) == ["StatusNotification"]
    assert page.links("‹ The newest") == [f"/stations/{TALKER}/messages"]
    assert page.all("[data-topics='frames:talker']") == []
    assert titles(await shown(talked, "?at=2001-01-01T00:00")) == []
    wrong = await shown(talked, "?at=noon")
    assert "This is no time" in wrong.text
    assert len(titles(wrong)) == 3


async def test_pages_go_back_before_a_frame(talked: ServedCentral) -> None:
    """To those before the oldest one shown, with the filters that were chosen."""
    older = (await shown(talked, "?wrong=1")).links("Older ›")
    assert len(older) == 1
    assert "wrong=1" in older[0]
    assert "before=" in older[0]
    back = Html(await talked.client().get(older[0], headers=ENGLISH))
    assert titles(back) == []


async def test_frames_are_drawn_as_arrows_in_turn(talked: ServedCentral) -> None:
    """Each from who sent it; an answer has its CALL's name, and what went wrong its look."""
    page = await shown(talked, f"?view={DIAGRAM}")
    found = page.all(".sequence li")
    looks = [str(each.attributes["class"]).split() for each in found]
    arrows = [(each.text().split()[-1], look) for each, look in zip(found, looks, strict=True)]
    assert arrows == [
        ("Heartbeat", ["in"]),
        ("Reset", ["in", "fault", "answer"]),
        ("Reset", ["out"]),
        ("StatusNotification", ["out", "answer"]),
        ("StatusNotification", ["in"]),
    ]
    assert page.links("As a list") == [f"/stations/{TALKER}/messages"]
