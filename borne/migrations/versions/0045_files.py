"""Files that stations fetch and send, the URLs for them, and what was asked with them."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

FILES, GRANTS, TRANSFERS, STEPS = "files", "file_grants", "transfers", "transfer_steps"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        FILES,
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("stored_by", sa.String(), nullable=False),
        sa.Column("station_id", sa.String()),
        sa.Column("number", sa.BigInteger()),
        sa.Column("vendor", sa.String()),
        sa.Column("model", sa.String()),
        sa.Column("version", sa.String()),
        sa.Column("signature", sa.Text()),
        sa.Column("signing_certificate", sa.Text()),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_role", FILES, ["role", "stored_at", "file_id"])
    op.create_index("ix_files_station", FILES, ["station_id", "stored_at"])
    op.create_table(
        GRANTS,
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.String()),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_file_grants")),
    )
    op.create_index("ix_file_grants_number", GRANTS, ["number"])
    op.create_index("ix_file_grants_expires", GRANTS, ["expires_at"])
    _create_transfers()


def _create_transfers() -> None:
    op.create_table(
        TRANSFERS,
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("status", sa.String()),
        sa.Column("reason", sa.String()),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String()),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("version_wanted", sa.String()),
        sa.Column("version_before", sa.String()),
        sa.Column("version_after", sa.String()),
        sa.Column("log_type", sa.String()),
        sa.Column("oldest_at", UtcDateTime()),
        sa.Column("latest_at", UtcDateTime()),
        sa.Column("retrieve_at", UtcDateTime()),
        sa.Column("install_at", UtcDateTime()),
        sa.Column("retries", sa.Integer()),
        sa.Column("retry_interval_s", sa.Integer()),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_transfers")),
    )
    op.create_index("ix_transfers_station", TRANSFERS, ["station_id", "number"])
    op.create_table(
        STEPS,
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", "place", name=op.f("pk_transfer_steps")),
    )


def downgrade() -> None:
    """Take back."""
    for table in (STEPS, TRANSFERS, GRANTS, FILES):
        op.drop_table(table)
