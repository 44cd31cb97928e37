"""MeterValues outside of a TransactionEvent."""

from csms.domain.events import Acknowledged, MeterValuesReported
from csms.handlers.context import Context


def meter_values_reported(event: MeterValuesReported, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
