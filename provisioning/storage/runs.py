"""Activation runs with their steps and evidence, and the lifecycle's history."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

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
from runtime.rows import Values, execute_many, rows_with

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
_OF_STATION = activation_runs.c.station_id == bindparam("key")
_FINISH = (
    update(activation_runs)
    .where(_OF_STATION, activation_runs.c.is_current, activation_runs.c.finished_at.is_(None))
    .values(finished_at=bindparam("at"))
)
_LEAVE = update(activation_runs).where(_OF_STATION, activation_runs.c.is_current).values(is_current=False)
_UPDATE = update(activation_runs).where(activation_runs.c.run_id == bindparam("key"))
_UPDATE_STEP = update(activation_steps).where(
    activation_steps.c.run_id == bindparam("key"), activation_steps.c.position == bindparam("at_position")
)


def load_runs(
    connection: Connection, station_ids: Collection[StationId] | None = None
) -> dict[StationId, ActivationRun]:
    """The current run of every station that has one, or of those named."""
    if station_ids is None:
        runs: Iterable[Row[Any]] = connection.execute(_CURRENT)
        steps: Iterable[Row[Any]] = connection.execute(_CURRENT_STEPS)
    else:
        runs = rows_with(connection, _CURRENT, activation_runs.c.station_id, station_ids)
        steps = rows_with(connection, _CURRENT_STEPS, activation_runs.c.station_id, station_ids)
    by_run: dict[str, list[StepRecord]] = {}
    for row in steps:
        by_run.setdefault(row.run_id, []).append(_step(row))
    return {StationId(row.station_id): _run(row, by_run.get(row.run_id, [])) for row in runs}


def load_run(connection: Connection, station_id: StationId) -> ActivationRun | None:
    """A station's current run."""
    return load_runs(connection, [station_id]).get(station_id)


def end_runs(connection: Connection, ended: Mapping[StationId, datetime]) -> None:
    """These stations leave their places, or start anew: their runs are kept, and are not current any more."""
    rows = [{"key": station_id, "at": at} for station_id, at in ended.items()]
    execute_many(connection, _FINISH, rows)
    execute_many(connection, _LEAVE, [{"key": row["key"]} for row in rows])


def insert_runs(connection: Connection, begun: Sequence[ActivationRun]) -> None:
    """Runs that were not there, each its station's current one."""
    execute_many(connection, insert(activation_runs), [_run_values(each) for each in begun])
    steps = [
        _step_values(run.run_id, position, record)
        for run in begun
        for position, record in enumerate(run.steps)
    ]
    execute_many(connection, insert(activation_steps), steps)


def update_run(connection: Connection, before: ActivationRun, after: ActivationRun) -> None:
    """A run as it is now; of its steps only those that moved are written, with their evidence."""
    values = _run_values(after)
    if values != _run_values(before):
        connection.execute(_UPDATE, [values | {"key": after.run_id}])
    for position, record in enumerate(after.steps):
        if position >= len(before.steps):
            connection.execute(insert(activation_steps), [_step_values(after.run_id, position, record)])
        elif record != before.steps[position]:
            step = _step_values(after.run_id, position, record)
            connection.execute(_UPDATE_STEP, [step | {"key": after.run_id, "at_position": position}])


def prune_runs(connection: Connection, station_ids: Iterable[StationId]) -> None:
    """The oldest runs of these stations go."""
    for station_id in station_ids:
        is_past = (activation_runs.c.station_id == station_id) & activation_runs.c.is_current.is_(False)
        newest = select(activation_runs.c.run_id).where(is_past)
        kept = newest.order_by(activation_runs.c.started_at.desc()).limit(RUNS_KEPT)
        connection.execute(delete(activation_runs).where(is_past, activation_runs.c.run_id.not_in(kept)))


def _run_values(run: ActivationRun) -> Values:
    return {
        "run_id": run.run_id,
        "station_id": run.station_id,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "requested_by": run.requested_by,
        "is_asked": run.is_requested_here,
        "needs_restart": run.needs_restart,
        "errand": run.sent_away.errand.value if run.sent_away else None,
        "errand_epoch": run.sent_away.epoch if run.sent_away else None,
        "errand_boots": run.sent_away.boots if run.sent_away else 0,
    }


def _step_values(run_id: str, position: int, record: StepRecord) -> Values:
    return {
        "run_id": run_id,
        "position": position,
        "step": record.step.value,
        "state": record.state.value,
        "asked": record.requests,
        "attempts": record.attempts,
        "evidence": json.dumps(
            [[each.sent, each.answered, each.read_back] for each in record.evidence], ensure_ascii=False
        ),
        "remarks": json.dumps([each.as_json for each in record.remarks], ensure_ascii=False),
        "changed_at": record.changed_at,
    }


def _run(row: Row[Any], steps: list[StepRecord]) -> ActivationRun:
    return ActivationRun(
        run_id=row.run_id,
        station_id=StationId(row.station_id),
        started_at=row.started_at,
        requested_by=row.requested_by,
        is_requested_here=row.is_asked,
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
        requests=row.asked,
        attempts=row.attempts,
        evidence=tuple(Evidence(*parts) for parts in json.loads(row.evidence)),
        remarks=tuple(blocker_from_json(each) for each in json.loads(row.remarks)),
    )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """How far a station was from this moment on, what blocked it (codes with commas), and why it moved."""

    station_id: StationId
    at: datetime
    state: str
    blocked_by: str
    cause: str


def record_history(connection: Connection, lines: Sequence[HistoryLine]) -> None:
    """Lines of stations' histories; of each the oldest go."""
    rows = [
        {
            "station_id": each.station_id,
            "at": each.at,
            "state": each.state,
            "blocked_by": each.blocked_by,
            "cause": each.cause,
        }
        for each in lines
    ]
    execute_many(connection, insert(lifecycle_history), rows)
    stations = {each.station_id for each in lines}
    counted = select(lifecycle_history.c.station_id).group_by(lifecycle_history.c.station_id)
    too_long = counted.having(func.count() > HISTORY_KEPT)
    for row in list(rows_with(connection, too_long, lifecycle_history.c.station_id, stations)):
        _prune_history(connection, row.station_id)


def _prune_history(connection: Connection, station_id: str) -> None:
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


def load_history(connection: Connection, station_id: StationId, limit: int = 200) -> list[HistoryLine]:
    """A station's history, oldest first."""
    newest = connection.execute(
        select(lifecycle_history)
        .where(lifecycle_history.c.station_id == station_id)
        .order_by(lifecycle_history.c.entry_id.desc())
        .limit(limit)
    ).all()
    return [HistoryLine(station_id, row.at, row.state, row.blocked_by, row.cause) for row in reversed(newest)]
