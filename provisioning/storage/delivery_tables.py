"""The tables of what comes before an installation: boxes on their way, what is digital, accounts, who is
certified, and plans of sites.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from runtime.database import UtcDateTime, metadata

shipped_boxes = Table(
    "shipped_boxes",
    metadata,
    Column("box_id", String, primary_key=True),
    Column("order_id", String, ForeignKey("orders.order_id"), nullable=False),
    Column("label", String, nullable=False),
    Column("shipment", String, nullable=False),
    Column("shipped_on", String, nullable=False),
    Column("expected_on", String),
    Column("received_at", UtcDateTime),
    Column("received_by", String),
    UniqueConstraint("order_id", "label"),
)
"""Dates as ISO 8601 writes them."""

box_items = Table(
    "box_items",
    metadata,
    Column("box_id", String, ForeignKey("shipped_boxes.box_id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("station_id", String),
    Column("article", String),
)
Index("ix_box_items_station", box_items.c.station_id)

entitlements = Table(
    "entitlements",
    metadata,
    Column("entitlement_id", String, primary_key=True),
    Column("order_id", String, ForeignKey("orders.order_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("starts_on", String, nullable=False),
    Column("expires_on", String),
)
Index("ix_entitlements_order", entitlements.c.order_id)

account_set_ups = Table(
    "account_set_ups",
    metadata,
    Column("organisation_id", String, ForeignKey("organisations.organisation_id"), primary_key=True),
    Column("legal_name", String),
    Column("address", String),
    Column("stations", Integer),
    Column("billing", String, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("account_at", UtcDateTime),
    Column("account_by", String),
    Column("confirmed_at", UtcDateTime),
    Column("confirmed_by", String),
    Column("billed_at", UtcDateTime),
    Column("billed_by", String),
    Column("named_at", UtcDateTime),
    Column("named_by", String),
)
"""Organisations whose stations wait for the four steps; who has no row is asked for none."""

account_contacts = Table(
    "account_contacts",
    metadata,
    Column(
        "organisation_id",
        String,
        ForeignKey("account_set_ups.organisation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("role", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String),
    Column("phone", String),
)

certifications = Table(
    "certifications",
    metadata,
    Column("account", String, primary_key=True),
    Column("family", String, primary_key=True),
    Column("valid_from", String, nullable=False),
    Column("valid_to", String),
)
"""`account` is a login, whatever else it may do; dates as ISO 8601 writes them."""

site_plans = Table(
    "site_plans",
    metadata,
    Column("plan_id", String, primary_key=True),
    Column("site_id", String, ForeignKey("sites.site_id", ondelete="CASCADE"), nullable=False),
    Column("floor", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("site_id", "floor"),
)
