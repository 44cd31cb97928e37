"""A station's lifecycle status in the JSON of the API: what is in the way, and what else is worth knowing.

`csms.domain.station_details.StationDetailsAnswer` says the same of a view; this is for whoever asked a server
that may be of another version.
"""

from collections.abc import Mapping
from typing import Any

from csms.domain.station_details import NOTE


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
