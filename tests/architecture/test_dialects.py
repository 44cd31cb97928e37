"""Which database is behind the port is nobody's business outside of `runtime/database/`."""

import ast
import re
from collections.abc import Iterator

from tests.support.sources import Source, imported_modules, product_sources

PORT = "runtime/database/"
DRIVERS = re.compile(r"^(sqlalchemy\.dialects|sqlite3|aiosqlite|psycopg)\b")
FILES_OF_SQLITE = {
    "borne/backup/content.py": "reads a copy of such a file",
    "borne/doctor/machine.py": "looks at such a file without opening it as ours",
    "csms/central/wire_log.py": "the wire log is a disposable file of its own, whatever the database",
    "csms/central/wire_log_file.py": "the wire log is a disposable file of its own, whatever the database",
}
"""Who may import SQLite's own module, and why: what they touch is a file, not the database."""
OF_ONE_DIALECT = re.compile(
    r"\b(PRAGMA|json_each|json_extract|jsonb?_array_elements\w*|rowid|INSERT OR|sqlite_\w+|pg_\w+|LATERAL)\b"
    r"|::\w"
)
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|FROM|PRAGMA)\b")
KEYWORDS = re.compile(r"^(sqlite|postgresql)_")


def outside_of_the_port() -> Iterator[Source]:
    """What must not know."""
    for source in product_sources():
        if not str(source).startswith(PORT) and str(source) not in FILES_OF_SQLITE:
            yield source


def test_only_the_port_imports_a_dialect_or_a_driver() -> None:
    """Tables and statements are described with what `runtime.database` offers."""
    found = [
        f"{source}:{line} {name}"
        for source in outside_of_the_port()
        for line, name in imported_modules(source)
        if DRIVERS.match(name)
    ]
    assert found == []


def test_those_who_may_touch_a_file_of_sqlite_do() -> None:
    """The list above names nobody who has no need."""
    named = {
        str(source)
        for source in product_sources()
        if any(name == "sqlite3" for _, name in imported_modules(source)) and not str(source).startswith(PORT)
    }
    assert named == set(FILES_OF_SQLITE)


def test_no_statement_is_of_one_dialect() -> None:
    """Neither in its text nor by what it is given; text is executed by `Statement` and `Keyed`."""
    found = []
    for source in outside_of_the_port():
        for node in source.nodes:
            if isinstance(node, ast.keyword) and node.arg and KEYWORDS.match(node.arg):
                found.append(f"{source}:{node.value.lineno} {node.arg}")
            elif isinstance(node, ast.Attribute) and node.attr == "exec_driver_sql":
                found.append(f"{source}:{node.lineno} exec_driver_sql")
            elif is_statement(node) and OF_ONE_DIALECT.search(node.value):  # type: ignore[attr-defined]
                found.append(f"{source}:{node.lineno} {node.value.strip()[:60]}")  # type: ignore[attr-defined]
    assert found == []


def is_statement(node: ast.AST) -> bool:
    """A text that is SQL, or a part of it."""
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value) is not None
    )
