"""The table of reservations."""

from sqlalchemy import BigInteger, Column, Index, String, Table

from runtime.database import UtcDateTime, metadata

reservations = Table(
    "reservations",
    metadata,
    Column("command_id", String, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("station_id", String, nullable=False),
    Column("id_token", String, nullable=False),
    Column("id_token_type", String, nullable=False),
    Column("id_token_key", String, nullable=False),
    Column("group_id_token", String),
    Column("group_id_token_type", String),
    Column("evse_id", BigInteger),
    Column("connector_type", String),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("asked_by", String, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("transaction_no", BigInteger),
    Column("transaction_id", String),
)
"""What stations were asked to keep free, and what became of it. `number` is what the station calls it, from
the counter `reservation`; asked again under the same number, a reservation has two rows. `id_token_key` is
the value without its case.
"""
Index("ix_reservations_station", reservations.c.station_id, reservations.c.number)
Index("ix_reservations_number", reservations.c.number)
Index("ix_reservations_asked", reservations.c.asked_at, reservations.c.number)
Index("ix_reservations_state", reservations.c.state, reservations.c.expires_at)
