"""LogStatusNotification, and 1.6's DiagnosticsStatusNotification."""

from csms.domain.events import Acknowledged, LogStatusReported
from csms.handlers.context import Context


def log_status_reported(event: LogStatusReported, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
