"""Jobs: what an installer is to do on a site on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_jobs_site_id_sites")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_day", "jobs", ["day", "job_id"])
    op.create_index("ix_jobs_account", "jobs", ["account", "day", "job_id"])
    op.create_index("ix_jobs_site", "jobs", ["site_id", "day", "job_id"])
    op.create_table(
        "job_places",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.job_id"], name=op.f("fk_job_places_job_id_jobs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.place_id"], name=op.f("fk_job_places_place_id_places")
        ),
        sa.PrimaryKeyConstraint("job_id", "place_id", name=op.f("pk_job_places")),
    )
    op.create_index("ix_job_places_place", "job_places", ["place_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("job_places")
    op.drop_table("jobs")
