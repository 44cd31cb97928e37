"""The set-up of an organisation's account, and its contacts."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SET_UPS, CONTACTS = "account_set_ups", "account_contacts"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        SET_UPS,
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("legal_name", sa.String()),
        sa.Column("address", sa.String()),
        sa.Column("stations", sa.Integer()),
        sa.Column("billing", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("account_at", UtcDateTime()),
        sa.Column("account_by", sa.String()),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.Column("confirmed_by", sa.String()),
        sa.Column("billed_at", UtcDateTime()),
        sa.Column("billed_by", sa.String()),
        sa.Column("named_at", UtcDateTime()),
        sa.Column("named_by", sa.String()),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_account_set_ups")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.organisation_id"],
            name=op.f("fk_account_set_ups_organisation_id_organisations"),
        ),
    )
    op.create_table(
        CONTACTS,
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String()),
        sa.Column("phone", sa.String()),
        sa.PrimaryKeyConstraint("organisation_id", "role", name=op.f("pk_account_contacts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["account_set_ups.organisation_id"],
            name=op.f("fk_account_contacts_organisation_id_account_set_ups"),
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table(CONTACTS)
    op.drop_table(SET_UPS)
