"""What is told of a station, from the few values that a test names."""

from typing import Any

from msgspec import convert, to_builtins

from csms.domain.station_details import NOTHING_KNOWN, BlockerAnswer, StationDetailsAnswer

PLAIN: dict[str, Any] = {
    "code": "E_NOT_SEEN",
    "severity": "blocks",
    "text": "",
    "text_fr": "",
    "text_en": "",
    "way_out": "",
    "way_out_fr": "",
    "ways_out": {},
    "who_clears": "installer",
    "about": None,
}
PLACES = {"page": None, "command": None, "route": None}
SITE = {"site_id": "s1", "name": "Port", "zone": "America/Toronto"}


def details_of(**told: Any) -> StationDetailsAnswer:
    """Details with what is told in them; blockers may tell some of what they are."""
    whole = to_builtins(NOTHING_KNOWN) | told
    for name in ("blocked_by", "remarks"):
        whole[name] = [_whole_blocker(each) for each in whole[name]]
    if whole["site"] is not None:
        whole["site"] = SITE | whole["site"]
    return convert(whole, StationDetailsAnswer)


def blocker_of(**told: Any) -> BlockerAnswer:
    """What is in the way."""
    return convert(_whole_blocker(told), BlockerAnswer)


def _whole_blocker(told: dict[str, Any]) -> dict[str, Any]:
    english = {"text_en": told["text"]} if "text" in told else {}
    return PLAIN | english | told | {"ways_out": PLACES | told.get("ways_out", {})}
