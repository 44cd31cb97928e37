"""Whom to ring about an order, its boxes on their way, and what is delivered digitally."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("orders", sa.Column("manager_contact", sa.String()))
    op.add_column("orders", sa.Column("receiving_contact", sa.String()))
    op.create_table(
        "shipped_boxes",
        sa.Column("box_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("shipment", sa.String(), nullable=False),
        sa.Column("shipped_on", sa.String(), nullable=False),
        sa.Column("expected_on", sa.String()),
        sa.Column("received_at", UtcDateTime()),
        sa.Column("received_by", sa.String()),
        sa.PrimaryKeyConstraint("box_id", name=op.f("pk_shipped_boxes")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.order_id"], name=op.f("fk_shipped_boxes_order_id_orders")
        ),
        sa.UniqueConstraint("order_id", "label", name=op.f("uq_shipped_boxes_order_id_label")),
    )
    op.create_table(
        "box_items",
        sa.Column("box_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.String()),
        sa.Column("article", sa.String()),
        sa.PrimaryKeyConstraint("box_id", "position", name=op.f("pk_box_items")),
        sa.ForeignKeyConstraint(
            ["box_id"],
            ["shipped_boxes.box_id"],
            name=op.f("fk_box_items_box_id_shipped_boxes"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_box_items_station", "box_items", ["station_id"])
    op.create_table(
        "entitlements",
        sa.Column("entitlement_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.String(), nullable=False),
        sa.Column("expires_on", sa.String()),
        sa.PrimaryKeyConstraint("entitlement_id", name=op.f("pk_entitlements")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.order_id"], name=op.f("fk_entitlements_order_id_orders")
        ),
    )
    op.create_index("ix_entitlements_order", "entitlements", ["order_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("entitlements")
    op.drop_table("box_items")
    op.drop_table("shipped_boxes")
    op.drop_column("orders", "receiving_contact")
    op.drop_column("orders", "manager_contact")
