"""What a station does when it is sent away, forgotten secrets, and stations under test."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Columns with a constant or no default: no table is written anew, however big."""
    op.add_column(
        "activation_runs",
        sa.Column("errand_boots", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("devices", sa.Column("secret_forgotten_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "stations", sa.Column("is_quiet", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("stations", "is_quiet")
    op.drop_column("devices", "secret_forgotten_at")
    op.drop_column("activation_runs", "errand_boots")
