"""OCPP 1.6, metering: the wire and the model."""

from collections.abc import Sequence
from typing import Any

from ocppj.attached import bounded_signed_values
from ocppj.findings import SIGNED_VALUE_NOT_READ
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.sampling import bounded_samples
from ocppj.translator import MessageTranslator, present
from ocppj.v16 import convert
from ocppj.vocabulary import MeterSample


def connector_of(connector_id: int | None) -> tuple[int | None, int | None]:
    """(EVSE id, connector id); both None where a salvaged message does not say."""
    return convert.connector_from_v16(connector_id) if connector_id is not None else (None, None)


def samples_of(
    meter_values: Sequence[Any], findings: list[str]
) -> tuple[tuple[MeterSample, ...], tuple[str, ...]]:
    """(samples, signed values); the latter are looked for where there are some."""
    samples = convert.samples_from_v16(meter_values, findings)
    if SIGNED_VALUE_NOT_READ not in findings:
        return samples, ()
    return samples, bounded_signed_values(convert.signed_values_from_v16(meter_values), findings)


def meter_values_from_v16(m: Any, findings: list[str]) -> StationMessage:
    """MeterValues, within a transaction or not."""
    samples, signed_values = samples_of(bounded_samples(m.meter_value, findings), findings)
    return MeterValues(
        evse_id=connector_of(m.connector_id)[0],
        transaction_id=convert.transaction_id_from_v16(m.transaction_id),
        samples=samples,
        signed_values=signed_values,
    )


def _meter_values_to_wire(m: MeterValues) -> dict[str, Any]:
    number = convert.transaction_id_to_v16(m.transaction_id) if m.transaction_id is not None else None
    return present(
        {
            "connectorId": convert.connector_to_v16(m.evse_id),
            "meterValue": convert.samples_to_v16(m.samples),
            "transactionId": number,
        }
    )


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=MeterValues,
        action="MeterValues",
        request_from_wire=meter_values_from_v16,
        request_to_wire=_meter_values_to_wire,
    ),
)
