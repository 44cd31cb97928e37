"""Plans of sites, and where on them a place is."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

PLANS = "site_plans"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        PLANS,
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("floor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_site_plans")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_site_plans_site_id_sites"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("site_id", "floor", name=op.f("uq_site_plans_site_id_floor")),
    )
    with op.batch_alter_table("places") as places:
        places.add_column(sa.Column("plan_x", sa.Float()))
        places.add_column(sa.Column("plan_y", sa.Float()))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("places") as places:
        places.drop_column("plan_y")
        places.drop_column("plan_x")
    op.drop_table(PLANS)
