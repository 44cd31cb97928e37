"""Pages that show what is true now: looked at when news comes, and every few seconds without."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from csms.domain.news import StationNews
from runtime.events import Subscription

LOOK_EVERY_S = 1.0
REFRESH_EVERY = 5  # looks, where no news came: power and links change without


def keep_fresh(
    news: Subscription[StationNews],
    refresh: Callable[[], Awaitable[None]],
    station_id: str | None = None,
) -> None:
    """Await `refresh` as long as the page lives, after news of the station, or of any. Closes `news`."""
    ui.context.client.on_delete(news.close)
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        is_ours = any(station_id in (None, each.station_id) for each in news.pending())
        if is_ours or looks % REFRESH_EVERY == 0:
            await refresh()

    ui.timer(LOOK_EVERY_S, look)
