"""Lists of stations: what is wanted of them, and what whoever leads a station keeps on its row for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from access.principals import DEFAULT, AccessScope
from csms.domain.records import StationState
from ocppj.vocabulary import StationId

StationOrder = Literal[
    "station", "model", "version", "link", "lifecycle", "blocked", "clears", "power", "energy"
]


@dataclass(frozen=True, slots=True)
class OwnedStation:
    """What whoever leads a station says of it, for lists of stations: where it is, how far, what it goes by.

    `label` is the MAC that people know it by; `words` what else they search for, in lower case; `in_the_way`
    how much somebody has to clear, and `who_clears` who is first; `is_due_online`: silence would be wrong.
    """

    station_id: StationId
    lifecycle: str
    label: str | None = None
    site_id: str | None = None
    place_name: str | None = None
    words: str = ""
    in_the_way: int = 0
    who_clears: str | None = None
    is_due_online: bool = False
    organisation_id: str = DEFAULT


@dataclass(frozen=True, slots=True)
class StationsWanted:
    """Which stations, and in which order. None fits all; `text` is searched in ids, names, models, places.

    `is_blocked`: something is in the way, a connector is faulted, it should be online and is not, or it is
    one of the `troubled`, of which only memory knows that something is wrong with them.
    """

    text: str = ""
    is_online: bool | None = None
    lifecycle: str | None = None
    site_id: str | None = None
    is_blocked: bool | None = None
    troubled: tuple[StationId, ...] = ()
    order: StationOrder | None = None
    """None: by id."""
    is_descending: bool = False
    scope: AccessScope | None = None
    """Of these organisations and sites; None: of all."""


@dataclass(frozen=True, slots=True)
class StationPart:
    """A part of a list of stations: each with what is true at it, in order; how many fit, how many of those
    are online; whether the list goes on.
    """

    states: Mapping[StationId, StationState]
    total: int
    online: int
    is_more: bool
