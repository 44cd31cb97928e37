"""StatusNotification: what a connector is doing."""

from csms.domain.events import Acknowledged, ConnectorStatusReported
from csms.handlers.context import Context


def connector_status_reported(event: ConnectorStatusReported, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
