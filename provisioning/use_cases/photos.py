"""`RunPhotos`: photos of the open power-up run of a station, sent in parts that are kept as they come."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from csms.domain.audit import Change
from csms.ports import ChangePart
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.products.files import Products
from provisioning.records import PhotoPart, PowerUpRun, RunPhoto
from provisioning.rules.photos import PhotoClaim, announced, fitting, whole
from provisioning.station_cache import StationCache
from provisioning.storage.photos import (
    announce_photo,
    forget_photo,
    parts_of,
    photo_content,
    photos_of,
    write_part,
    write_whole,
)
from provisioning.storage.power_up import load_power_up


class RunPhotos:
    """What is done with them."""

    def __init__(self, station_cache: StationCache, products: Products) -> None:
        self._station_cache, self._products = station_cache, products

    async def announce(self, station_id: StationId, claim: PhotoClaim, by: str) -> RunPhoto:
        """Say which photo is to come; how much of it has come already. Raises ProvisioningProblem:
        E_NO_POWER_UP, E_PHOTO_UNKNOWN, E_PHOTO_REFUSED.
        """
        cache, device = self._station_cache, self._station_cache.devices[station_id]
        product, now = self._products.fitting(device.vendor, device.model), cache.clock.now()

        def write(connection: Connection) -> RunPhoto:
            run = _open_run(connection, station_id)
            there = photos_of(connection, run.run_id)
            photo = announced(claim, product, there, now, by)
            if photo not in there:
                announce_photo(connection, run.run_id, photo)
            return photo

        return await cache.database.run_write(write)

    async def receive(
        self, station_id: StationId, sha256: str, start: int, content: bytes, by: str
    ) -> RunPhoto:
        """The next part of a photo; with the last it is whole. A part that came already is passed over.
        Raises ProvisioningProblem: E_NO_POWER_UP, E_PHOTO_UNKNOWN, E_PHOTO_REFUSED.
        """
        cache = self._station_cache

        def load(connection: Connection) -> _Sent:
            run = _open_run(connection, station_id)
            photo = _announced(photos_of(connection, run.run_id), sha256)
            new = fitting(photo, start, content)
            is_last = bool(new) and photo.received + len(new) == photo.size
            return _Sent(run, photo, new, parts_of(connection, run.run_id, sha256) if is_last else None)

        came: list[_Arrived] = []

        def decide(sent: _Sent) -> ChangeSet:
            arrived = _arrived(sent)
            came.append(arrived)
            acts = []
            if arrived.content is not None:
                what, item = Change.POWER_UP_PHOTO, sent.photo.item
                acts.append(cache.act(station_id, by, what, result=item, reference=sent.run.run_id))
            part = ChangePart(lambda connection: _write(connection, sent, arrived), lambda: None)
            return ChangeSet("photo", acts=acts, parts=[part], about={station_id} if acts else set())

        await cache.change(load, decide)
        if came[-1].refused is not None:
            raise came[-1].refused
        return came[-1].photo

    async def of_run(self, run_id: str) -> list[RunPhoto]:
        """All that were announced."""
        return await self._station_cache.database.run_read(lambda connection: photos_of(connection, run_id))

    async def of_last_run(self, station_id: StationId) -> list[RunPhoto]:
        """The same of the station's last run; none without one."""

        def read(connection: Connection) -> list[RunPhoto]:
            run = load_power_up(connection, station_id)
            return photos_of(connection, run.run_id) if run is not None else []

        return await self._station_cache.database.run_read(read)

    async def content(self, station_id: StationId, sha256: str) -> tuple[str, bytes]:
        """Media type and bytes of a whole photo. Raises ProvisioningProblem: E_PHOTO_UNKNOWN."""
        found = await self._station_cache.database.run_read(
            lambda connection: photo_content(connection, station_id, sha256)
        )
        if found is None:
            raise ProvisioningProblem(Code.PHOTO_UNKNOWN, item=sha256, known="-")
        return found


@dataclass(frozen=True, slots=True)
class _Sent:
    """A part that came, what of it is new, and the parts before where it is the last."""

    run: PowerUpRun
    photo: RunPhoto
    new: bytes
    before: list[PhotoPart] | None


@dataclass(frozen=True, slots=True)
class _Arrived:
    """What came of it. `content` is all of a photo that is whole now."""

    photo: RunPhoto
    content: bytes | None = None
    refused: ProvisioningProblem | None = None


def _arrived(sent: _Sent) -> _Arrived:
    photo = replace(sent.photo, received=sent.photo.received + len(sent.new))
    if sent.before is None:
        return _Arrived(photo)
    try:
        kind, content = whole(photo, [*sent.before, PhotoPart(sent.photo.received, sent.new)])
    except ProvisioningProblem as problem:
        return _Arrived(photo, refused=problem)
    return _Arrived(replace(photo, kind=kind), content)


def _write(connection: Connection, sent: _Sent, arrived: _Arrived) -> None:
    run_id, sha256 = sent.run.run_id, sent.photo.sha256
    if arrived.refused is not None:
        forget_photo(connection, run_id, sha256)
    elif arrived.content is not None:
        write_whole(connection, run_id, sha256, arrived.photo.kind or "", arrived.content)
    elif sent.new:
        write_part(connection, run_id, sha256, PhotoPart(sent.photo.received, sent.new))


def _open_run(connection: Connection, station_id: StationId) -> PowerUpRun:
    run = load_power_up(connection, station_id)
    if run is None or run.finished_at is not None:
        raise ProvisioningProblem(Code.NO_POWER_UP, id=station_id)
    return run


def _announced(photos: list[RunPhoto], sha256: str) -> RunPhoto:
    photo = next((each for each in photos if each.sha256 == sha256), None)
    if photo is None:
        raise ProvisioningProblem(Code.PHOTO_UNKNOWN, item=sha256, known="-")
    return photo
