"""LogStatusNotification, and 1.6's DiagnosticsStatusNotification."""

from csms.handlers.context import Context
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.messages import Acknowledged


def log_status_reported(event: LogStatusNotification, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
