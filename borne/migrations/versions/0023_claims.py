"""Claims that are sent again, and how far off a measured position may be."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MEASURED = ("measured_latitude", "measured_longitude", "accuracy_m")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "claim_keys",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("refused_as", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("account", "key", name=op.f("pk_claim_keys")),
    )
    op.create_index("ix_claim_keys_at", "claim_keys", ["at"])
    for name in MEASURED:
        op.add_column("places", sa.Column(name, sa.Float(), nullable=True))


def downgrade() -> None:
    """Take back."""
    for name in MEASURED:
        op.drop_column("places", name)
    op.drop_table("claim_keys")
