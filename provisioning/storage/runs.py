"""Activation runs with their steps and evidence, and the lifecycle's history."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert

from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, Evidence, StepRecord, StepState
from provisioning.catalogue import Blocker, Clearer, Code
from provisioning.storage.tables import activation_runs, activation_steps, lifecycle_history


def load_latest_runs(
    connection: Connection, station_id: StationId | None = None
) -> dict[StationId, ActivationRun]:
    """The newest run of every station, or of one."""
    newest = select(
        activation_runs.c.station_id, func.max(activation_runs.c.started_at).label("newest")
    ).group_by(activation_runs.c.station_id)
    if station_id is not None:
        newest = newest.where(activation_runs.c.station_id == station_id)
    latest = newest.subquery()
    rows = connection.execute(
        select(activation_runs).join(
            latest,
            (activation_runs.c.station_id == latest.c.station_id)
            & (activation_runs.c.started_at == latest.c.newest),
        )
    ).all()
    return {StationId(row.station_id): _run(connection, row) for row in rows}


def save_run(connection: Connection, run: ActivationRun) -> None:
    """Insert a run with its steps, or bring it up to date."""
    values = {
        "run_id": run.run_id,
        "station_id": run.station_id,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "requested_by": run.requested_by,
        "needs_restart": run.needs_restart,
    }
    connection.execute(
        insert(activation_runs).values(**values).on_conflict_do_update(index_elements=["run_id"], set_=values)
    )
    for position, record in enumerate(run.steps):
        _save_step(connection, run.run_id, position, record)


def close_runs(connection: Connection, station_id: StationId, at: datetime) -> None:
    """End the open runs of a station that left its place, or starts anew."""
    connection.execute(
        update(activation_runs)
        .where(activation_runs.c.station_id == station_id, activation_runs.c.finished_at.is_(None))
        .values(finished_at=at)
    )


def _save_step(connection: Connection, run_id: str, position: int, record: StepRecord) -> None:
    values = {
        "run_id": run_id,
        "position": position,
        "step": record.step,
        "state": record.state.value,
        "attempts": record.attempts,
        "evidence": json.dumps([_evidence_json(each) for each in record.evidence]),
        "remarks": json.dumps([each.as_json for each in record.remarks]),
        "changed_at": record.changed_at,
    }
    connection.execute(
        insert(activation_steps)
        .values(**values)
        .on_conflict_do_update(index_elements=["run_id", "position"], set_=values)
    )


def _evidence_json(evidence: Evidence) -> list[str | None]:
    return [evidence.sent, evidence.answered, evidence.read_back]


def _run(connection: Connection, row: Row[Any]) -> ActivationRun:
    steps = connection.execute(
        select(activation_steps)
        .where(activation_steps.c.run_id == row.run_id)
        .order_by(activation_steps.c.position)
    )
    return ActivationRun(
        run_id=row.run_id,
        station_id=StationId(row.station_id),
        started_at=row.started_at,
        requested_by=row.requested_by,
        finished_at=row.finished_at,
        needs_restart=row.needs_restart,
        steps=tuple(
            StepRecord(
                step=each.step,
                state=StepState(each.state),
                attempts=each.attempts,
                evidence=tuple(Evidence(*parts) for parts in json.loads(each.evidence)),
                remarks=tuple(_blocker(remark) for remark in json.loads(each.remarks)),
                changed_at=each.changed_at,
            )
            for each in steps
        ),
    )


def _blocker(stored: dict[str, str]) -> Blocker:
    return Blocker(
        Code(stored["code"]),
        stored["text_fr"],
        stored["text_en"],
        stored["way_out"],
        Clearer(stored["who_clears"]),
    )


def record_standing(
    connection: Connection, *, station_id: StationId, at: datetime, state: str, blocked_by: str, cause: str
) -> None:
    """One line of a station's history."""
    connection.execute(
        insert(lifecycle_history).values(
            station_id=station_id, at=at, state=state, blocked_by=blocked_by, cause=cause
        )
    )


def load_history(connection: Connection, station_id: StationId, limit: int = 200) -> list[dict[str, Any]]:
    """A station's history, oldest first."""
    newest = connection.execute(
        select(lifecycle_history)
        .where(lifecycle_history.c.station_id == station_id)
        .order_by(lifecycle_history.c.entry_id.desc())
        .limit(limit)
    ).all()
    return [
        {
            "at": row.at.isoformat(),
            "state": row.state,
            "blocked_by": row.blocked_by.split(",") if row.blocked_by else [],
            "cause": row.cause,
        }
        for row in reversed(newest)
    ]
