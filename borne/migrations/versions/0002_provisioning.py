"""Orders, sites, places, devices, claims, activations and the lifecycle's history."""

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import RowNumber, only_where

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _make_order_tables()
    _make_site_tables()
    _make_device_tables()
    _make_assignment_tables()
    _make_claim_tables()
    _make_activation_tables()


def _make_order_tables() -> None:
    op.create_table(
        "orders",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name="pk_orders"),
        sa.UniqueConstraint("reference", name="uq_orders_reference"),
    )
    op.create_table(
        "tariffs",
        sa.Column("tariff_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tariff_id", name="pk_tariffs"),
        sa.UniqueConstraint("name", name="uq_tariffs_name"),
    )
    op.create_table(
        "installers",
        sa.Column("installer_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("company", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("installer_id", name="pk_installers"),
        sa.UniqueConstraint("account", name="uq_installers_account"),
    )


def _make_site_tables() -> None:
    op.create_table(
        "sites",
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("tariff_id", sa.String(), nullable=True),
        sa.Column("is_list_exclusive", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("activates_on_claim", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["tariff_id"], ["tariffs.tariff_id"], name="fk_sites_tariff_id_tariffs"),
        sa.PrimaryKeyConstraint("site_id", name="pk_sites"),
        sa.UniqueConstraint("name", name="uq_sites_name"),
    )
    op.create_table(
        "places",
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("floor", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name="fk_places_site_id_sites"),
        sa.PrimaryKeyConstraint("place_id", name="pk_places"),
        sa.UniqueConstraint("site_id", "name", name="uq_places_site_id_name"),
    )
    op.create_table(
        "site_hours",
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("weekly", sa.Text(), nullable=True),
        sa.Column("exceptions", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name="fk_site_hours_site_id_sites", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", name="pk_site_hours"),
    )
    op.create_table(
        "site_tokens",
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("token_key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name="fk_site_tokens_site_id_sites", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "token_key", name="pk_site_tokens"),
    )


def _make_device_tables() -> None:
    op.create_table(
        "devices",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=True),
        sa.Column("vendor", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("firmware", sa.String(), nullable=True),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("claim_hash", sa.LargeBinary(), nullable=True),
        sa.Column("credential_state", sa.String(), server_default="none", nullable=False),
        sa.Column("credential_form", sa.String(), server_default="text", nullable=False),
        sa.Column("credential_current", sa.LargeBinary(), nullable=True),
        sa.Column("credential_offered", sa.LargeBinary(), nullable=True),
        sa.Column("adopted_at", sa.BigInteger(), nullable=True),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=True),
        sa.Column("requested_at", sa.BigInteger(), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("activated_at", sa.BigInteger(), nullable=True),
        sa.Column("suspended_at", sa.BigInteger(), nullable=True),
        sa.Column("suspend_reason", sa.String(), nullable=True),
        sa.Column("asserted", sa.String(), nullable=True),
        sa.Column("tariff_shown", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"], name="fk_devices_order_id_orders"),
        sa.PrimaryKeyConstraint("station_id", name="pk_devices"),
    )
    op.create_index("ix_devices_order_id", "devices", ["order_id"], unique=False)
    op.create_table(
        "device_names",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["devices.station_id"],
            name="fk_device_names_station_id_devices",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_device_names"),
    )
    op.create_index("ix_device_names_station_id", "device_names", ["station_id"], unique=False)


def _make_assignment_tables() -> None:
    op.create_table(
        "assignments",
        sa.Column("assignment_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.place_id"], name="fk_assignments_place_id_places"),
        sa.ForeignKeyConstraint(
            ["station_id"], ["devices.station_id"], name="fk_assignments_station_id_devices"
        ),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_assignments"),
    )
    op.create_index(
        "uq_assignments_open_place",
        "assignments",
        ["place_id"],
        unique=True,
        **only_where(sa.text("ends_at IS NULL")),
    )
    op.create_index(
        "uq_assignments_open_station",
        "assignments",
        ["station_id"],
        unique=True,
        **only_where(sa.text("ends_at IS NULL")),
    )


def _make_claim_tables() -> None:
    op.create_table(
        "claims",
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("installer_id", sa.String(), nullable=True),
        sa.Column("place_id", sa.String(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installer_id"], ["installers.installer_id"], name="fk_claims_installer_id_installers"
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.place_id"], name="fk_claims_place_id_places"),
        sa.PrimaryKeyConstraint("claim_id", name="pk_claims"),
    )
    op.create_index("ix_claims_account_at", "claims", ["account", "at"], unique=False)
    op.create_index("ix_claims_target_at", "claims", ["target", "at"], unique=False)
    op.create_table(
        "adoptions",
        sa.Column("adoption_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["station_id"], ["devices.station_id"], name="fk_adoptions_station_id_devices"
        ),
        sa.PrimaryKeyConstraint("adoption_id", name="pk_adoptions"),
    )


def _make_activation_tables() -> None:
    op.create_table(
        "activation_runs",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("needs_restart", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("errand", sa.String(), nullable=True),
        sa.Column("errand_epoch", RowNumber, nullable=True),
        sa.Column("is_current", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["devices.station_id"], name="fk_activation_runs_station_id_devices"
        ),
        sa.PrimaryKeyConstraint("run_id", name="pk_activation_runs"),
    )
    op.create_index(
        "ix_activation_runs_station_started", "activation_runs", ["station_id", "started_at"], unique=False
    )
    op.create_index(
        "uq_activation_runs_current",
        "activation_runs",
        ["station_id"],
        unique=True,
        **only_where(sa.text("is_current")),
    )
    op.create_table(
        "activation_steps",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["activation_runs.run_id"],
            name="fk_activation_steps_run_id_activation_runs",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_activation_steps"),
    )
    op.create_table(
        "lifecycle_history",
        sa.Column("entry_id", RowNumber, autoincrement=True, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("blocked_by", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_lifecycle_history"),
    )
    op.create_index(
        "ix_lifecycle_history_station_entry", "lifecycle_history", ["station_id", "entry_id"], unique=False
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("lifecycle_history")
    op.drop_table("activation_steps")
    op.drop_table("activation_runs")
    op.drop_table("adoptions")
    op.drop_table("claims")
    op.drop_table("assignments")
    op.drop_table("device_names")
    op.drop_table("devices")
    op.drop_table("site_tokens")
    op.drop_table("site_hours")
    op.drop_table("places")
    op.drop_table("sites")
    op.drop_table("installers")
    op.drop_table("tariffs")
    op.drop_table("orders")
