"""What happened to a station, in words."""

from typing import TypedDict
from urllib.parse import urlencode

from console.transaction_values import connector_name
from console.words import Words
from csms.domain.timeline import TimelineEntry, TimelineKind
from ocppj.vocabulary import BootReason
from runtime.texts import instant_text

_GROUPS = {
    TimelineKind.CHANGE: "act",
    TimelineKind.COMMAND: "command",
    TimelineKind.QUARANTINE: "quarantine_state",
    TimelineKind.REVIEW: "decided",
    TimelineKind.CONNECTION: "past_link",
    TimelineKind.TRANSACTION: "past_transaction",
}
"""By which words of the catalogue `what` is told; other kinds tell the station's own."""


class PastLine(TypedDict):
    """One thing that happened: `more` is what it came to and why, `href` a page of its own."""

    kind: str
    kind_text: str
    at: str
    until: str
    what: str
    by: str
    more: str
    href: str


def past_line(entry: TimelineEntry, station_id: str, words: Words) -> PastLine:
    """One line."""
    group, kind = _GROUPS.get(entry.kind), entry.kind.value
    what = words.of(group, entry.what) if group is not None else entry.what
    if entry.kind is TimelineKind.BOOT and entry.what == BootReason.UNKNOWN.value:
        what = words.of("past", kind)
    where = connector_name(entry.evse_id, entry.connector_id)
    parts = [where if where != "–" else None, entry.result, entry.reason]
    if entry.kind not in (TimelineKind.COMMAND, TimelineKind.CHANGE):  # theirs are ids of ours
        parts.append(entry.reference)
    return {
        "kind": kind,
        "kind_text": words.of("past", kind),
        "at": words.instant(instant_text(entry.at)),
        "until": words.instant(instant_text(entry.until)) if entry.until is not None else "",
        "what": what,
        "by": entry.by or "",
        "more": " · ".join(each for each in parts if each),
        "href": _page_of(entry, station_id),
    }


def _page_of(entry: TimelineEntry, station_id: str) -> str:
    if entry.kind is TimelineKind.TRANSACTION:
        found = {"station": station_id, "id": entry.reference or "", "number": entry.key}
        return f"/transaction?{urlencode(found)}"
    if entry.kind is TimelineKind.QUARANTINE:
        return f"/quarantine/{entry.key}"
    return ""
