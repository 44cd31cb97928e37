"""Files that are here, and the URLs that stations get them by."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from csms.domain.files import LOG_BYTES_KEPT, STATION_LOGS_KEPT, FileGrant, FileRole, StoredFile
from csms.storage.file_tables import file_grants, files
from ocppj.vocabulary import StationId

_file, _grant = files.c, file_grants.c


def add_file(connection: Connection, stored: StoredFile) -> None:
    """It is here."""
    connection.execute(insert(files).values(**asdict(stored) | {"role": stored.role.value}))


def sign_file(connection: Connection, file_id: str, signature: str, certificate: str) -> None:
    """Its maker's signature."""
    values = {"signature": signature, "signing_certificate": certificate}
    connection.execute(update(files).where(_file.file_id == file_id).values(**values))


def remove_file(connection: Connection, file_id: str) -> None:
    """It is here no longer; nobody fetches it any more."""
    connection.execute(delete(file_grants).where(_grant.file_id == file_id))
    connection.execute(delete(files).where(_file.file_id == file_id))


def one_file(connection: Connection, file_id: str) -> StoredFile | None:
    """The file of this id."""
    row = connection.execute(select(files).where(_file.file_id == file_id)).first()
    return _stored(row) if row is not None else None


def find_files(
    connection: Connection,
    role: FileRole,
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> list[StoredFile]:
    """Those of a role, the latest first, from behind an instant and id on."""
    query = select(files).where(_file.role == role.value)
    if after is not None:
        at, file_id = after
        query = query.where((_file.stored_at < at) | ((_file.stored_at == at) & (_file.file_id < file_id)))
    rows = connection.execute(query.order_by(_file.stored_at.desc(), _file.file_id.desc()).limit(limit))
    return [_stored(row) for row in rows]


def uploads_of(connection: Connection, numbers: Sequence[int]) -> dict[int, StoredFile]:
    """What came by these transfers."""
    query = select(files).where(_file.role == FileRole.LOG.value, _file.number.in_(list(numbers)))
    return {row.number: _stored(row) for row in connection.execute(query.order_by(_file.stored_at))}


def count_files(connection: Connection, role: FileRole) -> int:
    """How many there are."""
    query = select(func.count()).select_from(files).where(_file.role == role.value)
    return int(connection.execute(query).scalar_one())


def replace_upload(connection: Connection, stored: StoredFile) -> list[str]:
    """An upload came, perhaps again; the ids of the files that go for it, or because there are too many."""
    own = select(_file.file_id).where(_file.number == stored.number, _file.role == FileRole.LOG.value)
    gone = list(connection.execute(own).scalars())
    of_station = select(_file.file_id).where(
        _file.station_id == stored.station_id, _file.role == FileRole.LOG.value, _file.file_id.not_in(gone)
    )
    newest = of_station.order_by(_file.stored_at.desc(), _file.file_id.desc())
    gone += connection.execute(newest.offset(STATION_LOGS_KEPT - 1).limit(1000)).scalars()
    add_file(connection, stored)
    logs = select(_file.file_id, _file.size).where(_file.role == FileRole.LOG.value)
    total = 0
    for file_id, size in connection.execute(logs.order_by(_file.stored_at.desc(), _file.file_id.desc())):
        total += size if file_id not in gone else 0
        if total > LOG_BYTES_KEPT and file_id not in gone:
            gone.append(file_id)
    connection.execute(delete(files).where(_file.file_id.in_(gone)))
    return gone


# URLs -----------------------------------------------------------------------------------------------------


def add_grant(connection: Connection, token_hash: str, grant: FileGrant, now: datetime) -> None:
    """A URL is good from now on, and no other of its transfer; those whose time has passed go."""
    connection.execute(
        delete(file_grants).where((_grant.number == grant.number) | (_grant.expires_at <= now))
    )
    connection.execute(insert(file_grants).values(token_hash=token_hash, **_fields(grant)))


def use_grant(connection: Connection, token_hash: str, now: datetime) -> FileGrant | None:
    """What the URL is good for, once more used; None: for nothing, or no longer."""
    row = connection.execute(select(file_grants).where(_grant.token_hash == token_hash)).first()
    if row is None:
        return None
    grant = FileGrant(row.number, StationId(row.station_id), row.file_id, row.expires_at, row.uses)
    if not grant.is_good(now):
        return None
    counted = update(file_grants).where(_grant.token_hash == token_hash)
    connection.execute(counted.values(uses=_grant.uses + 1))
    return replace(grant, uses=grant.uses + 1)


def end_grants(connection: Connection, number: int) -> None:
    """The transfer is over: its URL is good no longer."""
    connection.execute(delete(file_grants).where(_grant.number == number))


def _fields(grant: FileGrant) -> dict[str, Any]:
    return asdict(grant)


def _stored(row: Row[Any]) -> StoredFile:
    fields = row._asdict()
    return StoredFile(**fields | {"role": FileRole(fields["role"])})
