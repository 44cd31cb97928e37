"""What is told of a photo of a power-up run, typed."""

from provisioning.records import RunPhoto
from runtime.texts import instant_text
from runtime.views import InstantText, View


class PhotoView(View, frozen=True, kw_only=True):
    """A photo. It is sent on from `received`; time and position are what the phone says."""

    sha256: str
    item: str
    size: int
    received: int
    is_whole: bool
    media_type: str | None
    taken_at: InstantText | None
    latitude: float | None
    longitude: float | None
    announced_at: InstantText
    by: str


def photo_view(photo: RunPhoto) -> PhotoView:
    """All that is known of it."""
    return PhotoView(
        sha256=photo.sha256,
        item=photo.item,
        size=photo.size,
        received=photo.received,
        is_whole=photo.is_whole,
        media_type=photo.kind,
        taken_at=instant_text(photo.taken_at),
        latitude=photo.latitude,
        longitude=photo.longitude,
        announced_at=instant_text(photo.announced_at),
        by=photo.by,
    )
