"""The tables of the central system, in the one MetaData that provisioning shares.

Instants are microseconds since 1970 (`UtcDateTime`). Rows of what stations send carry no foreign key to
`stations`: a station's message is stored whether or not anything else is known of the station.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
    true,
)

from runtime.database import NUMBERED_ONCE, RowNumber, UtcDateTime, metadata, only_where

stations = Table(
    "stations",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("first_seen_at", UtcDateTime),
    Column("last_seen_at", UtcDateTime),
    Column("booted_at", UtcDateTime),
    Column("vendor", String),
    Column("model", String),
    Column("serial_number", String),
    Column("firmware_version", String),
    Column("iccid", String),
    Column("imsi", String),
    Column("meter_type", String),
    Column("meter_serial_number", String),
    Column("boot_reason", String),
    Column("version", String),
    Column("registration", String),
    Column("admission", String),
    Column("is_quiet", Boolean, nullable=False, server_default=text("false")),
    Column("firmware_status", String),
    Column("firmware_status_at", UtcDateTime),
    Column("log_status", String),
    Column("log_status_at", UtcDateTime),
    Column("said", Text, nullable=False, server_default=text("''")),
    Column("lifecycle", String),
    Column("label", String),
    Column("site_id", String),
    Column("place_name", String),
    Column("words", Text, nullable=False, server_default=text("''")),
    Column("in_the_way", BigInteger, nullable=False, server_default=text("0")),
    Column("who_clears", String),
    Column("is_due_online", Boolean, nullable=False, server_default=false()),
    Column("organisation_id", String, nullable=False, server_default=text("'default'")),
    Column("waits_since", UtcDateTime),
)
"""`said`: maker, model and serial in lower case, to search in. From `lifecycle` on, what whoever leads the
station keeps here for lists (`OwnedStation`), written with the change that it follows from. One that nobody
leads has no lifecycle, one that was never here nothing else. `waits_since`: for whose turn
it is.
"""
Index("ix_stations_site", stations.c.site_id, stations.c.station_id)
Index(
    "ix_stations_organisation",
    stations.c.organisation_id,
    stations.c.station_id,
    **only_where(stations.c.organisation_id != "default"),
)

links = Table(
    "links",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("epoch", BigInteger, nullable=False),
    Column("version", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("security", String, nullable=False),
    Column("findings", Text, nullable=False),
    Column("connected_at", UtcDateTime, nullable=False),
    Column("disconnected_at", UtcDateTime),
    Column("reason", String),
    Column("node", String, nullable=False, server_default=text("''")),
)
"""The newest link of each station, and which node holds it; its epoch fences off everything older."""
Index("ix_links_open", links.c.station_id, **only_where(links.c.disconnected_at.is_(None)))

evses = Table(
    "evses",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("evse_id", BigInteger, primary_key=True),
    Column("register_wh", Float),
    Column("power_w", Float),
    Column("metered_at", UtcDateTime),
)
"""What each EVSE last metered outside of transactions; EVSE 0 is the station itself."""

connectors = Table(
    "connectors",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("evse_id", BigInteger, primary_key=True),
    Column("connector_id", BigInteger, primary_key=True),
    Column("status", String, nullable=False),
    Column("reported", String, nullable=False),
    Column("at", UtcDateTime),
    Column("error_code", String),
    Column("info", String),
    Column("vendor_error_code", String),
    Column("received_at", UtcDateTime, nullable=False),
    Column("status_since", UtcDateTime),
)
"""`status_since`: when it was first told to be in this status, by our clock."""

transactions = Table(
    "transactions",
    metadata,
    Column("transaction_no", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("transaction_key", String, nullable=False),
    Column("transaction_id", String, nullable=False),
    Column("evse_id", BigInteger),
    Column("connector_id", BigInteger),
    Column("id_token", String),
    Column("id_token_type", String),
    Column("id_token_key", String),
    Column("token_rank", BigInteger, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("first_received_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("last_event_at", UtcDateTime, nullable=False),
    Column("last_received_at", UtcDateTime, nullable=False),
    Column("charging_state", String),
    Column("state_since", UtcDateTime),
    Column("idle_s", Float, nullable=False),
    Column("meter_start_wh", Float),
    Column("meter_start_at", UtcDateTime),
    Column("meter_stop_wh", Float),
    Column("meter_stop_at", UtcDateTime),
    Column("meter_peak_wh", Float),
    Column("is_start_given", Boolean, nullable=False),
    Column("is_stop_given", Boolean, nullable=False),
    Column("energy_wh", Float),
    Column("power_w", Float),
    Column("power_at", UtcDateTime),
    Column("stopped_reason", String),
    Column("cost_micro", BigInteger),
    Column("tariff", Text),
    Column("remote_start_id", BigInteger),
    Column("reservation_id", BigInteger),
    Column("is_offline", Boolean, nullable=False),
    Column("has_start", Boolean, nullable=False),
    Column("start_key", BigInteger),
    Column("start_reply", Text),
    Column("end_reply", Text),
    Column("seq_nos", Text, nullable=False),
    Column("end_seq_no", BigInteger),
    Column("superseded_at", UtcDateTime),
    Column("flags", Text, nullable=False),
    Column("meter_marks", Integer, nullable=False, server_default="0"),
    Column("meter_doubts", Text),
    Column("meter_before_wh", Float),
    Column("power_limit_w", Float),
    Column("authorized_at", UtcDateTime),
    Column("review", String),
    Column("generation", Integer, nullable=False, server_default="1"),
    Column("course", Text),
    UniqueConstraint("station_id", "transaction_key", "generation"),
)
"""`transaction_key` is the id in lower case: ids have no case. A station may use an id again after its
counter began anew; `generation` counts. `meter_stop_wh` is the latest reading until the end; `superseded_at`
with `ended_at`: the end was never reported (`rules.ends`); `start_key` makes two 1.6 starts the same one
while it is open; `review` is null where nothing is to be looked at."""
Index(
    "uq_transactions_open_start",
    transactions.c.station_id,
    transactions.c.start_key,
    unique=True,
    **only_where(text("ended_at IS NULL AND superseded_at IS NULL AND start_key IS NOT NULL")),
)
Index(
    "ix_transactions_open",
    transactions.c.station_id,
    transactions.c.started_at,
    **only_where(transactions.c.ended_at.is_(None)),
)
# Those of all stations, in the order in which they are listed: without it each look reads every ended one.
Index(
    "ix_transactions_open_started",
    transactions.c.started_at,
    **only_where(transactions.c.ended_at.is_(None)),
)
Index("ix_transactions_station_started", transactions.c.station_id, transactions.c.started_at)
Index("ix_transactions_started", transactions.c.started_at)
Index("ix_transactions_token_started", transactions.c.id_token_key, transactions.c.started_at)
Index(
    "ix_transactions_open_token",
    transactions.c.id_token_key,
    **only_where(transactions.c.ended_at.is_(None)),
)
Index("ix_transactions_key_started", transactions.c.transaction_key, transactions.c.started_at)
Index(
    "ix_transactions_review",
    transactions.c.review,
    transactions.c.started_at,
    **only_where(transactions.c.review.is_not(None)),
)

reviews = Table(
    "reviews",
    metadata,
    Column("review_id", RowNumber, primary_key=True),
    Column("transaction_no", RowNumber, nullable=False),
    Column("decision", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("station_id", String, nullable=False, server_default=""),
)
"""What people decided about transactions, with the values before and after as JSON; never changed."""
Index("ix_reviews_transaction", reviews.c.transaction_no)
Index("ix_reviews_station", reviews.c.station_id, reviews.c.decided_at, reviews.c.review_id)

attachments = Table(
    "attachments",
    metadata,
    Column("attachment_id", RowNumber, primary_key=True),
    Column("transaction_no", RowNumber, nullable=False),
    Column("kind", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)
"""Parts of messages kept as they came, for whoever checks them: signed values, cost details."""
Index("ix_attachments_transaction", attachments.c.transaction_no)

meter_samples = Table(
    "meter_samples",
    metadata,
    Column("sample_id", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("transaction_no", RowNumber),
    Column("evse_id", BigInteger),
    Column("measurand", String, nullable=False),
    Column("value", Float, nullable=False),
    Column("unit", String, nullable=False),
    Column("at", UtcDateTime),
    Column("phase", String),
    Column("location", String),
    Column("context", String),
    Column("received_at", UtcDateTime, nullable=False),
)
# The open transactions are the last ones: all that is written lies close together, whatever the station.
Index("ix_meter_samples_transaction", meter_samples.c.transaction_no)

received_messages = Table(
    "received_messages",
    metadata,
    Column("received_id", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Column("message_id", String, nullable=False),
    Column("answer", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)
"""The first answer to each message that must not be stored twice; the last ANSWERS_KEPT of each station."""
Index(
    "uq_received_messages_content",
    received_messages.c.station_id,
    received_messages.c.digest,
    received_messages.c.message_id,
    unique=True,
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("reason", String, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("cause", String, nullable=False, server_default="refused"),
    Column("version", String),
    Column("was_accepted", Boolean, nullable=False, server_default=true()),
    Column("state", String, nullable=False, server_default="waiting"),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String),
    Column("decision", Text),
    Column("corrected", LargeBinary),
)
"""Transaction messages that could not be read or contradict what is stored, as they came; and what people
decided about them. `was_accepted`: the station was, when it sent it."""
Index("ix_quarantine_station", quarantine.c.station_id, quarantine.c.quarantine_id)
Index("ix_quarantine_state", quarantine.c.state, quarantine.c.quarantine_id)
Index(
    "ix_quarantine_decided",
    quarantine.c.station_id,
    quarantine.c.decided_at,
    quarantine.c.quarantine_id,
    **only_where(quarantine.c.decided_at.is_not(None)),
)

security_events = Table(
    "security_events",
    metadata,
    Column("event_id", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("type", String, nullable=False),
    Column("tech_info", String),
    Column("at", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
)
Index("ix_security_events_station", security_events.c.station_id, security_events.c.event_id)

tokens = Table(
    "tokens",
    metadata,
    Column("token_key", String, primary_key=True),
    Column("value", String, nullable=False),
    Column("type", String, nullable=False),
    Column("status", String, nullable=False),
    Column("group_id_token", String),
    Column("expires_at", UtcDateTime),
    Column("note", String),
)

commands = Table(
    "commands",
    metadata,
    Column("command_id", String, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("command", String, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("origin", String, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("outcome", String),
    Column("status", String),
    Column("error_code", String),
    Column("error_description", String),
    Column("node", String, nullable=False, server_default=text("''")),
)
"""What was asked of stations, and over which node. Arguments hold no secret."""
Index("ix_commands_station_sent", commands.c.station_id, commands.c.sent_at)
Index("ix_commands_sent", commands.c.sent_at)
REQUESTED_BY_SOMEBODY = commands.c.origin != literal_column("'provisioning'")
"""What provisioning asks by itself is most of it, and nobody's doing."""
Index(
    "ix_commands_asked",
    commands.c.station_id,
    commands.c.sent_at,
    commands.c.command_id,
    **only_where(REQUESTED_BY_SOMEBODY),
)
Index("ix_commands_open", commands.c.command_id, **only_where(commands.c.finished_at.is_(None)))

outbox = Table(
    "outbox",
    metadata,
    Column("outbox_id", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("event", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    **NUMBERED_ONCE,
)
"""News on its way to the broker, in order; a number is never used twice."""

counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
