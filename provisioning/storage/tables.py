"""The tables of provisioning, in the one MetaData that csms shares."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from runtime.database import RowNumber, UtcDateTime, metadata, only_where

orders = Table(
    "orders",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("reference", String, nullable=False, unique=True),
    Column("contact", String),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String, nullable=False),
    Column("manager_contact", String),
    Column("receiving_contact", String),
)
Index("ix_orders_created", orders.c.created_at, orders.c.order_id)

tariffs = Table(
    "tariffs",
    metadata,
    Column("tariff_id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("content", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("organisation_id", String, nullable=False, server_default=text("'default'")),
)

sites = Table(
    "sites",
    metadata,
    Column("site_id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("zone", String, nullable=False),
    Column("address", String),
    Column("tariff_id", String, ForeignKey("tariffs.tariff_id")),
    Column("is_list_exclusive", Boolean, nullable=False, server_default=false()),
    Column("activates_on_claim", Boolean, nullable=False, server_default=true()),
    Column("organisation_id", String, nullable=False, server_default=text("'default'")),
)

site_hours = Table(
    "site_hours",
    metadata,
    Column("site_id", String, ForeignKey("sites.site_id", ondelete="CASCADE"), primary_key=True),
    Column("weekly", Text),
    Column("exceptions", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String, nullable=False),
)

site_tokens = Table(
    "site_tokens",
    metadata,
    Column("site_id", String, ForeignKey("sites.site_id", ondelete="CASCADE"), primary_key=True),
    Column("token_key", String, primary_key=True),
    Column("value", String, nullable=False),
    Column("type", String, nullable=False),
)

places = Table(
    "places",
    metadata,
    Column("place_id", String, primary_key=True),
    Column("site_id", String, ForeignKey("sites.site_id"), nullable=False),
    Column("name", String, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("floor", String),
    Column("measured_latitude", Float),
    Column("measured_longitude", Float),
    Column("accuracy_m", Float),
    Column("plan_x", Float),
    Column("plan_y", Float),
    UniqueConstraint("site_id", "name"),
)

devices = Table(
    "devices",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("serial", String),
    Column("vendor", String),
    Column("model", String),
    Column("firmware", String),
    Column("order_id", String, ForeignKey("orders.order_id")),
    Column("claim_hash", LargeBinary),
    Column("credential_state", String, nullable=False, server_default="none"),
    Column("credential_form", String, nullable=False, server_default="text"),
    Column("credential_current", LargeBinary),
    Column("credential_offered", LargeBinary),
    Column("secret_forgotten_at", UtcDateTime),
    Column("adopted_at", UtcDateTime),
    Column("first_seen_at", UtcDateTime),
    Column("requested_at", UtcDateTime),
    Column("released_at", UtcDateTime),
    Column("activated_at", UtcDateTime),
    Column("suspended_at", UtcDateTime),
    Column("suspend_reason", String),
    Column("asserted", String),
    Column("tariff_shown", String),
    Column("test_token", String),
    Column("test_token_type", String),
    Column("test_opened_at", UtcDateTime),
    Column("test_until", UtcDateTime),
    Column("test_opened_by", String),
    Column("test_ended_at", UtcDateTime),
    Column("commissioned_at", UtcDateTime),
)
Index("ix_devices_order_id", devices.c.order_id)

device_names = Table(
    "device_names",
    metadata,
    Column("name", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column(
        "station_id", String, ForeignKey("devices.station_id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("position", Integer, nullable=False),
)
"""MACs (kind `mac`, canonical hex), serials and other identities a device goes by, in lower case.

The MAC at position 0 is the one on the label."""

assignments = Table(
    "assignments",
    metadata,
    Column("assignment_id", String, primary_key=True),
    Column("station_id", String, ForeignKey("devices.station_id"), nullable=False),
    Column("place_id", String, ForeignKey("places.place_id"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),
    Column("reason", String, nullable=False),
    Column("made_by", String, nullable=False),
)
# At most one open assignment each way; the database keeps it so.
Index(
    "uq_assignments_open_station",
    assignments.c.station_id,
    unique=True,
    **only_where(assignments.c.ends_at.is_(None)),
)
Index(
    "uq_assignments_open_place",
    assignments.c.place_id,
    unique=True,
    **only_where(assignments.c.ends_at.is_(None)),
)

Index("ix_assignments_station_starts", assignments.c.station_id, assignments.c.starts_at)

installers = Table(
    "installers",
    metadata,
    Column("installer_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("account", String, nullable=False, unique=True),
    Column("email", String),
    Column("company", String),
    Column("created_at", UtcDateTime, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("claim_id", String, primary_key=True),
    Column("target", String, nullable=False),
    Column("station_id", String),
    Column("account", String, nullable=False),
    Column("installer_id", String, ForeignKey("installers.installer_id")),
    Column("place_id", String, ForeignKey("places.place_id")),
    Column("at", UtcDateTime, nullable=False),
    Column("is_granted", Boolean, nullable=False),
)
"""Every attempt to claim, granted or not: the limit on attempts counts here."""
Index("ix_claims_target_at", claims.c.target, claims.c.at)
Index("ix_claims_account_at", claims.c.account, claims.c.at)
Index("ix_claims_at", claims.c.at, claims.c.claim_id)

claim_keys = Table(
    "claim_keys",
    metadata,
    Column("account", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("station_id", String, nullable=False),
    Column("refused_as", String),
    Column("tries", Integer),
)
"""What was answered to a claim that carried a key, for who did not get the answer: `sealed` is what it said,
`refused_as` the code of a refusal that cost a try."""
Index("ix_claim_keys_at", claim_keys.c.at)

adoptions = Table(
    "adoptions",
    metadata,
    Column("adoption_id", String, primary_key=True),
    Column("station_id", String, ForeignKey("devices.station_id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("made_by", String, nullable=False),
    Column("note", String),
)
Index("ix_adoptions_at", adoptions.c.at, adoptions.c.adoption_id)

jobs = Table(
    "jobs",
    metadata,
    Column("job_id", String, primary_key=True),
    Column("site_id", String, ForeignKey("sites.site_id"), nullable=False),
    Column("day", String, nullable=False),
    Column("account", String),
    Column("note", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String, nullable=False),
    Column("cancelled_at", UtcDateTime),
)
"""`day` as ISO 8601 writes it; `account` is the installer's login, who may not have one yet."""
Index("ix_jobs_day", jobs.c.day, jobs.c.job_id)
Index("ix_jobs_account", jobs.c.account, jobs.c.day, jobs.c.job_id)
Index("ix_jobs_site", jobs.c.site_id, jobs.c.day, jobs.c.job_id)

