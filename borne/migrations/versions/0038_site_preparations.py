"""How sites are prepared."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

PREPARATIONS = "site_preparations"
PRODUCTS, ANSWERS, SIGNALS, RECEIPTS = "prepared_products", "site_answers", "site_signals", "guide_receipts"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        PREPARATIONS,
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("decided_by", sa.String()),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("decision_note", sa.Text()),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_preparations")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_site_preparations_site_id_sites")
        ),
    )
    _of_preparation(
        PRODUCTS,
        ["site_id", "product"],
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    _of_preparation(
        ANSWERS,
        ["site_id", "product", "item"],
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
    )
    _of_preparation(
        SIGNALS,
        ["site_id", "product"],
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("dbm", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String()),
        sa.Column("band", sa.String()),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
    )
    _of_preparation(
        RECEIPTS,
        ["site_id", "product", "guide", "done_by"],
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    for table in (RECEIPTS, SIGNALS, ANSWERS, PRODUCTS, PREPARATIONS):
        op.drop_table(table)


def _of_preparation(table: str, key: list[str], *columns: "sa.Column[object]") -> None:
    op.create_table(
        table,
        sa.Column("site_id", sa.String(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["site_id"],
            [f"{PREPARATIONS}.site_id"],
            name=op.f(f"fk_{table}_site_id_{PREPARATIONS}"),
            ondelete="CASCADE",
        ),
    )
