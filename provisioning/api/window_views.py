"""What is told of a test window, typed: REST and the pages share it."""

from provisioning.records import TestWindow
from provisioning.storage.sites import token_type_word
from runtime.texts import instant_text
from runtime.views import InstantText, View


class WindowView(View, frozen=True, kw_only=True):
    """A station's last test window. `until` is its end at the latest, `ended_at` when it was over."""

    station_id: str
    is_open: bool
    id_token: str
    id_token_type: str
    opened_at: InstantText
    until: InstantText
    opened_by: str
    ended_at: InstantText | None


def window_view(station_id: str, window: TestWindow) -> WindowView:
    """All of it."""
    return WindowView(
        station_id=station_id,
        is_open=window.is_open,
        id_token=window.id_token.value,
        id_token_type=token_type_word(window.id_token),
        opened_at=instant_text(window.opened_at),
        until=instant_text(window.until),
        opened_by=window.opened_by,
        ended_at=instant_text(window.ended_at),
    )
