"""The wire log of a station: what was said, a CALL and its answer as one row, or as arrows in turn."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from access.actions import Permission
from console.exchanges import Exchange, exchanges_of
from console.page_routes import PageRoute
from console.rendering import Shown
from console.station_values import place_name, station_href, station_row
from console.views import ConsoleViews
from console.visit import PageVisit
from csms.api.stations import unknown

LONGEST_FILTER = 100
FILTERS = ("q", "action", "wrong", "view", "at", "before")
DIAGRAM = "diagram"


async def frames(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The last ones, or those before an instant or a frame, newest first, of which each fits the filters."""
    text, words = visit.request.path_params["station_id"], visit.words
    found = await views.station(text, visit.who)
    if found is None:
        raise unknown(text)
    given = {name: visit.given(name)[:LONGEST_FILTER] for name in FILTERS}
    station_id, until = found.station_id, _instant(given["at"])
    before = int(given["before"]) if given["before"].isdecimal() else None
    reader = views.reader()
    kept = await views.frames(station_id, visit.who, before, until)
    every = exchanges_of([reader.read(each) for each in kept])
    rows = [each for each in every if _fits(each, given)]
    here = f"{station_href(station_id)}/messages"
    filters = {name: given[name] for name in ("q", "action", "wrong", "view") if given[name]}
    is_live = before is None and until is None
    values = {
        "name": place_name(found),
        "id": station_id,
        "href": station_href(station_id),
        "given": given,
        "may_see_past": views.may(visit.who, station_id, Permission.READ_AUDIT),
        "row": station_row(found, words, may_adopt=False),
        "rows": rows[::-1],
        "arrows": _arrows(rows[::-1]) if given["view"] == DIAGRAM else [],
        "is_diagram": given["view"] == DIAGRAM,
        "actions": sorted({each["title"] for each in every} | ({given["action"]} - {""})),
        "topic": f"frames:{station_id}" if is_live else None,
        "is_wrong_instant": bool(given["at"]) and until is None,
        "newest": "" if is_live else _with(here, filters),
        "older": _with(here, filters | {"before": str(every[0]["seq"])}) if every else "",
        "other_view": _with(here, {**filters, "view": "" if given["view"] == DIAGRAM else DIAGRAM}),
    }
    heading = f"{words('station.wire')} – {place_name(found)}"
    return Shown("frames.html", "station.wire", values, heading=heading)


def _with(path: str, filters: dict[str, str]) -> str:
    kept = {name: text for name, text in filters.items() if text}
    return f"{path}?{urlencode(kept)}" if kept else path


def _instant(text: str) -> datetime | None:
    """Of a field for a time, in UTC; None for what is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None


def _fits(exchange: Exchange, given: dict[str, str]) -> bool:
    wanted = given["q"].casefold()
    texts = [exchange["title"], *(each["raw"] for each in exchange["frames"])]
    return (
        any(wanted in each.casefold() for each in texts)
        and given["action"] in ("", exchange["title"])
        and (not given["wrong"] or exchange["look"] == "fault")
    )


def _arrows(rows: Sequence[Exchange]) -> list[dict[str, str]]:
    """Each frame of these, in the order in which they are shown: an answer is above its CALL."""
    return [
        {
            "head": frame["head"],
            "title": row["title"],
            "way": frame["way"],
            "look": "fault" if frame["look"] == "fault" else "",
            "is_answer": "answer" if number else "",
        }
        for row in rows
        for number, frame in reversed(list(enumerate(row["frames"])))
    ]


ROUTES = (PageRoute("/stations/{station_id}/messages", frames),)
