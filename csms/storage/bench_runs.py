"""Runs of scenarios on the bench."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from csms.domain.bench_runs import BenchRun, BenchRunState, BenchStep
from csms.storage.lease_tables import bench_runs
from runtime.database.rows import save_row

BENCH_RUNS_KEPT = 500
_columns = bench_runs.c
_encode = msgspec.json.Encoder().encode
_steps = msgspec.json.Decoder(tuple[BenchStep, ...]).decode


def save_run(connection: Connection, run: BenchRun) -> None:
    """It is so now; the oldest go."""
    values: dict[str, Any] = {
        "run_id": run.run_id,
        "scenario": run.scenario,
        "bindings": " ".join(run.bindings),
        "begun_by": run.begun_by,
        "began_at": run.began_at,
        "title": run.title,
        "stations": " ".join(run.stations),
        "state": run.state.value,
        "verdict": run.verdict,
        "reason": run.reason,
        "seconds": run.seconds,
        "prompt": run.prompt,
        "ended_at": run.ended_at,
        "steps": _encode(run.steps).decode(),
    }
    save_row(connection, bench_runs, values)
    if run.ended_at is not None:
        oldest = select(_columns.run_id).order_by(_columns.began_at.desc(), _columns.run_id.desc())
        too_old = oldest.offset(BENCH_RUNS_KEPT).limit(BENCH_RUNS_KEPT)
        connection.execute(delete(bench_runs).where(_columns.run_id.in_(too_old)))


def lose_runs(connection: Connection, at: datetime) -> None:
    """What an earlier process left open nobody plays any more."""
    is_open = _columns.state == BenchRunState.RUNNING.value
    lost = {"state": BenchRunState.LOST.value, "ended_at": at, "prompt": None}
    connection.execute(update(bench_runs).where(is_open).values(**lost))


def find_bench_runs(connection: Connection, limit: int) -> list[BenchRun]:
    """The latest first."""
    ordered = select(bench_runs).order_by(_columns.began_at.desc(), _columns.run_id.desc())
    return [_run(row) for row in connection.execute(ordered.limit(limit))]


def one_bench_run(connection: Connection, run_id: str) -> BenchRun | None:
    """One."""
    row = connection.execute(select(bench_runs).where(_columns.run_id == run_id)).first()
    return _run(row) if row is not None else None


def _run(row: Row[Any]) -> BenchRun:
    return BenchRun(
        run_id=row.run_id,
        scenario=row.scenario,
        bindings=tuple(row.bindings.split()),
        begun_by=row.begun_by,
        began_at=row.began_at,
        title=row.title,
        stations=tuple(row.stations.split()),
        state=BenchRunState(row.state),
        verdict=row.verdict,
        reason=row.reason,
        seconds=row.seconds,
        prompt=row.prompt,
        ended_at=row.ended_at,
        steps=_steps(row.steps),
    )
