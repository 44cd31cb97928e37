"""StatusNotification: what a connector is doing."""

from csms.handlers.context import Context
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Acknowledged


def connector_status_reported(event: StatusNotification, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
