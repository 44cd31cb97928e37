"""Letters to people, and where an invitation is sent."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "letters",
        sa.Column("letter_id", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_made", "letters", ["made_at", "letter_id"])
    op.add_column("invitations", sa.Column("email", sa.String()))


def downgrade() -> None:
    """Take back."""
    op.drop_column("invitations", "email")
    op.drop_index("ix_letters_made", table_name="letters")
    op.drop_table("letters")
