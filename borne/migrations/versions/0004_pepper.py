"""With which pepper the stored secrets are sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "pepper_checks",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_pepper_checks"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("pepper_checks")
