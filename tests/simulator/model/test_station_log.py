"""The lines that say what happens."""

from runtime.clock import ManualClock
from simulator.model.station_log import LogEntry, StationLog, Topic


def test_listeners_hear_each_line_until_they_leave(clock: ManualClock) -> None:
    """With the time and the topic."""
    message_store = StationLog(clock.now)
    heard: list[LogEntry] = []
    message_store.note(Topic.LINK, "before")
    leave = message_store.listen(heard.append)
    message_store.note(Topic.BOOT, "during", is_trouble=True)
    leave()
    message_store.note(Topic.LINK, "after")
    assert heard == [LogEntry(clock.now(), Topic.BOOT, "during", is_trouble=True)]
