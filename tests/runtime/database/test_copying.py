"""All of a database is in another one of either kind afterwards, or nothing is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, insert, select, text

from runtime.database import metadata
from runtime.database.copying import Progress, TableSum, copy_database, opened_alone
from runtime.database.migration import build
from runtime.errors import CopyFailed, DatabaseLocked, DatabaseNewer, DatabaseOccupied
from tests.support.copying import in_silence
from tests.support.filled import ROWS, WITH_NUL, filled_file
from tests.support.postgres import PostgresServer, driver_url

MIGRATIONS = "borne.migrations"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def copy(source: str, target: str) -> dict[str, int]:
    """Rows of each table."""
    with opened_alone(source) as one, opened_alone(target) as other:
        copied = copy_database(one, other, MIGRATIONS, in_silence)
    return {each.name: each.rows for each in copied}


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that is there, in an order of its own."""
    engine = create_engine(driver_url(url))
    with engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def changed(url: str, statement: str) -> None:
    """The database is changed before it is copied."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database without any table."""
    with postgres.database(template="template0") as url:
        yield url


def test_every_value_of_every_table_is_there(tmp_path: Path, empty: str) -> None:
    """From SQLite to PostgreSQL, and from there into a file again: three times the same."""
    source, back = filled_file(tmp_path / "a.db"), f"sqlite:///{tmp_path / 'b.db'}"
    assert copy(source, empty) == {table.name: ROWS for table in metadata.sorted_tables}
    assert copy(empty, back) == {table.name: ROWS for table in metadata.sorted_tables}
    assert rows_of(empty) == rows_of(source)
    assert rows_of(back) == rows_of(source)


def test_numbers_go_on_where_they_were(tmp_path: Path, empty: str) -> None:
    """After the highest that is there; in the outbox after the highest that ever was, which has gone."""
    source, back = filled_file(tmp_path / "a.db"), f"sqlite:///{tmp_path / 'b.db'}"
    copy(source, empty)
    copy(empty, back)
    for url in (empty, back):
        engine = create_engine(driver_url(url))
        with engine.begin() as connection:
            assert _next(connection, "outbox", {"station_id": "s", "event": "e", "payload": b""}) == 78
            sample = {"station_id": "s", "measurand": "m", "value": 1, "unit": "u", "received_at": _NOW}
            assert _next(connection, "meter_samples", sample) == ROWS + 1
        engine.dispose()


def _next(connection: Connection, table: str, values: dict[str, Any]) -> int:
    made = connection.execute(insert(metadata.tables[table]).values(**values))
    number: int = (made.inserted_primary_key or (0,))[0]
    return number


def test_a_text_with_nul_is_shown_as_one_and_counted(tmp_path: Path, empty: str) -> None:
    """PostgreSQL takes none; a file does."""
    source = filled_file(tmp_path / "a.db", nul=True)
    with opened_alone(source) as one, opened_alone(empty) as other:
        copied = {each.name: each for each in copy_database(one, other, MIGRATIONS, in_silence)}
    assert copied["stations"].changed_texts == 1
    assert sum(each.changed_texts for each in copied.values()) == 1
    (changed_row,) = [row for row in rows_of(empty)["stations"] if row[0] == "key-2"]
    assert WITH_NUL.replace("\x00", "\u2400") in changed_row


def test_nothing_is_written_where_something_is(tmp_path: Path, postgres: PostgresServer) -> None:
    """Neither over an installation nor beside somebody else's table."""
    source = filled_file(tmp_path / "a.db")
    with postgres.database() as url, pytest.raises(DatabaseOccupied, match="is not empty"):
        copy(source, url)
    with postgres.database(template="template0") as url:
        changed(driver_url(url), "CREATE TABLE theirs (x int)")
        with pytest.raises(DatabaseOccupied, match="theirs"):
            copy(source, url)


def test_a_database_in_use_is_not_copied(tmp_path: Path, empty: str) -> None:
    """What is written after its table was read would be lost."""
    source = filled_file(tmp_path / "a.db")
    with opened_alone(source), pytest.raises(DatabaseLocked):
        copy(source, empty)


@pytest.mark.parametrize(
    ("damage", "error", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", DatabaseNewer, "newer version"),
        ("DROP TABLE alembic_version", CopyFailed, "Nothing of borne"),
        ("UPDATE transactions SET generation = 4294967296", CopyFailed, "value of the table transactions"),
    ],
    ids=["newer", "not ours", "too large"],
)
def test_what_cannot_be_copied_leaves_nothing_there(
    damage: str, error: type[Exception], words: str, tmp_path: Path, empty: str
) -> None:
    """It is said in a line; the next attempt finds an empty database again."""
    source = filled_file(tmp_path / "a.db")
    changed(source, damage)
    with pytest.raises(error, match=words):
        copy(source, empty)
    with opened_alone(empty) as there:
        assert there.connection.dialect.get_table_names(there.connection) == []


def test_a_row_that_did_not_arrive_is_noticed(tmp_path: Path, empty: str) -> None:
    """A trigger of somebody's on the target would do it: what is there is read back."""
    source = filled_file(tmp_path / "a.db")

    def meddle(progress: Progress) -> None:
        if progress.table == "tokens" and not progress.is_whole:
            other.connection.exec_driver_sql("UPDATE tokens SET note = 'x' WHERE token_key = 'key-1'")

    with (
        pytest.raises(CopyFailed, match="tokens is not the same"),
        opened_alone(source) as one,
        opened_alone(empty) as other,
    ):
        copy_database(one, other, MIGRATIONS, meddle)


def test_an_older_installation_stays_as_old_as_it_is(tmp_path: Path, empty: str) -> None:
    """The start brings it up to date, as it would have where it was."""
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        build(connection, MIGRATIONS, "0003")
        connection.execute(text("INSERT INTO tokens VALUES ('k', 'v', 't', 'Accepted', NULL, NULL, NULL)"))
    engine.dispose()
    assert copy(f"sqlite:///{tmp_path / 'old.db'}", empty)["tokens"] == 1
    with opened_alone(empty) as there:
        found = there.connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert found == "0003"


def test_a_sum_knows_values_and_not_their_order() -> None:
    """Two rows that change places are the same; two values that do are not."""
    one, other, third = TableSum(), TableSum(), TableSum()
    one.add([(1, "a"), (2, "b")])
    other.add([(2, "b"), (1, "a")])
    third.add([(1, "b"), (2, "a")])
    assert one == other
    assert one != third
    assert TableSum() != one
