"""NotifyReport: the variables of a 2.x station."""

from csms.handlers.context import Context
from ocppj.model.messages import Acknowledged
from ocppj.model.variables import NotifyReport


def variables_reported(event: NotifyReport, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
