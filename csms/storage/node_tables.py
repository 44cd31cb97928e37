"""The table of the processes that share the database."""

from sqlalchemy import BigInteger, Column, String, Table

from runtime.database import UtcDateTime, metadata

nodes = Table(
    "nodes",
    metadata,
    Column("node", String, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
)
"""The processes that share the database; none where there can be one alone. What belongs to no row here, and
is open, was left so by a process that is gone.
"""
