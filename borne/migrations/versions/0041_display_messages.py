"""Messages on displays."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "display_messages"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("language", sa.String()),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("shown_while", sa.String()),
        sa.Column("starts_at", UtcDateTime()),
        sa.Column("ends_at", UtcDateTime()),
        sa.Column("transaction_id", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("asked_by", sa.String()),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("awaited_by", sa.BigInteger()),
        sa.PrimaryKeyConstraint("station_id", "message_id", name=op.f("pk_display_messages")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
