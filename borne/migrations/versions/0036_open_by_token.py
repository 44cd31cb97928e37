"""Open transactions by id token: how many one may have at once is decided over them."""

import sqlalchemy as sa
from alembic import op

from runtime.database import only_where

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

INDEX = "ix_transactions_open_token"


def upgrade() -> None:
    """Apply."""
    op.create_index(INDEX, "transactions", ["id_token_key"], **only_where(sa.text("ended_at IS NULL")))


def downgrade() -> None:
    """Take back."""
    op.drop_index(INDEX, "transactions")
