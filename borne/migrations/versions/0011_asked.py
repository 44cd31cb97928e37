"""Whether somebody asked for an activation at the station itself."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. A constant: no table is written anew. What was open waits where the station is under test."""
    op.add_column(
        "activation_runs", sa.Column("is_asked", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("activation_runs", "is_asked")
