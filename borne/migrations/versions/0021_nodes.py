"""Several processes on one database: who holds a link, who sent a command, and who is there."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OF_NODES = ("links", "commands")


def upgrade() -> None:
    """Apply. What is open by now belongs to no node: the next start ends it."""
    op.create_table(
        "nodes",
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_nodes")),
    )
    for table in OF_NODES:
        op.add_column(table, sa.Column("node", sa.String(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Take back."""
    for table in OF_NODES:
        with op.batch_alter_table(table) as changed:
            changed.drop_column("node")
    op.drop_table("nodes")
