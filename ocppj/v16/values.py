"""OCPP 1.6's structures for the field's value types: verdicts, local list entries, meter values.

They are read from message structs and written as the payload's JSON objects, which the codec checks.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec

from ocppj.findings import ODD_NUMBER, SAMPLED_VALUE_NOT_A_NUMBER, SIGNED_VALUE_NOT_READ, add_finding
from ocppj.numbers import number_in_text, whole_number
from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.units import is_unit, value_in_base
from ocppj.v16.words import (
    authorization_from_v16,
    authorization_to_v16,
    id_token_from_v16,
    id_token_to_v16,
)
from ocppj.vocabulary import ENERGY_REGISTER, IdTokenInfo, LocalListEntry, MeterSample

_UNITS = {"percent": "Percent", "celsius": "Celsius"}
# 1.6 has no word for these; a sample without a unit has its measurand's own.
_UNITLESS = frozenset({"", "Hz", "VAh"})


def id_token_info_from_v16(info: Any) -> IdTokenInfo:
    """An `idTagInfo` struct."""
    expires_at, _ = time_from_wire(info.expiry_date)
    return IdTokenInfo(authorization_from_v16(info.status), info.parent_id_tag, expires_at)


def id_token_info_to_v16(info: IdTokenInfo) -> dict[str, Any]:
    """An `idTagInfo` object; 1.6 has no field for the message."""
    payload: dict[str, Any] = {"status": authorization_to_v16(info.status)}
    if info.group_id_token is not None:
        payload["parentIdTag"] = info.group_id_token
    if info.expires_at is not None:
        payload["expiryDate"] = time_to_wire(info.expires_at)
    return payload


def local_list_entry_from_v16(entry: Any) -> LocalListEntry:
    """One struct of `localAuthorizationList`; without `idTagInfo` it takes the token off the list."""
    info = id_token_info_from_v16(entry.id_tag_info) if entry.id_tag_info is not None else None
    return LocalListEntry(id_token_from_v16(entry.id_tag), info)


def local_list_entry_to_v16(entry: LocalListEntry) -> dict[str, Any]:
    """One object of `localAuthorizationList`."""
    payload: dict[str, Any] = {"idTag": id_token_to_v16(entry.id_token)}
    if entry.info is not None:
        payload["idTagInfo"] = id_token_info_to_v16(entry.info)
    return payload


def samples_from_v16(meter_values: Sequence[Any], findings: list[str]) -> tuple[MeterSample, ...]:
    """All values of `meterValue` or `transactionData`, in base units; what is no number is left out."""
    samples: list[MeterSample] = []
    for meter_value in meter_values:
        at, finding = time_from_wire(meter_value.timestamp)
        if finding is not None:
            add_finding(findings, finding)
        for sampled in meter_value.sampled_value:
            if sampled.format == "SignedData":
                add_finding(findings, SIGNED_VALUE_NOT_READ)
                continue
            measurand = sampled.measurand or ENERGY_REGISTER
            found = _value(sampled, measurand, findings)
            if found is None:
                add_finding(findings, SAMPLED_VALUE_NOT_A_NUMBER)
                continue
            value, unit = found
            samples.append(
                MeterSample(measurand, value, unit, at, sampled.phase, sampled.location, sampled.context)
            )
    return tuple(samples)


def signed_values_from_v16(meter_values: Sequence[Any]) -> tuple[str, ...]:
    """The sampled values in format SignedData, each as JSON with its time, for whoever checks them."""
    return tuple(
        msgspec.json.encode({"timestamp": meter_value.timestamp, "sampledValue": sampled}).decode()
        for meter_value in meter_values
        for sampled in meter_value.sampled_value
        if sampled.format == "SignedData"
    )


def _value(sampled: Any, measurand: str, findings: list[str]) -> tuple[float, str] | None:
    """(value, unit) in base units; None for what is no number, or names two units."""
    whole = whole_number(sampled.value)
    if whole is not None:
        return value_in_base(whole, sampled.unit, measurand)
    number = number_in_text(sampled.value)
    if number is None:
        return None
    unit = sampled.unit
    if number.unit is not None:
        if not is_unit(number.unit) or (unit and unit.strip().lower() != number.unit.lower()):
            return None
        unit = number.unit
    found = value_in_base(number.value, unit, measurand)
    if not math.isfinite(found[0]):
        return None
    if number.is_odd:
        add_finding(findings, ODD_NUMBER)
    return found


def samples_to_v16(samples: Iterable[MeterSample]) -> list[dict[str, Any]]:
    """`meterValue` objects, one per run of equal times. Each sample needs its time `at`."""
    return [
        {
            "timestamp": time_to_wire(at),
            "sampledValue": [_sampled_value(sample) for sample in run],
        }
        for at, run in groupby(samples, key=lambda sample: sample.at)
        if at is not None
    ]


def _sampled_value(sample: MeterSample) -> dict[str, Any]:
    payload: dict[str, Any] = {"value": f"{sample.value:.15g}", "measurand": sample.measurand}
    if sample.unit not in _UNITLESS:
        payload["unit"] = _UNITS.get(sample.unit, sample.unit)
    optional = {"phase": sample.phase, "location": sample.location, "context": sample.context}
    return payload | {key: value for key, value in optional.items() if value is not None}
