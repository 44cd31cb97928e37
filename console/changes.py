"""What changed, for open pages: one stream a browser, which names topics; pages then ask for their parts.

A topic is `stations` (any that one may see), `station:<id>`, `frames:<id>` or `attempts` (a connection failed
that named no station; one that did is told under its station). It is told at most once a second, however much
happens: ten thousand messages cost a listener one line.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, suppress

from access.actions import Permission, scope_of
from access.principals import AccessScope, Principal
from csms.api import ApiParts
from csms.api.live_events import STREAMS_EACH, STREAMS_MOST
from csms.api.sse import COMMENT, COMMENT_EVERY_S, StreamEvent
from csms.api.stations import may_request, resolved
from csms.domain.station_events import StationEvent
from csms.gateway.attempts import Attempt
from runtime.clock import Clock
from runtime.events import Subscription
from runtime.http import Problem
from runtime.open_limit import OpenLimit
from runtime.wording import Phrase

STATIONS, STATION, FRAMES, ATTEMPTS = "stations", "station:", "frames:", "attempts"
TOPICS_MOST = 60
PACE_S = 1.0
STREAMS = Phrase("flux de pages ouvertes", "streams of open pages")


class Changes:
    """One for all streams of a process. It keeps nothing that a page needs: only who wants to be told."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts
        self._watchers: defaultdict[str, set[Watcher]] = defaultdict(set)
        self._listening: Subscription[StationEvent] | None = None
        self.open = OpenLimit(STREAMS, most=STREAMS_MOST, most_each=STREAMS_EACH)

    def watch(self, topics: Iterable[str], who: Principal) -> "Watcher":
        """From now on, until it is closed. What is no topic, or not theirs, is never told."""
        if self._listening is None:
            self._listening = self._parts.bus.subscribe(1, self._note, ended=self._end)
            self._parts.details.watch(self._note_station)
            self._parts.attempts.listeners.append(self._note_attempt)
        watcher = Watcher(self._forget, scope_of(who, Permission.READ))
        for topic in list(dict.fromkeys(topics))[:TOPICS_MOST]:
            with suppress(Problem):
                self._add(watcher, topic, who)
        return watcher

    def _add(self, watcher: "Watcher", topic: str, who: Principal) -> None:
        """Raises Problem: there is no such station, or it is not theirs."""
        if topic in (STATIONS, ATTEMPTS):
            self._watchers[topic].add(watcher)
            watcher.names[topic] = topic
        elif topic.startswith(STATION):
            typed = topic.removeprefix(STATION)
            may_request(self._parts, typed, who, Permission.READ)
            name = f"{STATION}{resolved(self._parts, typed)}"
            self._watchers[name].add(watcher)
            watcher.names[name] = topic
        elif topic.startswith(FRAMES):
            typed = topic.removeprefix(FRAMES)
            may_request(self._parts, typed, who, Permission.READ_FRAMES)
            tap = self._parts.wire_log.tap(resolved(self._parts, typed), 1, lambda _: watcher.note(topic))
            watcher.names[topic] = topic
            watcher.held.enter_context(tap)

    def _forget(self, watcher: "Watcher") -> None:
        for name in watcher.names:
            self._watchers[name].discard(watcher)
            if not self._watchers[name]:
                del self._watchers[name]

    def _note(self, event: StationEvent) -> bool:
        self._note_station(event.station_id)
        return False  # that there was something is all that a page needs to know

    def _note_station(self, station_id: str) -> None:
        for watcher in self._watchers.get(f"{STATION}{station_id}", ()):
            watcher.note(f"{STATION}{station_id}")
        for watcher in self._watchers.get(STATIONS, ()):
            if not watcher.knows(STATIONS):
                owner = self._parts.owners.of_station(resolved(self._parts, station_id))
                if watcher.scope.covers(owner):
                    watcher.note(STATIONS)

    def _note_attempt(self, attempt: Attempt) -> None:
        if attempt.identity is not None:
            with suppress(Problem):  # no station of ours
                self._note_station(resolved(self._parts, attempt.identity))
        for watcher in self._watchers.get(ATTEMPTS, ()) if attempt.identity is None else ():
            watcher.note(ATTEMPTS)

    def _end(self) -> None:
        for watcher in {each for watchers in self._watchers.values() for each in watchers}:
            watcher.end()


class Watcher:
    """One open stream."""

    def __init__(self, forget: Callable[["Watcher"], None], scope: AccessScope) -> None:
        self.scope = scope
        self.names: dict[str, str] = {}
        """What the page calls a topic, by its name here."""
        self.held = ExitStack()
        self._forget = forget
        self._changed: set[str] = set()
        self._arrived = asyncio.Event()
        self._is_over = False

    def knows(self, name: str) -> bool:
        """Whether it will be told anyway."""
        return name in self._changed

    def note(self, name: str) -> bool:
        """Something happened there; False, as nothing of it is to be kept."""
        self._changed.add(self.names[name])
        self._arrived.set()
        return False

    def end(self) -> None:
        """Nothing more will come."""
        self._is_over = True
        self._arrived.set()

    def close(self) -> None:
        """Stop listening."""
        self.held.close()
        self._forget(self)

    async def stream(self, clock: Clock) -> AsyncIterator[bytes]:
        """What is told, as server-sent events."""
        yield COMMENT  # the browser sees at once that it is connected
        while not self._is_over:
            try:
                async with clock.timeout(COMMENT_EVERY_S):
                    await self._arrived.wait()
            except TimeoutError:
                yield COMMENT
                continue
            self._arrived.clear()
            if self._changed:
                topics, self._changed = sorted(self._changed), set()
                yield StreamEvent("changed", topics).encode()
                await clock.sleep(PACE_S)
