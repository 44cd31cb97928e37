"""SecurityEventNotification."""

from csms.domain.events import Acknowledged, SecurityEventReported
from csms.handlers.context import Context


def security_event_reported(event: SecurityEventReported, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
