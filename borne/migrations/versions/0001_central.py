"""Stations, links, transactions and their samples, tokens, variables, commands, outbox."""

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import NUMBERED_ONCE, RowNumber, only_where

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _make_stations()
    _make_parts_of_stations()
    _make_transactions()
    _make_transaction_indexes()
    _make_message_tables()
    _make_other_tables()


def _make_stations() -> None:
    op.create_table(
        "stations",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=True),
        sa.Column("booted_at", sa.BigInteger(), nullable=True),
        sa.Column("vendor", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("serial_number", sa.String(), nullable=True),
        sa.Column("firmware_version", sa.String(), nullable=True),
        sa.Column("iccid", sa.String(), nullable=True),
        sa.Column("imsi", sa.String(), nullable=True),
        sa.Column("meter_type", sa.String(), nullable=True),
        sa.Column("meter_serial_number", sa.String(), nullable=True),
        sa.Column("boot_reason", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("registration", sa.String(), nullable=True),
        sa.Column("admission", sa.String(), nullable=True),
        sa.Column("firmware_status", sa.String(), nullable=True),
        sa.Column("firmware_status_at", sa.BigInteger(), nullable=True),
        sa.Column("log_status", sa.String(), nullable=True),
        sa.Column("log_status_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("station_id", name="pk_stations"),
    )
    op.create_table(
        "links",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("security", sa.String(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("connected_at", sa.BigInteger(), nullable=False),
        sa.Column("disconnected_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("station_id", name="pk_links"),
    )
    op.create_index(
        "ix_links_open",
        "links",
        ["station_id"],
        unique=False,
        **only_where(sa.text("disconnected_at IS NULL")),
    )


def _make_parts_of_stations() -> None:
    op.create_table(
        "evses",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("evse_id", sa.BigInteger(), nullable=False),
        sa.Column("register_wh", sa.Float(), nullable=True),
        sa.Column("power_w", sa.Float(), nullable=True),
        sa.Column("metered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("station_id", "evse_id", name="pk_evses"),
    )
    op.create_table(
        "connectors",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("evse_id", sa.BigInteger(), nullable=False),
        sa.Column("connector_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reported", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("info", sa.String(), nullable=True),
        sa.Column("vendor_error_code", sa.String(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("station_id", "evse_id", "connector_id", name="pk_connectors"),
    )
    op.create_table(
        "variables",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("variable_key", sa.String(), nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("component_instance", sa.String(), nullable=True),
        sa.Column("evse_id", sa.BigInteger(), nullable=True),
        sa.Column("connector_id", sa.BigInteger(), nullable=True),
        sa.Column("variable", sa.String(), nullable=False),
        sa.Column("variable_instance", sa.String(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("is_read_only", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("data_type", sa.String(), nullable=True),
        sa.Column("max_limit", sa.Float(), nullable=True),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("station_id", "variable_key", name="pk_variables"),
    )
    op.create_table(
        "security_events",
        sa.Column("event_id", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("tech_info", sa.String(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_security_events"),
    )
    op.create_index("ix_security_events_station", "security_events", ["station_id", "event_id"], unique=False)


def _make_transactions() -> None:
    op.create_table(
        "transactions",
        sa.Column("transaction_no", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("transaction_key", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("evse_id", sa.BigInteger(), nullable=True),
        sa.Column("connector_id", sa.BigInteger(), nullable=True),
        sa.Column("id_token", sa.String(), nullable=True),
        sa.Column("id_token_type", sa.String(), nullable=True),
        sa.Column("id_token_key", sa.String(), nullable=True),
        sa.Column("token_rank", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("first_received_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("last_event_at", sa.BigInteger(), nullable=False),
        sa.Column("last_received_at", sa.BigInteger(), nullable=False),
        sa.Column("charging_state", sa.String(), nullable=True),
        sa.Column("state_since", sa.BigInteger(), nullable=True),
        sa.Column("idle_s", sa.Float(), nullable=False),
        sa.Column("meter_start_wh", sa.Float(), nullable=True),
        sa.Column("meter_start_at", sa.BigInteger(), nullable=True),
        sa.Column("meter_stop_wh", sa.Float(), nullable=True),
        sa.Column("meter_stop_at", sa.BigInteger(), nullable=True),
        sa.Column("meter_peak_wh", sa.Float(), nullable=True),
        sa.Column("is_start_given", sa.Boolean(), nullable=False),
        sa.Column("is_stop_given", sa.Boolean(), nullable=False),
        sa.Column("energy_wh", sa.Float(), nullable=True),
        sa.Column("power_w", sa.Float(), nullable=True),
        sa.Column("power_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_reason", sa.String(), nullable=True),
        sa.Column("cost_micro", sa.BigInteger(), nullable=True),
        sa.Column("tariff", sa.Text(), nullable=True),
        sa.Column("remote_start_id", sa.BigInteger(), nullable=True),
        sa.Column("reservation_id", sa.BigInteger(), nullable=True),
        sa.Column("is_offline", sa.Boolean(), nullable=False),
        sa.Column("has_start", sa.Boolean(), nullable=False),
        sa.Column("start_key", sa.BigInteger(), nullable=True),
        sa.Column("start_reply", sa.Text(), nullable=True),
        sa.Column("end_reply", sa.Text(), nullable=True),
        sa.Column("seq_nos", sa.Text(), nullable=False),
        sa.Column("end_seq_no", sa.BigInteger(), nullable=True),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("transaction_no", name="pk_transactions"),
        sa.UniqueConstraint(
            "station_id", "transaction_key", name="uq_transactions_station_id_transaction_key"
        ),
    )


def _make_transaction_indexes() -> None:
    op.create_index("ix_transactions_key", "transactions", ["transaction_key"], unique=False)
    op.create_index(
        "ix_transactions_open",
        "transactions",
        ["station_id", "started_at"],
        unique=False,
        **only_where(sa.text("ended_at IS NULL")),
    )
    op.create_index("ix_transactions_started", "transactions", ["started_at"], unique=False)
    op.create_index(
        "ix_transactions_station_started", "transactions", ["station_id", "started_at"], unique=False
    )
    op.create_index(
        "ix_transactions_token_started", "transactions", ["id_token_key", "started_at"], unique=False
    )
    op.create_index(
        "uq_transactions_open_start",
        "transactions",
        ["station_id", "start_key"],
        unique=True,
        **only_where(sa.text("ended_at IS NULL AND superseded_at IS NULL AND start_key IS NOT NULL")),
    )


def _make_message_tables() -> None:
    op.create_table(
        "meter_samples",
        sa.Column("sample_id", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("transaction_no", RowNumber, nullable=True),
        sa.Column("evse_id", sa.BigInteger(), nullable=True),
        sa.Column("measurand", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("context", sa.String(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sample_id", name="pk_meter_samples"),
    )
    op.create_index("ix_meter_samples_transaction", "meter_samples", ["transaction_no"], unique=False)
    op.create_table(
        "received_messages",
        sa.Column("received_id", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("received_id", name="pk_received_messages"),
    )
    op.create_index(
        "uq_received_messages_content",
        "received_messages",
        ["station_id", "digest", "message_id"],
        unique=True,
    )
    op.create_table(
        "quarantine",
        sa.Column("quarantine_id", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("quarantine_id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_station", "quarantine", ["station_id", "quarantine_id"], unique=False)


def _make_other_tables() -> None:
    op.create_table(
        "tokens",
        sa.Column("token_key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("group_id_token", sa.String(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("token_key", name="pk_tokens"),
    )
    op.create_table(
        "commands",
        sa.Column("command_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("error_description", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("command_id", name="pk_commands"),
    )
    op.create_index(
        "ix_commands_open",
        "commands",
        ["command_id"],
        unique=False,
        **only_where(sa.text("finished_at IS NULL")),
    )
    op.create_index("ix_commands_sent", "commands", ["sent_at"], unique=False)
    op.create_index("ix_commands_station_sent", "commands", ["station_id", "sent_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("outbox_id", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", name="pk_outbox"),
        **NUMBERED_ONCE,
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("counters")
    op.drop_table("outbox")
    op.drop_table("commands")
    op.drop_table("tokens")
    op.drop_table("quarantine")
    op.drop_table("received_messages")
    op.drop_table("meter_samples")
    op.drop_table("transactions")
    op.drop_table("security_events")
    op.drop_table("variables")
    op.drop_table("connectors")
    op.drop_table("evses")
    op.drop_table("links")
    op.drop_table("stations")
