"""Who did what to a station can be read as one list."""

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import RowNumber, only_where

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BY_SOMEBODY = sa.text("origin != 'provisioning'")
IS_DECIDED = sa.text("decided_at IS NOT NULL")


def upgrade() -> None:
    """Apply. Of changes made before, the lifecycle's history has what there is: no act is made up from it."""
    op.create_table(
        "acts",
        sa.Column("act_id", RowNumber, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_acts")),
    )
    op.create_index("ix_acts_subject", "acts", ["subject", "at", "act_id"])
    op.add_column("reviews", sa.Column("station_id", sa.String(), server_default="", nullable=False))
    op.execute(
        "UPDATE reviews SET station_id = coalesce((SELECT t.station_id FROM transactions AS t"
        " WHERE t.transaction_no = reviews.transaction_no), '')"
    )
    op.create_index("ix_reviews_station", "reviews", ["station_id", "decided_at", "review_id"])
    op.create_index(
        "ix_commands_asked",
        "commands",
        ["station_id", "sent_at", "command_id"],
        **only_where(BY_SOMEBODY),
    )
    op.create_index(
        "ix_quarantine_decided",
        "quarantine",
        ["station_id", "decided_at", "quarantine_id"],
        **only_where(IS_DECIDED),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_quarantine_decided", table_name="quarantine")
    op.drop_index("ix_commands_asked", table_name="commands")
    op.drop_index("ix_reviews_station", table_name="reviews")
    with op.batch_alter_table("reviews") as batch:
        batch.drop_column("station_id")
    op.drop_index("ix_acts_subject", table_name="acts")
    op.drop_table("acts")
