"""Since when a station waits for whose turn it is: what waits the longest is seen first."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Of those that wait already, nobody knows since when: they have waited the longest."""
    op.add_column("stations", sa.Column("waits_since", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("stations", "waits_since")
