"""Runs of the power-up checklist: who began one, what was measured in it, and the record when it ended."""

import json
import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from ocppj.vocabulary import StationId
from provisioning.records import CertificateNote, PowerUpRun, RunMark, StoredCertificate, TypedReading
from provisioning.storage.tables import power_up_certificates, power_up_runs
from runtime.rows import Values
from runtime.texts import instant_text

_of_station = power_up_runs.c.station_id


def load_power_up(connection: Connection, station_id: StationId) -> PowerUpRun | None:
    """The station's last run."""
    query = select(power_up_runs).where(_of_station == station_id).order_by(power_up_runs.c.started_at.desc())
    row = connection.execute(query.limit(1)).first()
    return _run(row) if row is not None else None


def write_power_up(connection: Connection, run: PowerUpRun) -> None:
    """As it is now; made if it was not there."""
    values = _values(run)
    key = values.pop("run_id")
    done = connection.execute(update(power_up_runs).where(power_up_runs.c.run_id == key).values(**values))
    if done.rowcount == 0:
        connection.execute(insert(power_up_runs).values(run_id=key, **values))


def write_certificate(connection: Connection, certificate: StoredCertificate) -> None:
    """Keep one; there is one of a run, which never changes."""
    values = {
        "run_id": certificate.run_id,
        "station_id": certificate.station_id,
        "issued_at": certificate.issued_at,
        "document": certificate.document,
        "frames": zlib.compress(certificate.frames),
    }
    connection.execute(insert(power_up_certificates).values(**values))


def load_certificate(
    connection: Connection, station_id: StationId, run_id: str | None = None
) -> StoredCertificate | None:
    """That of a run of the station, or its last one."""
    table = power_up_certificates
    query = select(table).where(table.c.station_id == station_id).order_by(table.c.issued_at.desc())
    if run_id is not None:
        query = query.where(table.c.run_id == run_id)
    row = connection.execute(query.limit(1)).first()
    if row is None:
        return None
    frames = zlib.decompress(row.frames)
    return StoredCertificate(row.run_id, StationId(row.station_id), row.issued_at, row.document, frames)


def last_certificate(connection: Connection, station_id: StationId) -> CertificateNote | None:
    """Of which run the last one is; what it says stays in the database."""
    table = power_up_certificates
    query = select(table.c.run_id, table.c.issued_at).where(table.c.station_id == station_id)
    row = connection.execute(query.order_by(table.c.issued_at.desc()).limit(1)).first()
    return CertificateNote(row.run_id, row.issued_at) if row is not None else None


def _values(run: PowerUpRun) -> Values:
    readings = [[each.reading, each.value, instant_text(each.at), each.by] for each in run.readings]
    return {
        "run_id": run.run_id,
        "station_id": run.station_id,
        "product_id": run.product_id,
        "product_version": run.product_version,
        "started_at": run.started_at,
        "started_by": run.started_by,
        "readings": json.dumps(readings),
        "marks": json.dumps([[each.item, instant_text(each.at), each.by, each.note] for each in run.marks]),
        "handed_to": run.handed_to,
        "finished_at": run.finished_at,
        "finished_by": run.finished_by,
        "record": run.record,
    }


def _run(row: Row[Any]) -> PowerUpRun:
    return PowerUpRun(
        run_id=row.run_id,
        station_id=StationId(row.station_id),
        product_id=row.product_id,
        product_version=row.product_version,
        started_at=row.started_at,
        started_by=row.started_by,
        readings=tuple(
            TypedReading(reading, value, datetime.fromisoformat(at), by)
            for reading, value, at, by in json.loads(row.readings)
        ),
        marks=tuple(
            RunMark(item, datetime.fromisoformat(at), by, note)
            for item, at, by, note in json.loads(row.marks)
        ),
        handed_to=row.handed_to,
        finished_at=row.finished_at,
        finished_by=row.finished_by,
        record=row.record,
    )
