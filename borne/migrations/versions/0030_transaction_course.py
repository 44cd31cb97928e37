"""When a transaction charged, where its price needs to know."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Transactions that go on meanwhile are priced from their totals."""
    op.add_column("transactions", sa.Column("course", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("transactions", "course")
