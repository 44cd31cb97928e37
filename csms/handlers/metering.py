"""MeterValues outside of a TransactionEvent."""

from csms.handlers.context import Context
from ocppj.model.messages import Acknowledged
from ocppj.model.metering import MeterValues


def meter_values_reported(event: MeterValues, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
