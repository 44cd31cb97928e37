"""Messages that are kept as they came, and security events."""

from csms.rules.rows import QuarantineRow, SecurityEventRow
from csms.storage.statements import Values, insert_new
from csms.storage.tables import quarantine, security_events
from runtime.database import to_micros


def _values(row: QuarantineRow) -> Values:
    return row.station_id, row.epoch, row.raw, row.reason, to_micros(row.received_at)


write_quarantine = insert_new(
    quarantine, ("station_id", "epoch", "raw", "reason", "received_at"), _values
).write


def _event_values(row: SecurityEventRow) -> Values:
    at = to_micros(row.at) if row.at is not None else None
    return row.station_id, row.type, row.tech_info, at, to_micros(row.received_at)


write_security_events = insert_new(
    security_events, ("station_id", "type", "tech_info", "at", "received_at"), _event_values
).write
