"""Pages that show what is true now: looked at every second, where news may have changed it."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from console.shared_list import LOOK_EVERY_S, EventsOfStation

REFRESH_EVERY = 5  # looks, where no news came: power and links change without


def keep_fresh(refresh: Callable[[], Awaitable[None]]) -> None:
    """Await `refresh` every second as long as the page lives: for what costs little where nothing changed."""
    ui.timer(LOOK_EVERY_S, refresh, immediate=False)


def keep_fresh_by_events(events: EventsOfStation, refresh: Callable[[], Awaitable[None]]) -> None:
    """Await `refresh` as long as the page lives, after news of its station. Closes `events`."""
    ui.context.client.on_delete(events.close)
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        if events.has_come() or looks % REFRESH_EVERY == 0:
            await refresh()

    ui.timer(LOOK_EVERY_S, look)
