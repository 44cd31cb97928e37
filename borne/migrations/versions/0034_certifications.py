"""Who is certified for which products, and when a station was commissioned."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("devices", sa.Column("commissioned_at", UtcDateTime()))
    op.create_table(
        "certifications",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("valid_from", sa.String(), nullable=False),
        sa.Column("valid_to", sa.String()),
        sa.PrimaryKeyConstraint("account", "family", name=op.f("pk_certifications")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("certifications")
    op.drop_column("devices", "commissioned_at")
