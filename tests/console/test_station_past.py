"""What happened to a station, in words, with the pages of what has one; a real server tells it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from access.principals import Role
from console.station_past import past_line
from console.words import Words
from csms.domain.timeline import TimelineEntry, TimelineKind
from tests.support.central import A16, ServedCentral
from tests.support.html import Html

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def told(kind: TimelineKind, what: str, **more: Any) -> TimelineEntry:
    """At noon."""
    return TimelineEntry(at=NOON, kind=kind, what=what, key=7, **more)


@pytest.mark.parametrize(
    ("entry", "what", "more", "href"),
    [
        (
            told(TimelineKind.CHANGE, "suspended", by="mia", reason="cut"),
            "suspended",
            "cut",
            "",
        ),
        (
            TimelineEntry(
                at=NOON, kind=TimelineKind.COMMAND, what="reset", key="c", result="Accepted", reference="c"
            ),
            "Reset",
            "Accepted",
            "",
        ),
        (told(TimelineKind.COMMAND, "ClearCache"), "ClearCache", "", ""),
        (
            TimelineEntry(
                at=NOON, kind=TimelineKind.FAULT, what="GroundFailure", key=2, evse_id=1, connector_id=1
            ),
            "GroundFailure",
            "1.1",
            "",
        ),
        (
            told(TimelineKind.TRANSACTION, "open", reference="a/1"),
            "charging",
            "a/1",
            "/transaction?station=s&id=a%2F1&number=7",
        ),
        (
            told(TimelineKind.QUARANTINE, "taken-in", by="mia"),
            "taken in",
            "",
            "/quarantine/7",
        ),
    ],
)
def test_a_line_says_what_happened(entry: TimelineEntry, what: str, more: str, href: str) -> None:
    """In the reader's words where there are some, else in the station's own."""
    line = past_line(entry, "s", Words("en"))
    assert (line["what"].casefold(), line["more"], line["href"]) == (what.casefold(), more, href)


def test_what_lasts_says_until_when() -> None:
    """And by whom."""
    entry = TimelineEntry(
        at=NOON, kind=TimelineKind.CONNECTION, what="ended", key=1, until=NOON + timedelta(hours=1), by="x"
    )
    line = past_line(entry, "s", Words("fr"))
    assert (line["at"], line["until"], line["by"]) == ("2026-01-05 12:00:00", "2026-01-05 13:00:00", "x")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 200), (Role.INSTALLER, 403), (Role.VIEWER, 403)])
async def test_what_people_did_is_for_managers(console: ServedCentral, role: Role, status: int) -> None:
    """Others see no way there, and are told why."""
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    client = console.client(role)
    answer = await client.get(f"/stations/{A16}/timeline", headers=headers)
    assert answer.status_code == status
    links = Html(await client.get(f"/stations/{A16}", headers=headers)).links()
    assert (f"/stations/{quote(A16)}/timeline" in links) is (status == 200)
