"""Files of stations on disk and in the database, and the URLs that they get them by.

A file is named by an id of ours; nothing that came over a wire becomes part of a path. It appears under its
id when it is whole. Several servers of one database share the folder, or each serves what it has.
"""

import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection

from charging.firmware_signature import certificate_trouble, is_signed
from csms.domain.files import FIRMWARE_KEPT_MOST, GRANT_HOLDS, FileGrant, FileRole, StoredFile
from csms.storage.files import (
    add_file,
    add_grant,
    count_files,
    end_grants,
    find_files,
    one_file,
    remove_file,
    replace_upload,
    sign_file,
    uploads_of,
    use_grant,
)
from csms.storage.transfers import is_in_use
from ocppj.vocabulary import StationId
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.threads import run_in

ENDPOINT = "/files/"
"""Below which the URLs of stations are."""
TOKEN = "token"  # noqa: S105 - the name of the parameter: logs hide what is called so
LONGEST_NAME = 100
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")


class FileTooLong(Exception):  # noqa: N818 - named by what is wrong
    """More came than a file of its kind may have."""


class FileInUse(Exception):  # noqa: N818 - named by what is wrong
    """A station is to fetch it."""


class TooManyFiles(Exception):  # noqa: N818 - named by what is wrong
    """One must go before another may come."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file on disk."""

    file_id: str
    size: int
    sha256: str


def plain_name(text: str | None, otherwise: str) -> str:
    """What a file may be called in a URL and in a list: no path, nothing to escape."""
    last = (text or "").replace("\\", "/").rpartition("/")[2]
    name = "".join(each if each in _PLAIN else "_" for each in last).lstrip(".")[:LONGEST_NAME]
    return name or otherwise


class StationFiles:
    """All that the server keeps for stations. `base_url` is where they reach it over HTTP."""

    def __init__(
        self, folder: Path, database: Database, clock: Clock, chance: Chance, thread: Executor
    ) -> None:
        self.base_url = ""
        self._folder, self._database = folder, database
        self._clock, self._chance, self._thread = clock, chance, thread

    def path_of(self, file_id: str) -> Path:
        """Where it lies."""
        return self._folder / file_id

    # On disk ------------------------------------------------------------------------------------------

    async def write(self, chunks: AsyncIterator[bytes], most: int) -> WrittenFile:
        """Take a file in as it comes, at most so many bytes. Raises FileTooLong, OSError."""
        file_id = self._chance.uuid().hex
        path, beside = self.path_of(file_id), self._folder / f".{file_id}.new"
        digest, size = hashlib.sha256(), 0
        file = await run_in(self._thread, partial(self._create, beside))
        try:
            async for chunk in chunks:
                size = _grown(size, chunk, most)
                digest.update(chunk)
                await run_in(self._thread, partial(os.write, file, chunk))
            await run_in(self._thread, partial(os.fsync, file))
        except BaseException:
            os.close(file)
            beside.unlink(missing_ok=True)
            raise
        os.close(file)
        await run_in(self._thread, partial(beside.rename, path))
        return WrittenFile(file_id, size, digest.hexdigest())

    def _create(self, path: Path) -> int:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    async def _delete(self, file_ids: Sequence[str]) -> None:
        for each in file_ids:
            await run_in(self._thread, partial(self.path_of(each).unlink, missing_ok=True))

    # Firmware -----------------------------------------------------------------------------------------

    async def add_firmware(
        self, written: WrittenFile, name: str, by: str, *, version: str, vendor: str | None, model: str | None
    ) -> StoredFile:
        """Somebody put one here. Raises TooManyFiles."""
        stored = StoredFile(
            file_id=written.file_id,
            role=FileRole.FIRMWARE,
            name=plain_name(name, "firmware.bin"),
            size=written.size,
            sha256=written.sha256,
            stored_at=self._clock.now(),
            stored_by=by,
            vendor=vendor,
            model=model,
            version=version,
        )

        def add(connection: Connection) -> bool:
            if count_files(connection, FileRole.FIRMWARE) >= FIRMWARE_KEPT_MOST:
                return False
            add_file(connection, stored)
            return True

        if not await self._database.run_write(add):
            await self._delete([written.file_id])
            raise TooManyFiles
        return stored

    async def sign(self, stored: StoredFile, signature: str, certificate: str) -> str | None:
        """Keep its maker's signature; or why it is none of this file."""
        trouble = certificate_trouble(certificate, self._clock.now())
        if trouble is not None:
            return f"the certificate cannot be used: {trouble}"
        if not is_signed(bytes.fromhex(stored.sha256), signature, certificate):
            return "the owner of the certificate did not sign this file (RSA-PSS or ECDSA over SHA-256)"
        await self._database.run_write(
            lambda connection: sign_file(connection, stored.file_id, signature, certificate)
        )
        return None

    async def remove_firmware(self, file_id: str) -> None:
        """It is no longer offered. Raises FileInUse."""

        def remove(connection: Connection) -> bool:
            if is_in_use(connection, file_id):
                return False
            remove_file(connection, file_id)
            return True

        if not await self._database.run_write(remove):
            raise FileInUse
        await self._delete([file_id])

    async def one(self, file_id: str) -> StoredFile | None:
        """The file of this id."""
        return await self._database.run_read(lambda connection: one_file(connection, file_id))

    async def firmware(self, limit: int, after: tuple[datetime, str] | None = None) -> Sequence[StoredFile]:
        """Those that are here, the latest first."""
        return await self._database.run_read(
            lambda connection: find_files(connection, FileRole.FIRMWARE, limit, after)
        )

    # What stations get and send -----------------------------------------------------------------------

    async def grant(
        self, number: int, station_id: StationId, file: StoredFile | None, begins_at: datetime
    ) -> str:
        """A new URL for a transfer, to fetch that file, or to send one; former ones are good no longer."""
        now, secret = self._clock.now(), self._chance.token()
        good = FileGrant(
            number, station_id, file.file_id if file else None, max(now, begins_at) + GRANT_HOLDS
        )
        await self._database.run_write(lambda connection: add_grant(connection, _hash(secret), good, now))
        name = quote(file.name if file is not None else f"log-{number}")
        return f"{self.base_url.rstrip('/')}{ENDPOINT}{name}?{TOKEN}={secret}"

    async def use(self, secret: str) -> FileGrant | None:
        """What a URL is good for; None: for nothing."""
        now = self._clock.now()
        return await self._database.run_write(lambda connection: use_grant(connection, _hash(secret), now))

    async def receive(self, grant: FileGrant, written: WrittenFile, name: str | None) -> StoredFile:
        """A station has sent what it was asked for; what it sent before by the same transfer goes."""
        stored = StoredFile(
            file_id=written.file_id,
            role=FileRole.LOG,
            name=plain_name(name, f"log-{grant.number}"),
            size=written.size,
            sha256=written.sha256,
            stored_at=self._clock.now(),
            stored_by=grant.station_id,
            station_id=grant.station_id,
            number=grant.number,
        )
        gone = await self._database.run_write(lambda connection: replace_upload(connection, stored))
        await self._delete(gone)
        return stored

    async def uploads(self, numbers: Sequence[int]) -> dict[int, StoredFile]:
        """What came by these transfers."""
        return await self._database.run_read(lambda connection: uploads_of(connection, numbers))

    async def end(self, number: int) -> None:
        """A transfer is over: its URL is good no longer."""
        await self._database.run_write(lambda connection: end_grants(connection, number))


def _grown(size: int, chunk: bytes, most: int) -> int:
    if size + len(chunk) > most:
        raise FileTooLong
    return size + len(chunk)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
