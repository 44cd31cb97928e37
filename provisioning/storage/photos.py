"""Photos of power-up runs: announced, come in parts, whole."""

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from ocppj.vocabulary import StationId
from provisioning.records import PhotoPart, RunPhoto
from provisioning.storage.tables import power_up_photo_parts, power_up_photos, power_up_runs

_photos, _parts = power_up_photos, power_up_photo_parts
_LISTED = [each for each in _photos.c if each.name != "content"]


def photos_of(connection: Connection, run_id: str) -> list[RunPhoto]:
    """All of a run, in the order in which they were announced; not what they show."""
    query = select(*_LISTED).where(_photos.c.run_id == run_id)
    return [
        _photo(each) for each in connection.execute(query.order_by(_photos.c.announced_at, _photos.c.sha256))
    ]


def photo_content(connection: Connection, station_id: StationId, sha256: str) -> tuple[str, bytes] | None:
    """A whole photo of any run of the station: its media type and its bytes."""
    query = (
        select(_photos.c.kind, _photos.c.content)
        .join(power_up_runs, power_up_runs.c.run_id == _photos.c.run_id)
        .where(
            power_up_runs.c.station_id == station_id, _photos.c.sha256 == sha256, _photos.c.kind.is_not(None)
        )
    )
    row = connection.execute(query.limit(1)).first()
    return (row.kind, row.content) if row is not None else None


def announce_photo(connection: Connection, run_id: str, photo: RunPhoto) -> None:
    """One that is to come."""
    values = {
        "run_id": run_id,
        "sha256": photo.sha256,
        "item": photo.item,
        "size": photo.size,
        "received": 0,
        "taken_at": photo.taken_at,
        "latitude": photo.latitude,
        "longitude": photo.longitude,
        "announced_at": photo.announced_at,
        "announced_by": photo.by,
    }
    connection.execute(insert(_photos).values(**values))


def parts_of(connection: Connection, run_id: str, sha256: str) -> list[PhotoPart]:
    """What has come of one that is not whole."""
    query = select(_parts.c.start, _parts.c.content).where(
        _parts.c.run_id == run_id, _parts.c.sha256 == sha256
    )
    return [PhotoPart(each.start, each.content) for each in connection.execute(query)]


def write_part(connection: Connection, run_id: str, sha256: str, part: PhotoPart) -> None:
    """The next part of one."""
    values = {"run_id": run_id, "sha256": sha256, "start": part.start, "content": part.content}
    connection.execute(insert(_parts).values(**values))
    _change(connection, run_id, sha256, {"received": part.start + len(part.content)})


def write_whole(connection: Connection, run_id: str, sha256: str, kind: str, content: bytes) -> None:
    """All of it is there."""
    forget_parts(connection, run_id, sha256)
    _change(connection, run_id, sha256, {"received": len(content), "kind": kind, "content": content})


def forget_photo(connection: Connection, run_id: str, sha256: str) -> None:
    """What came was another, or no picture: it may be announced anew."""
    forget_parts(connection, run_id, sha256)
    connection.execute(delete(_photos).where(_photos.c.run_id == run_id, _photos.c.sha256 == sha256))


def forget_parts(connection: Connection, run_id: str, sha256: str) -> None:
    """They are joined, or worth nothing."""
    connection.execute(delete(_parts).where(_parts.c.run_id == run_id, _parts.c.sha256 == sha256))


def _change(connection: Connection, run_id: str, sha256: str, values: dict[str, Any]) -> None:
    which = _photos.c.run_id == run_id, _photos.c.sha256 == sha256
    connection.execute(update(_photos).where(*which).values(**values))


def _photo(row: Row[Any]) -> RunPhoto:
    return RunPhoto(
        sha256=row.sha256,
        item=row.item,
        size=row.size,
        received=row.received,
        kind=row.kind,
        taken_at=row.taken_at,
        latitude=row.latitude,
        longitude=row.longitude,
        announced_at=row.announced_at,
        by=row.announced_by,
    )
