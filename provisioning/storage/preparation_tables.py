"""The tables of how sites are prepared."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from runtime.database import UtcDateTime, metadata

site_preparations = Table(
    "site_preparations",
    metadata,
    Column("site_id", String, ForeignKey("sites.site_id"), primary_key=True),
    Column("path", String, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String),
    Column("is_approved", Boolean, nullable=False),
    Column("decision_note", Text),
)
"""Sites whose stations wait for it; one that has no row is asked for nothing."""

_OF_SITE = "site_preparations.site_id"

prepared_products = Table(
    "prepared_products",
    metadata,
    Column("site_id", String, ForeignKey(_OF_SITE, ondelete="CASCADE"), primary_key=True),
    Column("product", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

site_answers = Table(
    "site_answers",
    metadata,
    Column("site_id", String, ForeignKey(_OF_SITE, ondelete="CASCADE"), primary_key=True),
    Column("product", String, primary_key=True),
    Column("item", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("note", Text),
    Column("done_at", UtcDateTime, nullable=False),
    Column("done_by", String, nullable=False),
)

site_signals = Table(
    "site_signals",
    metadata,
    Column("site_id", String, ForeignKey(_OF_SITE, ondelete="CASCADE"), primary_key=True),
    Column("product", String, primary_key=True),
    Column("dbm", Integer, nullable=False),
    Column("carrier", String),
    Column("band", String),
    Column("done_at", UtcDateTime, nullable=False),
    Column("done_by", String, nullable=False),
)

guide_receipts = Table(
    "guide_receipts",
    metadata,
    Column("site_id", String, ForeignKey(_OF_SITE, ondelete="CASCADE"), primary_key=True),
    Column("product", String, primary_key=True),
    Column("guide", String, primary_key=True),
    Column("done_by", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("done_at", UtcDateTime, nullable=False),
)
"""Who read which version of a guide."""
