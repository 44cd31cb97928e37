"""Sessions of browsers and terminals are rows: a restart logs nobody out, and they end with their account."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Sessions of before were in memory: who had one logs in once more."""
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_account", "sessions", ["kind", "name"])
    op.create_index("ix_sessions_seen", "sessions", ["seen_at"])


def downgrade() -> None:
    """Take back."""
    for name in ("seen", "account"):
        op.drop_index(f"ix_sessions_{name}", table_name="sessions")
    op.drop_table("sessions")