job_places = Table(
    "job_places",
    metadata,
    Column("job_id", String, ForeignKey("jobs.job_id", ondelete="CASCADE"), primary_key=True),
    Column("place_id", String, ForeignKey("places.place_id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("station_id", String),
    Column("replaces", String),
)
"""`station_id` is the box that is meant for the place, which need not be known yet; `replaces` the one that
was there when the place came into the job."""
Index("ix_job_places_place", job_places.c.place_id)

activation_runs = Table(
    "activation_runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("station_id", String, ForeignKey("devices.station_id"), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("requested_by", String, nullable=False),
    Column("is_asked", Boolean, nullable=False, server_default=false()),
    Column("needs_restart", Boolean, nullable=False, server_default=false()),
    Column("errand", String),
    Column("errand_epoch", RowNumber),
    Column("errand_boots", Integer, nullable=False, server_default=text("0")),
    Column("is_current", Boolean, nullable=False, server_default=true()),
)
Index("ix_activation_runs_station_started", activation_runs.c.station_id, activation_runs.c.started_at)
# One run of a station counts, the others are its history; the database keeps it so.
Index(
    "uq_activation_runs_current",
    activation_runs.c.station_id,
    unique=True,
    **only_where(activation_runs.c.is_current),
)

activation_steps = Table(
    "activation_steps",
    metadata,
    Column("run_id", String, ForeignKey("activation_runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("step", String, nullable=False),
    Column("state", String, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("remarks", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

power_up_runs = Table(
    "power_up_runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("station_id", String, ForeignKey("devices.station_id", ondelete="CASCADE"), nullable=False),
    Column("product_id", String, nullable=False),
    Column("product_version", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("started_by", String, nullable=False),
    Column("readings", Text, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("finished_by", String),
    Column("record", Text),
    Column("marks", Text, nullable=False, server_default="[]"),
    Column("handed_to", String),
)
"""`record` is what was found when the run ended, in one spelling; `marks` are JSON, as readings are."""
Index("ix_power_up_runs_station_started", power_up_runs.c.station_id, power_up_runs.c.started_at)

power_up_certificates = Table(
    "power_up_certificates",
    metadata,
    Column("run_id", String, ForeignKey("power_up_runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("station_id", String, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("frames", LargeBinary, nullable=False),
)
"""What was signed when a run ended, byte for byte, and its frames (compressed: they are text)."""
Index(
    "ix_power_up_certificates_station_issued",
    power_up_certificates.c.station_id,
    power_up_certificates.c.issued_at,
)

power_up_photos = Table(
    "power_up_photos",
    metadata,
    Column("run_id", String, ForeignKey("power_up_runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("item", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    Column("kind", String),
    Column("taken_at", UtcDateTime),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("announced_at", UtcDateTime, nullable=False),
    Column("announced_by", String, nullable=False),
    Column("content", LargeBinary),
)
"""`kind` and `content` once all of it has come; `taken_at` and the position are what the phone says."""

power_up_photo_parts = Table(
    "power_up_photo_parts",
    metadata,
    Column("run_id", String, ForeignKey("power_up_runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""What has come of a photo that is not whole yet."""

lifecycle_history = Table(
    "lifecycle_history",
    metadata,
    Column("entry_id", RowNumber, primary_key=True, autoincrement=True),
    Column("station_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("blocked_by", String, nullable=False),
    Column("cause", String, nullable=False),
)
Index("ix_lifecycle_history_station_entry", lifecycle_history.c.station_id, lifecycle_history.c.entry_id)

pepper_checks = Table(
    "pepper_checks",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
)
"""A keyed digest of the pepper that secrets and claim codes are sealed with: the pepper itself is a file."""
