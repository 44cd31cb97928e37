"""Activation runs with their steps and evidence, and the lifecycle's history."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from ocppj.vocabulary import StationId
from provisioning.activation.runs import (
    ActivationRun,
    Errand,
    Evidence,
    SentAway,
    StepName,
    StepRecord,
    StepState,
)
from provisioning.blockers import blocker_from_json
from provisioning.storage.tables import activation_runs, activation_steps, lifecycle_history
from runtime.texts import instant_text

RUNS_KEPT = 20
"""Runs of a station kept beside its current one."""
HISTORY_KEPT = 500
"""Lines of a station's history kept."""

_CURRENT = select(activation_runs).where(activation_runs.c.is_current)
_CURRENT_STEPS = (
    select(activation_steps)
    .join(activation_runs, activation_runs.c.run_id == activation_steps.c.run_id)
    .where(activation_runs.c.is_current)
    .order_by(activation_steps.c.run_id, activation_steps.c.position)
)


def load_runs(
    connection: Connection, station_ids: Iterable[StationId] | None = None
) -> dict[StationId, ActivationRun]:
    """The current run of every station that has one, or of those named."""
    runs, steps = _CURRENT, _CURRENT_STEPS
    if station_ids is not None:
        is_wanted = activation_runs.c.station_id.in_(list(station_ids))
        runs, steps = runs.where(is_wanted), steps.where(is_wanted)
    by_run: dict[str, list[StepRecord]] = {}
    for row in connection.execute(steps):
        by_run.setdefault(row.run_id, []).append(_step(row))
    return {
        StationId(row.station_id): _run(row, by_run.get(row.run_id, [])) for row in connection.execute(runs)
    }


def load_run(connection: Connection, station_id: StationId) -> ActivationRun | None:
    """A station's current run."""
    return load_runs(connection, [station_id]).get(station_id)


def begin_run(connection: Connection, run: ActivationRun) -> None:
    """Make this the station's current run."""
    end_run(connection, run.station_id, run.started_at)
    save_run(connection, run)
    kept = (
        select(activation_runs.c.run_id)
        .where(activation_runs.c.station_id == run.station_id, activation_runs.c.is_current.is_(False))
        .order_by(activation_runs.c.started_at.desc())
        .limit(RUNS_KEPT)
    )
    connection.execute(
        delete(activation_runs).where(
            activation_runs.c.station_id == run.station_id,
            activation_runs.c.is_current.is_(False),
            activation_runs.c.run_id.not_in(kept),
        )
    )


def end_run(connection: Connection, station_id: StationId, at: datetime) -> None:
    """The station leaves its place, or starts anew: its run is kept, and is not current any more."""
    is_its_run = (activation_runs.c.station_id == station_id) & activation_runs.c.is_current
    is_open = is_its_run & activation_runs.c.finished_at.is_(None)
    connection.execute(update(activation_runs).where(is_open).values(finished_at=at))
    connection.execute(update(activation_runs).where(is_its_run).values(is_current=False))


def save_run(connection: Connection, run: ActivationRun) -> None:
    """Insert a run with its steps, or bring it up to date."""
    values = {
        "run_id": run.run_id,
        "station_id": run.station_id,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "requested_by": run.requested_by,
        "is_asked": run.is_asked,
        "needs_restart": run.needs_restart,
        "errand": run.sent_away.errand.value if run.sent_away else None,
        "errand_epoch": run.sent_away.epoch if run.sent_away else None,
        "errand_boots": run.sent_away.boots if run.sent_away else 0,
    }
    connection.execute(
        insert(activation_runs).values(**values).on_conflict_do_update(index_elements=["run_id"], set_=values)
    )
    for position, record in enumerate(run.steps):
        _save_step(connection, run.run_id, position, record)


def _save_step(connection: Connection, run_id: str, position: int, record: StepRecord) -> None:
    values = {
        "run_id": run_id,
        "position": position,
        "step": record.step.value,
        "state": record.state.value,
        "asked": record.asked,
        "attempts": record.attempts,
        "evidence": json.dumps(
            [[each.sent, each.answered, each.read_back] for each in record.evidence], ensure_ascii=False
        ),
        "remarks": json.dumps([each.as_json for each in record.remarks], ensure_ascii=False),
        "changed_at": record.changed_at,
    }
    connection.execute(
        insert(activation_steps)
        .values(**values)
        .on_conflict_do_update(index_elements=["run_id", "position"], set_=values)
    )


def _run(row: Row[Any], steps: list[StepRecord]) -> ActivationRun:
    return ActivationRun(
        run_id=row.run_id,
        station_id=StationId(row.station_id),
        started_at=row.started_at,
        requested_by=row.requested_by,
        is_asked=row.is_asked,
        finished_at=row.finished_at,
        needs_restart=row.needs_restart,
        sent_away=SentAway(Errand(row.errand), row.errand_epoch, row.errand_boots) if row.errand else None,
        steps=tuple(steps),
    )


def _step(row: Row[Any]) -> StepRecord:
    return StepRecord(
        step=StepName(row.step),
        changed_at=row.changed_at,
        state=StepState(row.state),
        asked=row.asked,
        attempts=row.attempts,
        evidence=tuple(Evidence(*parts) for parts in json.loads(row.evidence)),
        remarks=tuple(blocker_from_json(each) for each in json.loads(row.remarks)),
    )


def record_standing(
    connection: Connection, *, station_id: StationId, at: datetime, state: str, blocked_by: str, cause: str
) -> None:
    """One line of a station's history; the oldest go."""
    connection.execute(
        insert(lifecycle_history).values(
            station_id=station_id, at=at, state=state, blocked_by=blocked_by, cause=cause
        )
    )
    newest_too_many = (
        select(lifecycle_history.c.entry_id)
        .where(lifecycle_history.c.station_id == station_id)
        .order_by(lifecycle_history.c.entry_id.desc())
        .limit(1)
        .offset(HISTORY_KEPT)
        .scalar_subquery()
    )
    connection.execute(
        delete(lifecycle_history).where(
            lifecycle_history.c.station_id == station_id, lifecycle_history.c.entry_id <= newest_too_many
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
            "at": instant_text(row.at),
            "state": row.state,
            "blocked_by": row.blocked_by.split(",") if row.blocked_by else [],
            "cause": row.cause,
        }
        for row in reversed(newest)
    ]
