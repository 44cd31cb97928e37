"""News for all listeners, encoded once; what stays open is bounded by number and bytes.

An account that may only read must not be able to take the server from the stations: 500 listeners to each of
whom each event was handed, encoded and sent by itself brought 7,293 messages a second down to 68.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from access.actions import Permission, may_wherever, scope_of
from access.principals import Principal
from csms.api.roles import shown
from csms.api.sse import StreamEvent, dropped_event
from csms.domain.station_events import StationEvent
from csms.ports import Owners
from ocppj.vocabulary import StationId
from runtime.clock import Clock
from runtime.events import EventBus
from runtime.feed import Feed, Listener, NewEvents
from runtime.texts import instant_text

STREAMS_MOST, STREAMS_EACH = 200, 50
"""Live streams, of news and of frames: of all, and of one person or program."""
WAITS_MOST, WAITS_EACH = 400, 100
"""Requests that wait for a frame (`expect`)."""
TICK_BYTES = 2 << 20
"""What all listeners together are told in one tick; of more, each is told the newest and how many it lost."""
LEAST_BYTES = 4 << 10
TEXTS_KEPT = 5000

Filter = tuple[StationId | None, tuple[str, ...]]
"""A station, and names of events; all of them where None or empty."""


class LiveEvents:
    """One for all streams of a server."""

    def __init__(self, bus: EventBus[StationEvent], clock: Clock, owners: Owners) -> None:
        self.clock = clock
        self._owners = owners
        self.feed: Feed[StationEvent] = Feed(bus, clock)
        self._texts: OrderedDict[tuple[int, bool], tuple[StationEvent, bytes]] = OrderedDict()

    def writer(self, wanted: Filter, who: Principal) -> Callable[[NewEvents[StationEvent]], bytes]:
        """Writes what a listener is told, as `who` may see it."""

        def write(new: NewEvents[StationEvent]) -> bytes:
            station_id, names = wanted
            budget = max(LEAST_BYTES, TICK_BYTES // max(1, self.feed.listeners))
            lost, parts, scope = new.lost, [], scope_of(who, Permission.READ)
            for station_event in reversed(new.events):
                if (station_id is not None and station_event.station_id != station_id) or not is_named(
                    station_event.event, names
                ):
                    continue
                resource = self._owners.of_station(station_event.station_id)
                if not scope.covers(resource):
                    continue
                if budget <= 0:
                    lost += 1
                    continue
                parts.append(self._text(station_event, who.at(resource)))
                budget -= len(parts[-1])
            if lost:
                parts.append(dropped_event(lost))
            return b"".join(reversed(parts))

        return write

    def listen(self) -> Listener[StationEvent]:
        """From now on; use it as a context manager."""
        return self.feed.listen()

    def _text(self, station_event: StationEvent, who: Principal) -> bytes:
        """The same bytes for all who may see the same."""
        key = (id(station_event), may_wherever(who, Permission.READ_ID_TOKENS))
        known = self._texts.get(key)
        if known is not None and known[0] is station_event:
            return known[1]
        text = StreamEvent(station_event.event, shown(who, event_json(station_event))).encode()
        self._texts[key] = (station_event, text)  # holds the news, whose id is then no other's
        if len(self._texts) > TEXTS_KEPT:
            self._texts.popitem(last=False)
        return text


def is_named(event: str, names: tuple[str, ...]) -> bool:
    """Whether one of `names` is this event's, or the beginning of it with `*`; no name fits all."""
    return not names or any(
        event == name or (name.endswith("*") and event.startswith(name[:-1])) for name in names
    )


def event_json(station_event: StationEvent) -> dict[str, Any]:
    """An event."""
    return {
        "event": station_event.event,
        "station_id": station_event.station_id,
        "at": instant_text(station_event.at),
        "payload": _finite(station_event.payload),
    }


def _finite(value: Any) -> Any:
    """JSON has no NaN: a station that sends one must not break a listener."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value
