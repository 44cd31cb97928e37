"""Test windows: for how long a station is, or was, tried out by whoever installs it, and with which token."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TEXTS = ("test_token", "test_token_type", "test_opened_by")
INSTANTS = ("test_opened_at", "test_until", "test_ended_at")


def upgrade() -> None:
    """Apply. No station was ever tried out so."""
    for name in TEXTS:
        op.add_column("devices", sa.Column(name, sa.String()))
    for name in INSTANTS:
        op.add_column("devices", sa.Column(name, UtcDateTime()))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("devices") as changed:
        for name in (*TEXTS, *INSTANTS):
            changed.drop_column(name)
