"""OCPP 2.x, metering: the wire and the model."""

from typing import Any

from ocppj.attached import bounded_signed_values
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.sampling import bounded_samples
from ocppj.translator import MessageTranslator
from ocppj.v2x import convert


def _meter_values(m: Any, findings: list[str]) -> StationMessage:
    taken = bounded_samples(m.meter_value, findings)
    samples = convert.samples_from_v2x(taken, findings)
    signed_values = bounded_signed_values(convert.signed_values_from_v2x(taken), findings)
    return MeterValues(m.evse_id, None, samples, signed_values)


def _meter_values_to_wire(m: MeterValues) -> dict[str, Any]:
    """2.x has no field for the transaction: what belongs to one is told in its events."""
    return {"evseId": m.evse_id or 0, "meterValue": convert.samples_to_v2x(m.samples)}


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=MeterValues,
        action="MeterValues",
        request_from_wire=_meter_values,
        request_to_wire=_meter_values_to_wire,
    ),
)
