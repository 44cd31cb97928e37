"""What happens in a station, told in lines for people (and, with a topic, for programs)."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from simulator.model.mistakes import Mistake


class Topic(enum.Enum):
    """What a line is about."""

    POWER = "power"
    LINK = "link"
    BOOT = "boot"
    CONNECTOR = "connector"
    CHARGING = "charging"
    DISPLAY = "display"
    SETTINGS = "settings"
    MEMORY = "memory"
    MISTAKE = "mistake"
    """Something that the central system got wrong."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line. Secrets never get into one."""

    at: datetime
    topic: Topic
    text: str
    is_trouble: bool = False
    mistake: Mistake | None = None


class StationLog:
    """Tells its listeners; keeps nothing."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._listeners: list[Callable[[LogEntry], None]] = []

    def note(self, topic: Topic, text: str, *, is_trouble: bool = False) -> None:
        """One more line."""
        if not self._listeners:
            return
        entry = LogEntry(self._now(), topic, text, is_trouble)
        self._publish(entry)

    def note_mistake(self, mistake: Mistake) -> None:
        """One more line, with what a program needs to find it."""
        if self._listeners:
            self._publish(
                LogEntry(self._now(), Topic.MISTAKE, mistake.text, is_trouble=True, mistake=mistake)
            )

    def _publish(self, entry: LogEntry) -> None:
        for listener in tuple(self._listeners):
            listener(entry)

    def listen(self, listener: Callable[[LogEntry], None]) -> Callable[[], None]:
        """Call `listener` for each new line, until the function that this returns is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
