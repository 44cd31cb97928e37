"""Is it this box? An act at the box within a minute, and what of it the server sees. Pure.

A message that the server asks for shows only that a station answers; an act of somebody who stands before a
box shows which one it is.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from csms.domain.station_events import StationEvent
from ocppj.vocabulary import ConnectorStatus, StationId

WITHIN = timedelta(seconds=60)
NEW_FOR = timedelta(days=1)
"""How long after its activation a station may still turn out to be another's box."""
BOX = "box"
"""The item of the checklist."""
ELSEWHERE = "elsewhere "
"""Begins the note of a mark that says at which other station the act was seen."""


class BoxAct(StrEnum):
    """What somebody is asked to do."""

    PLUG = "plug"
    """Plug a car or a tester in."""
    CARD = "card"
    """Present the card that was named."""
    POWER = "power"
    """Switch the box off and on."""


class BoxCheckState(StrEnum):
    """How an act stands."""

    WATCHING = "watching"
    SEEN = "seen"
    ELSEWHERE = "elsewhere"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxCheck:
    """An act that is waited for. `others` are stations whose box it may be instead; `connected` those that
    connected anew since it began.
    """

    station_id: StationId
    act: BoxAct
    by: str
    began_at: datetime
    id_token: str | None = None
    others: frozenset[StationId] = frozenset()
    connected: frozenset[StationId] = frozenset()
    seen_at: datetime | None = None
    seen_on: StationId | None = None
    is_noted: bool = False
    """Whether its run says so."""

    @property
    def until(self) -> datetime:
        """When it is over."""
        return self.began_at + WITHIN

    def state(self, now: datetime) -> BoxCheckState:
        """As it stands then."""
        if self.seen_on is not None:
            return BoxCheckState.SEEN if self.seen_on == self.station_id else BoxCheckState.ELSEWHERE
        return BoxCheckState.WATCHING if now < self.until else BoxCheckState.MISSED

    def concerns(self, station_id: StationId) -> bool:
        """Whether what happens there may be it."""
        return station_id == self.station_id or station_id in self.others


def after(check: BoxCheck, event: StationEvent, now: datetime) -> BoxCheck:
    """With what happened at a station; the first place where the act is seen counts."""
    if check.state(now) is not BoxCheckState.WATCHING or not check.concerns(event.station_id):
        return check
    if event.event == "link.connected":
        return replace(check, connected=check.connected | {event.station_id})
    if not _is_act(check, event):
        return check
    return replace(check, seen_at=now, seen_on=event.station_id)


def _is_act(check: BoxCheck, event: StationEvent) -> bool:
    told = event.payload
    if check.act is BoxAct.PLUG:
        return event.event == "connector.status" and told["status"] == ConnectorStatus.OCCUPIED.value
    if check.act is BoxAct.CARD:
        is_shown = event.event in ("authorization.requested", "transaction.started")
        return is_shown and _same(told["id_token"], check.id_token)
    return event.event == "station.booted" and event.station_id in check.connected


def _same(shown: object, wanted: str | None) -> bool:
    """Id tokens have no case (2.0.1 part 2, IdTokenType; 1.6 §7.28)."""
    return isinstance(shown, str) and wanted is not None and shown.casefold() == wanted.casefold()


def may_be_another(activated_at: datetime | None, now: datetime) -> bool:
    """Whether a station of the same site may have got the other's label: one that is new there."""
    return activated_at is None or now - activated_at < NEW_FOR


def note_of(check: BoxCheck) -> str:
    """What a mark in the run says of an act that was seen."""
    is_here = check.seen_on in (None, check.station_id)
    return check.act.value if is_here else f"{ELSEWHERE}{check.seen_on}"


def elsewhere(note: str) -> str | None:
    """The other station, where the note of a mark says so."""
    return note.removeprefix(ELSEWHERE) if note.startswith(ELSEWHERE) else None
