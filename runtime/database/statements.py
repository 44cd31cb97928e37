"""Statements compiled once, when a module is imported: on the hot path nothing is built, only bound.

They are written once, in the SQL of SQLite with `?` for each value, and run on both databases.

On SQLite rows travel many to a statement: the driver gives up Python's lock at each step, and a step per row
would wait for the event loop each time (measured beside a busy loop: 143 µs a row with `executemany`, 27 with
64 rows to a statement; alone 3.0 and 2.1). On PostgreSQL they travel as one JSON value, whatever their
number: one text to prepare, and the server's core takes it apart. Lists of keys travel as one JSON value on
both, so that a lookup of one key and of a thousand is the same statement.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, CursorResult, Table, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.sqlite import Insert, insert

Values = Sequence[Any]

CHUNKS = (64, 32, 16, 8, 4, 2)
"""Rows to a statement: any number is a few statements, and there are few texts to prepare."""
TEXT, INTEGER = "text", "bigint"
"""Of what type a key is."""

_DIALECT = sqlite.dialect(paramstyle="qmark")
_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own
_encode = msgspec.json.Encoder().encode
_MARK = re.compile(r"\?(\d*)")


def is_postgres(connection: Connection) -> bool:
    """Whether PostgreSQL is behind the port."""
    return connection.dialect.name == "postgresql"


class Statement:
    """SQL with `?`, or with `?1`, `?2` where a value stands in several places.

    Two words are SQLite's own and are translated: `LIMIT -1` (no limit, for an OFFSET) and, in `Keyed`, the
    CROSS JOIN with a condition, which fixes the order of a join.
    """

    def __init__(self, text: str, *, locks: bool = False) -> None:
        """`locks`: the rows that are read are this transaction's until it ends, whoever else writes; on
        SQLite every transaction that writes has all of the file.
        """
        self.text = text
        self._locks = locks

    def run(self, connection: Connection, values: Values = ()) -> CursorResult[*tuple[Any, ...]]:
        """Execute with these values."""
        if is_postgres(connection):
            return connection.exec_driver_sql(self._postgres_text, self._postgres_values(values))
        return connection.exec_driver_sql(self.text, tuple(values))

    def run_each(self, connection: Connection, rows: Iterable[Values]) -> None:
        """Execute once for each of these; not at all where there is none."""
        many = [tuple(row) for row in rows]
        if not many:
            return
        if is_postgres(connection):
            each = [self._postgres_values(row) for row in many]
            connection.exec_driver_sql(self._postgres_text, each)
        else:
            connection.exec_driver_sql(self.text, many)

    @cached_property
    def _is_numbered(self) -> bool:
        return any(number for number in _MARK.findall(self.text))

    @cached_property
    def _postgres_text(self) -> str:
        text = self.text.replace("%", "%%").replace("LIMIT -1", "LIMIT ALL")
        text += " FOR UPDATE" if self._locks else ""
        return _MARK.sub(lambda found: f"%(v{found[1]})s" if found[1] else "%s", text)

    def _postgres_values(self, values: Values) -> dict[str, Any] | tuple[Any, ...]:
        if self._is_numbered:
            return {f"v{number}": value for number, value in enumerate(values, start=1)}
        return tuple(values)


class Keyed:
    """A statement on a list of keys, which stands in its text as the table `wanted`, once, with its columns.

    `on_postgres` is the text for PostgreSQL where one text does not do for both.
    """

    def __init__(self, text: str, *, on_postgres: str | None = None, **kinds: str) -> None:
        names = list(kinds)

        def place(found: re.Match[str]) -> str:
            number = names.index(found[1])
            return "wanted.value" if len(names) == 1 else f"json_extract(wanted.value, '$[{number}]')"

        if len(re.findall(r"\bFROM wanted\b", text)) != 1:
            raise ValueError(f"no list of keys in {text}")
        self.text = re.sub(r"\bwanted\.(\w+)", place, text)
        self.text = re.sub(r"\bFROM wanted\b", "FROM json_each(?) AS wanted", self.text)
        kind = "jsonb_array_elements" if len(names) > 1 else "jsonb_array_elements_text"
        places = (
            [f"key.value->>{number}" for number in range(len(names))] if len(names) > 1 else ["key.value"]
        )
        columns = ", ".join(
            f"{_key_from_json(each, kinds[name])} AS {name}" for each, name in zip(places, names, strict=True)
        )
        keys = f"FROM (SELECT {columns} FROM {kind}(%s::jsonb) AS key(value)) AS wanted"  # noqa: S608 - our names
        self._postgres_text = re.sub(
            r"\bFROM wanted\b", keys, on_postgres or text.replace("CROSS JOIN", "JOIN")
        )

    def rows(self, connection: Connection, keys: Iterable[Any]) -> Sequence[Any]:
        """What is found for these keys."""
        return self.run(connection, keys).fetchall()

    def run(self, connection: Connection, keys: Iterable[Any]) -> CursorResult[*tuple[Any, ...]]:
        """Execute for these keys: values where there is one column, else one sequence of values for each."""
        text = self._postgres_text if is_postgres(connection) else self.text
        return connection.exec_driver_sql(text, (json_keys(keys),))


class Writing:
    """A statement with a list of rows, and how a row becomes its values."""

    def __init__(
        self, text: str, width: int, values: Callable[[Any], Values], postgres: "_OnPostgres | None" = None
    ) -> None:
        marks = f"({', '.join('?' * width)})"
        if text.count(f"VALUES {marks}") != 1:
            raise ValueError(f"no list of values to repeat in {text}")
        self.text = text
        self._chunk_texts = [
            (size, text.replace(f"VALUES {marks}", f"VALUES {', '.join([marks] * size)}")) for size in CHUNKS
        ]
        self._values = values
        self._postgres = postgres

    def write(self, connection: Connection, rows: Iterable[Any]) -> None:
        """All rows, in their order."""
        many = [self._values(row) for row in rows]
        if self._postgres is not None and is_postgres(connection):
            self._postgres.write(connection, many)
            return
        start = 0
        for size, text in self._chunk_texts:
            while len(many) - start >= size:
                flat = tuple(chain.from_iterable(many[start : start + size]))
                connection.exec_driver_sql(text, flat)
                start += size
        if start < len(many):
            connection.exec_driver_sql(self.text, many[start:])


class _OnPostgres:
    """The same on PostgreSQL, from one JSON value. Where a row may change another one, each statement has a
    key once: the server refuses to change a row twice in one.
    """

    def __init__(
        self, columns: Sequence[Column[Any]], text: Callable[[str], str], key: Sequence[int]
    ) -> None:
        self._columns = columns
        self._text_of = text
        self._key = itemgetter(*key) if key else None

    def write(self, connection: Connection, many: Sequence[Values]) -> None:
        """All rows, in their order."""
        for some in self._rounds(many):
            connection.exec_driver_sql(self._text, (_json_without_nul(some),))

    @cached_property
    def _text(self) -> str:
        columns = ", ".join(
            f"{_from_json(column, f'row.value->>{place}')} AS {_quoted(column.name)}"
            for place, column in enumerate(self._columns)
        )
        return self._text_of(f"SELECT {columns} FROM jsonb_array_elements(%s::jsonb) AS row(value)")  # noqa: S608

    def _rounds(self, many: Sequence[Values]) -> Iterator[Sequence[Values]]:
        if not many:
            return
        if self._key is None or len({self._key(row) for row in many}) == len(many):
            yield many
            return
        seen: set[Any] = set()
        some: list[Values] = []
        for row in many:
            if self._key(row) in seen:
                yield some
                seen, some = set(), []
            seen.add(self._key(row))
            some.append(row)
        yield some


def insert_new(table: Table, columns: Sequence[str], values: Callable[[Any], Values]) -> Writing:
    """Rows that are there already stay as they are."""
    head = _postgres_head(table, columns)
    postgres = _OnPostgres(
        [table.c[name] for name in columns], lambda rows: f"{head} {rows} ON CONFLICT DO NOTHING", ()
    )
    return _inserting(insert(table).on_conflict_do_nothing(), columns, values, postgres)


def insert_or_update(
    table: Table,
    columns: Sequence[str],
    values: Callable[[Any], Values],
    *,
    updated: Sequence[str] | None = None,
    kept: Sequence[str] = (),
    first: Sequence[str] = (),
) -> Writing:
    """Rows that are there already get the values of `updated`, by default of all but the primary key; those
    of `kept` only where there is one; those of `first` only where they have none.
    """
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    names = updated if updated is not None else [name for name in columns if name not in keys]
    changes: dict[str, Any] = {name: statement.excluded[name] for name in names}
    changes |= {name: func.coalesce(statement.excluded[name], table.c[name]) for name in kept}
    changes |= {name: func.coalesce(table.c[name], statement.excluded[name]) for name in first}
    sets = {name: f"excluded.{_quoted(name)}" for name in names}
    sets |= {name: f"coalesce(excluded.{_quoted(name)}, old.{_quoted(name)})" for name in kept}
    sets |= {name: f"coalesce(old.{_quoted(name)}, excluded.{_quoted(name)})" for name in first}
    head = _postgres_head(table, columns)
    tail = f"ON CONFLICT ({_names(keys)}) DO UPDATE SET {_assigned(sets)}"
    postgres = _OnPostgres(
        [table.c[name] for name in columns],
        lambda rows: f"{head} {rows} {tail}",
        [columns.index(name) for name in keys],
    )
    updating = statement.on_conflict_do_update(index_elements=keys, set_=changes)
    return _inserting(updating, columns, values, postgres)


def update_some(table: Table, columns: Sequence[str], values: Callable[[Any], Values]) -> Writing:
    """Rows that are there get the values of `columns`, of which the first is the key and stays.

    A row then costs what changes in it: an INSERT binds all of its values to find that it is there (of the 48
    of a transaction, 14 change with a reading: 11.0 µs a row, and 4.0).
    """
    changes = ", ".join(f"{name} = new.column{place}" for place, name in enumerate(columns[1:], start=2))
    row = f"VALUES ({', '.join('?' * len(columns))})"
    where = f"{table.name}.{columns[0]} = new.column1"
    text = f"UPDATE {table.name} SET {changes} FROM ({row}) AS new WHERE {where}"  # noqa: S608 - our names
    key = _quoted(columns[0])
    sets = _assigned({name: f"new.{_quoted(name)}" for name in columns[1:]})
    head = f"UPDATE {table.name} AS old SET {sets}"  # noqa: S608
    postgres = _OnPostgres(
        [table.c[name] for name in columns],
        lambda rows: f"{head} FROM ({rows}) AS new WHERE old.{key} = new.{key}",
        [0],
    )
    return Writing(text, len(columns), values, postgres)


def newest_of_each(
    table: Table, columns: Sequence[str], *, by: str, kind: str, where: str, order: str, most: int
) -> Keyed:
    """Of each key in the column `by`, the first `most` rows of `table` that fit: an index's end for each.

    `where` and `order` speak of the row as `e`.
    """
    (number,) = (column.name for column in table.primary_key)
    some = f"FROM {table.name} AS e WHERE e.{by} = wanted.{by} AND {where} ORDER BY {order} LIMIT {most}"
    selected = ", ".join(f"t.{name}" for name in columns)
    return Keyed(
        f"SELECT {selected} FROM wanted CROSS JOIN {table.name} AS t"  # noqa: S608 - our names
        f" ON t.{number} IN (SELECT e.{number} {some})",
        on_postgres=f"SELECT {selected} FROM wanted, LATERAL (SELECT e.* {some}) AS t",  # noqa: S608
        **{by: kind},
    )


def json_keys(keys: Iterable[Any]) -> str:
    """Keys as one value: for `Keyed` and `texts_of`."""
    return _json_without_nul(list(keys))


def without_nul(value: Any) -> Any:
    """The same with U+2400 for each NUL, in a text or in whatever is made of lists."""
    if isinstance(value, str):
        return value.replace("\x00", "\u2400")
    return [without_nul(each) for each in value] if isinstance(value, list | tuple) else value


def _json_without_nul(values: Sequence[Any]) -> str:
    """As one JSON value; the server takes no NUL in it, not even as an escape."""
    text = _encode(values).decode()
    return text if "\\u0000" not in text else _encode(without_nul(values)).decode()


def _inserting(
    statement: Insert, columns: Sequence[str], values: Callable[[Any], Values], postgres: _OnPostgres
) -> Writing:
    compiled = statement.compile(dialect=_DIALECT, column_keys=list(columns))
    if list(compiled.positiontup or ()) != list(columns):
        raise ValueError(f"values are bound as {compiled.positiontup}, not as {columns}")
    return Writing(str(compiled), len(columns), values, postgres)


def _postgres_head(table: Table, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table.name} AS old ({_names(columns)})"


def _from_json(column: Column[Any], text: str) -> str:
    """What stands in JSON as the encoder writes it, as this column's type."""
    kind = column.type.compile(dialect=_POSTGRES)
    return f"decode({text}, 'base64')" if kind == "BYTEA" else f"({text})::{kind}"


def _key_from_json(text: str, kind: str) -> str:
    """A number that no column can hold is none: it is not found, as on SQLite."""
    if kind == TEXT:
        return f"({text})"
    fits = f"({text})::numeric BETWEEN {-(2**63)} AND {2**63 - 1}"
    return f"CASE WHEN {fits} THEN ({text})::bigint END"


def _assigned(values: Mapping[str, str]) -> str:
    return ", ".join(f"{_quoted(name)} = {value}" for name, value in values.items())


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return f'"{name}"'
