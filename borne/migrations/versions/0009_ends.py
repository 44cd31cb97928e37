"""Tokens by value and type; what was replaced or an orphan has ended; since when a connector is as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TAB = "\t"


def upgrade() -> None:
    """Apply. Of the transactions only those without an end are looked at, through their index."""
    for table in ("tokens", "site_tokens"):
        op.execute(
            sa.text(f"UPDATE {table} SET token_key = token_key || :tab || lower(type)").bindparams(tab=TAB)  # noqa: S608 - names of tables
        )
    op.execute(
        "UPDATE transactions SET ended_at = last_event_at"
        " WHERE ended_at IS NULL AND superseded_at IS NOT NULL"
    )
    op.execute(
        "UPDATE transactions SET ended_at = last_event_at, superseded_at = last_received_at"
        " WHERE ended_at IS NULL AND transaction_id LIKE 'orphan-%'"
    )
    op.add_column("connectors", sa.Column("status_since", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take back; of the tokens of one value the first stays."""
    op.drop_column("connectors", "status_since")
    op.execute("UPDATE transactions SET ended_at = NULL WHERE superseded_at IS NOT NULL")
    for table, also in (("tokens", ""), ("site_tokens", "AND other.site_id = site_tokens.site_id")):
        op.execute(
            f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM {table} AS other WHERE"  # noqa: S608
            f" lower(other.value) = lower({table}.value) AND other.token_key < {table}.token_key {also})"
        )
        op.execute(
            f"UPDATE {table} SET token_key = substr(token_key, 1, length(token_key) - length(type) - 1)"  # noqa: S608
        )
