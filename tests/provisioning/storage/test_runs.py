"""Runs with their evidence survive storage exactly; one run of a station is current."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, update
from sqlalchemy.exc import IntegrityError

from ocppj.vocabulary import StationId
from provisioning.activation.runs import (
    ActivationRun,
    Errand,
    Evidence,
    SentAway,
    StepName,
    StepRecord,
    StepState,
    new_run,
)
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.records import Device
from provisioning.storage.runs import (
    HistoryLine,
    end_runs,
    load_history,
    load_run,
    load_runs,
    record_history,
)
from provisioning.storage.tables import activation_runs, activation_steps
from runtime.database import Database, metadata
from tests.support.examples import examples
from tests.support.provisioning import put_device, put_run

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
A, B = StationId("02b016000001"), StationId("02b016000002")
texts = st.text(max_size=30)
instants = st.integers(0, 10**9).map(lambda seconds: AT + timedelta(seconds=seconds))
steps = st.builds(
    StepRecord,
    step=st.sampled_from(StepName),
    changed_at=instants,
    state=st.sampled_from(StepState),
    requests=st.integers(1, 9),
    attempts=st.integers(0, 99),
    evidence=st.lists(st.builds(Evidence, texts, st.none() | texts, st.none() | texts), max_size=3).map(
        tuple
    ),
    remarks=st.lists(texts.map(lambda key: blocker(Code.KEY_LACKING, key=key)), max_size=2).map(tuple),
)
runs = st.builds(
    ActivationRun,
    run_id=st.just("r"),
    station_id=st.just(A),
    started_at=instants,
    requested_by=texts,
    finished_at=st.none() | instants,
    needs_restart=st.booleans(),
    is_requested_here=st.booleans(),
    sent_away=st.none() | st.builds(SentAway, st.sampled_from(Errand), st.integers(0, 10**9)),
    steps=st.lists(steps, max_size=7).map(tuple),
)


@settings(max_examples=examples(30))
@given(run=runs)
def test_a_run_comes_back_as_it_was_stored(run: ActivationRun) -> None:
    """With every exchange and every remark, in both languages."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection, [activation_runs, activation_steps], checkfirst=True)
        put_run(connection, run)
        tried = tuple(replace(each, attempts=each.attempts + 1) for each in run.steps)
        put_run(connection, replace(run, steps=tried, needs_restart=not run.needs_restart))
        put_run(connection, run)
        assert load_run(connection, A) == run
    engine.dispose()


@pytest.fixture
async def stations(database: Database) -> Database:
    """Two."""
    for station_id in (A, B):
        await database.run_write(lambda c, s=station_id: put_device(c, Device(s)))  # type: ignore[misc] # bound now
    return database


async def test_a_new_run_replaces_the_current_one(stations: Database) -> None:
    """The old one is ended and kept."""
    await stations.run_write(lambda c: put_run(c, new_run("r1", A, AT, "owner")))
    await stations.run_write(lambda c: put_run(c, new_run("r2", A, AT, "owner")))
    await stations.run_write(lambda c: put_run(c, new_run("r3", B, AT, "owner")))
    found = await stations.run_read(load_runs)
    assert {station_id: run.run_id for station_id, run in found.items()} == {A: "r2", B: "r3"}
    assert set(await stations.run_read(lambda c: load_runs(c, [B]))) == {B}
    rows = await stations.run_read(
        lambda c: c.exec_driver_sql(
            "select run_id, is_current, finished_at is null from activation_runs order by 1"
        ).all()
    )
    assert [tuple(row) for row in rows] == [("r1", 0, 0), ("r2", 1, 1), ("r3", 1, 1)]


async def test_the_database_keeps_one_current_run(stations: Database) -> None:
    """Whatever the code does."""
    await stations.run_write(lambda c: put_run(c, new_run("r1", A, AT, "owner")))
    await stations.run_write(lambda c: put_run(c, new_run("r2", A, AT, "owner")))
    with pytest.raises(IntegrityError):
        await stations.run_write(lambda c: c.execute(update(activation_runs).values(is_current=True)))


async def test_a_station_that_leaves_has_no_run(stations: Database) -> None:
    """A finished one keeps its end."""
    await stations.run_write(lambda c: put_run(c, new_run("r1", A, AT, "owner")))
    await stations.run_write(lambda c: end_runs(c, {A: AT + timedelta(hours=1)}))
    assert await stations.run_read(lambda c: load_run(c, A)) is None
    ended = "select finished_at from activation_runs"
    assert await stations.run_read(lambda c: c.exec_driver_sql(ended).scalar()) is not None


async def test_the_history_is_read_oldest_first(stations: Database) -> None:
    """The newest lines of it."""
    for number in range(5):
        await stations.run_write(
            lambda c, n=number: record_history(  # type: ignore[misc] # bound now
                c, [HistoryLine(A, AT, "ordered", "E_A,E_B" if n else "", str(n))]
            )
        )
    lines = await stations.run_read(lambda c: load_history(c, A, limit=3))
    assert [line.cause for line in lines] == ["2", "3", "4"]
    assert lines[0].blocked_by == "E_A,E_B"
    assert (await stations.run_read(lambda c: load_history(c, A)))[0].blocked_by == ""
