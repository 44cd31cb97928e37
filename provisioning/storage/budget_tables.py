"""The table of what sites may draw in all."""

from sqlalchemy import Column, Float, ForeignKey, String, Table, Text

from runtime.database import UtcDateTime, metadata

site_budgets = Table(
    "site_budgets",
    metadata,
    Column("site_id", String, ForeignKey("sites.site_id", ondelete="CASCADE"), primary_key=True),
    Column("most", Float, nullable=False),
    Column("unit", String, nullable=False),
    Column("strategy", String, nullable=False),
    Column("priorities", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("shared_at", UtcDateTime),
    Column("sharing", Text),
)
"""`most` in amperes on each phase, or in watts. `sharing` is what each station was last to have, as JSON."""
