"""SecurityEventNotification."""

from csms.handlers.context import Context
from ocppj.model.messages import Acknowledged
from ocppj.model.security import SecurityEventNotification


def security_event_reported(event: SecurityEventNotification, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
