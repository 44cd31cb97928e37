"""A station's lifecycle status as the API tells it: what is in the way, and what else is worth knowing."""

from collections.abc import Mapping
from typing import Any

NOTE = "note"


def in_the_way(station: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What keeps a station from being active, then what keeps it from doing what it should; what to do first
    comes first.
    """
    return [*(station.get("blocked_by") or ()), *problems(station)]


def problems(station: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is wrong with a station, however far it is."""
    return [each for each in station.get("remarks") or () if each.get("severity", NOTE) != NOTE]


def worth_knowing(station: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What the station lacks or reports without being kept from anything by it."""
    return [each for each in station.get("remarks") or () if each.get("severity", NOTE) == NOTE]
