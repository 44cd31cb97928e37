"""What tables are described with: the one MetaData, and types that mean the same on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, MetaData, TextClause
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Where csms and provisioning register their tables (`Table("stations", metadata, …)`)."""

RowNumber = BigInteger().with_variant(Integer(), "sqlite")
"""Numbers of rows and whatever else may pass 2³¹: 64 bits on both. SQLite counts rows only in a column that
is declared INTEGER, which has 64 bits there; PostgreSQL's has 32: 50 days of 500 messages/s."""

NUMBERED_ONCE: dict[str, Any] = {"sqlite_autoincrement": True}
"""For `Table(…, **NUMBERED_ONCE)`: the number of a row that has gone is never given again, on neither."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def only_where(condition: ColumnElement[Any] | TextClause) -> dict[str, Any]:
    """For `Index(…, **only_where(condition))`: the rows that are in it, on both databases. A unique index
    whose condition one of them does not know would be unique over all history.
    """
    return {"sqlite_where": condition, "postgresql_where": condition}


def to_micros(at: datetime) -> int:
    """An aware datetime as whole microseconds since 1970, the form UtcDateTime stores."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC datetime of a stored number."""
    return _EPOCH + timedelta(microseconds=micros)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as integer microseconds since 1970: exact, sortable, the same
    everywhere.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuses naive datetimes."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}: give it a time zone, the database stores instants")
        return to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware, UTC."""
        return None if value is None else from_micros(value)
