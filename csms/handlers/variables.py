"""NotifyReport: the variables of a 2.x station."""

from csms.domain.events import Acknowledged, VariablesReported
from csms.handlers.context import Context


def variables_reported(event: VariablesReported, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
