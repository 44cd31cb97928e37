"""Reports whose answer decides nothing are kept."""

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import RowNumber

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What came before was refused."""
    op.create_table(
        "kept_messages",
        sa.Column("kept_id", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("seq_no", sa.BigInteger(), nullable=True),
        sa.Column("is_last", sa.Boolean(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("payload_bytes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kept_id", name=op.f("pk_kept_messages")),
    )
    op.create_index("ix_kept_messages_action", "kept_messages", ["station_id", "action", "kept_id"])
    op.create_index("ix_kept_messages_station", "kept_messages", ["station_id", "kept_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_kept_messages_station", table_name="kept_messages")
    op.drop_index("ix_kept_messages_action", table_name="kept_messages")
    op.drop_table("kept_messages")
