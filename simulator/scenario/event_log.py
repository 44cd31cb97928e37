"""What one role's station sent and received: kept for expectations, which look at it and wait for more."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from runtime.patterns import Difference
from simulator.model.mistakes import Mistake
from simulator.scenario.conversation import Conversation, SeenEvent, SeenFrame, Sender
from simulator.scenario.pace import Signal
from simulator.scenario.wanted_patterns import Wanted, is_fit

KEPT = 5000
"""Frames and events that are looked at: more than any step waits through."""

MISTAKES_KEPT = 8
"""Until a step takes them: whatever is wrong with one answer is wrong with the next."""

Seen = SeenFrame | SeenEvent


@dataclass(frozen=True, slots=True)
class Miss:
    """The nearest thing to what was wanted."""

    seen: Seen
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class EventLog:
    """Everything in order. `mark` is where expectations begin to look; each thing meets one of them."""

    conversation: Conversation
    signal: Signal = field(default_factory=Signal)
    mark: int = 0
    last_position: int = 0
    statuses: dict[tuple[int, int], SeenEvent] = field(default_factory=dict)
    """The last status of each connector; EVSE 0 is a 1.6 station itself."""
    last_boot: SeenEvent | None = None
    """What the station last said of itself."""
    _listeners: list[Callable[[SeenFrame], None]] = field(default_factory=list)
    _mistakes: list[Mistake] = field(default_factory=list)
    _seen: deque[Seen] = field(default_factory=lambda: deque(maxlen=KEPT))
    _claimed: dict[int, Seen] = field(default_factory=dict)
    """What has met an expectation, by its `id`; holding it keeps the id its own."""

    def add(self, sender: Sender, raw: str, at: datetime) -> None:
        """One more frame."""
        frame = self.conversation.frame(sender, raw, at)
        self.last_position = frame.position
        self._seen.append(frame)
        for listener in tuple(self._listeners):
            listener(frame)
        for event in self.conversation.events(frame):
            self._seen.append(event)
            if event.name == "status":
                self._note_status(event)
            elif event.name == "boot":
                self.last_boot = event
        self.signal.notify()

    def frames(self) -> list[SeenFrame]:
        """The frames that are kept, in order."""
        return [seen for seen in self._seen if isinstance(seen, SeenFrame)]

    def listen(self, listener: Callable[[SeenFrame], None]) -> Callable[[], None]:
        """Call `listener` for each new frame, however many are kept, until what this returns is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def note_mistake(self, mistake: Mistake) -> None:
        """The station has seen the central system make one."""
        if len(self._mistakes) < MISTAKES_KEPT:
            self._mistakes.append(mistake)

    def pop_mistakes(self) -> list[Mistake]:
        """Those since they were last taken."""
        taken, self._mistakes = self._mistakes, []
        return taken

    def _note_status(self, event: SeenEvent) -> None:
        place = (event.fields.get("evse"), event.fields.get("connector"))
        if isinstance(place[0], int) and isinstance(place[1], int):
            self.statuses[place[0], place[1]] = event

    def set_mark(self) -> None:
        """An action begins: what comes from now on is what it brought about."""
        self.mark = self.last_position

    def claim(self, wanted: Wanted) -> Seen | None:
        """The first thing since the mark that fits and met no expectation yet; it has met one now."""
        seen = self.find(wanted)
        if seen is not None:
            self._claimed[id(seen)] = seen
        return seen

    def find(self, wanted: Wanted) -> Seen | None:
        """The same, and it is not used up."""
        free = (seen for seen in self.since_mark() if id(seen) not in self._claimed)
        return next((seen for seen in free if is_fit(wanted, seen)), None)

    def since_mark(self) -> Iterator[Seen]:
        """What came since the mark, in order."""
        return (seen for seen in self._seen if seen.position > self.mark)

    def everything(self) -> Iterator[Seen]:
        """All that is kept, in order."""
        return iter(self._seen)

    def nearest(self, wanted: Wanted) -> Miss | None:
        """What came closest since the mark: the fewest differences, the latest of those."""
        best: Miss | None = None
        for seen in self.since_mark():
            found = wanted.differences(seen)
            if found is None:
                continue
            miss = Miss(seen, tuple(found))
            if miss.differences and (best is None or len(miss.differences) <= len(best.differences)):
                best = miss
        return best
