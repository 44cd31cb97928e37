"""Single rows, written seldom: by their key, whether they are there or not."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, String, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from runtime.database.statements import is_postgres, json_keys


def save_row(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert the row, or give these values to the one that has its primary key."""
    keys = [column.name for column in table.primary_key]
    changed = {name: value for name, value in values.items() if name not in keys}
    statement = _insert(connection, table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def add_row(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert the row; False where a key of it is there."""
    statement = _insert(connection, table).values(**values).on_conflict_do_nothing()
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if is_postgres(connection) else sqlite.insert(table)


class _JsonTexts(FunctionElement[str]):
    name = "json_texts"
    type = String()
    inherit_cache = True


@compiles(_JsonTexts, "sqlite")
def _on_sqlite(element: _JsonTexts, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_JsonTexts, "postgresql")
def _on_postgres(element: _JsonTexts, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS jsonb))"


def texts_of(keys: Iterable[str] | BindParameter[str]) -> Select[tuple[str]]:
    """These texts, or those in a JSON list (`statements.json_keys`), for `column.in_(…)`: one statement for
    any number.
    """
    listed = keys if isinstance(keys, BindParameter) else bindparam("texts", json_keys(keys))
    return select(_JsonTexts(listed).table_valued("value").c.value)
