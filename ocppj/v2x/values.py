"""OCPP 2.x's structures for the field's value types: tokens, verdicts, variables, meter values.

They are read from message structs of 2.0.1 or 2.1 and written as the payload's JSON objects, which the codec
checks: so one table serves both versions.
"""

import json
import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec

from ocppj.findings import SAMPLED_VALUE_NOT_A_NUMBER, add_finding
from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.units import value_in_base
from ocppj.v2x.words import (
    authorization_from_v2x,
    authorization_to_v2x,
    token_type_from_v2x,
    token_type_to_v2x,
)
from ocppj.vocabulary import (
    ENERGY_REGISTER,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    LocalListEntry,
    MeterSample,
    VariableRef,
)

_UNITS = {"percent": "Percent", "celsius": "Celsius"}
MESSAGE_CHARACTERS = 512


def id_token_from_v2x(id_token: Any) -> IdToken:
    """An `idToken` struct."""
    return IdToken(id_token.id_token, token_type_from_v2x(id_token.type))


def id_token_to_v2x(id_token: IdToken) -> dict[str, Any]:
    """An `idToken` object."""
    return {"idToken": id_token.value, "type": token_type_to_v2x(id_token.type)}


def id_token_info_from_v2x(info: Any) -> IdTokenInfo:
    """An `idTokenInfo` struct."""
    expires_at, _ = time_from_wire(info.cache_expiry_date_time)
    group = info.group_id_token.id_token if info.group_id_token is not None else None
    text = info.personal_message.content if info.personal_message is not None else None
    return IdTokenInfo(authorization_from_v2x(info.status), group, expires_at, text)


def id_token_info_to_v2x(info: IdTokenInfo) -> dict[str, Any]:
    """An `idTokenInfo` object. A group is a Central token: we made it up."""
    payload: dict[str, Any] = {"status": authorization_to_v2x(info.status)}
    if info.group_id_token is not None:
        payload["groupIdToken"] = id_token_to_v2x(IdToken(info.group_id_token, IdTokenType.CENTRAL))
    if info.expires_at is not None:
        payload["cacheExpiryDateTime"] = time_to_wire(info.expires_at)
    if info.message is not None:
        payload["personalMessage"] = {"format": "UTF8", "content": info.message[:MESSAGE_CHARACTERS]}
    return payload


def local_list_entry_from_v2x(entry: Any) -> LocalListEntry:
    """One struct of `localAuthorizationList`; without `idTokenInfo` it takes the token off the list."""
    info = id_token_info_from_v2x(entry.id_token_info) if entry.id_token_info is not None else None
    return LocalListEntry(id_token_from_v2x(entry.id_token), info)


def local_list_entry_to_v2x(entry: LocalListEntry) -> dict[str, Any]:
    """One object of `localAuthorizationList`."""
    payload: dict[str, Any] = {"idToken": id_token_to_v2x(entry.id_token)}
    if entry.info is not None:
        payload["idTokenInfo"] = id_token_info_to_v2x(entry.info)
    return payload


def variable_from_v2x(component: Any, variable: Any) -> VariableRef:
    """A component struct and a variable struct."""
    evse = component.evse
    return VariableRef(
        component=component.name,
        variable=variable.name,
        component_instance=component.instance,
        variable_instance=variable.instance,
        evse_id=evse.id if evse is not None else None,
        connector_id=evse.connector_id if evse is not None else None,
    )


def variable_to_v2x(ref: VariableRef) -> dict[str, Any]:
    """`{"component": …, "variable": …}`, as in GetVariables and SetVariables."""
    component: dict[str, Any] = {"name": ref.component}
    if ref.component_instance is not None:
        component["instance"] = ref.component_instance
    if ref.evse_id is not None:
        component["evse"] = evse_to_v2x(ref.evse_id, ref.connector_id)
    variable: dict[str, Any] = {"name": ref.variable}
    if ref.variable_instance is not None:
        variable["instance"] = ref.variable_instance
    return {"component": component, "variable": variable}


def evse_to_v2x(evse_id: int, connector_id: int | None = None) -> dict[str, Any]:
    """An `evse` object."""
    return {"id": evse_id} | ({"connectorId": connector_id} if connector_id is not None else {})


def text_from_v2x(data: Any) -> str | None:
    """`data` of a DataTransfer, which may be any JSON value: a text as it is, everything else as JSON."""
    if data is None or isinstance(data, str):
        return data
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def samples_from_v2x(meter_values: Sequence[Any], findings: list[str]) -> tuple[MeterSample, ...]:
    """All sampled values of `meterValue`, in base units; what is no number is left out."""
    samples: list[MeterSample] = []
    for meter_value in meter_values:
        at, finding = time_from_wire(meter_value.timestamp)
        if finding is not None:
            add_finding(findings, finding)
        for sampled in meter_value.sampled_value:
            measurand = sampled.measurand or ENERGY_REGISTER
            scale = sampled.unit_of_measure
            unit, multiplier = (scale.unit, scale.multiplier or 0) if scale is not None else (None, 0)
            value, base = value_in_base(float(sampled.value), unit, measurand, multiplier)
            if not math.isfinite(value):
                add_finding(findings, SAMPLED_VALUE_NOT_A_NUMBER)
                continue
            samples.append(
                MeterSample(measurand, value, base, at, sampled.phase, sampled.location, sampled.context)
            )
    return tuple(samples)


def signed_values_from_v2x(meter_values: Sequence[Any]) -> tuple[str, ...]:
    """The sampled values with a `signedMeterValue`, each as JSON with its time, for whoever checks them."""
    return tuple(
        msgspec.json.encode({"timestamp": meter_value.timestamp, "sampledValue": sampled}).decode()
        for meter_value in meter_values
        for sampled in meter_value.sampled_value
        if sampled.signed_meter_value is not None
    )


def samples_to_v2x(samples: Iterable[MeterSample]) -> list[dict[str, Any]]:
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
    payload: dict[str, Any] = {"value": sample.value, "measurand": sample.measurand}
    if sample.unit:
        payload["unitOfMeasure"] = {"unit": _UNITS.get(sample.unit, sample.unit)}
    optional = {"phase": sample.phase, "location": sample.location, "context": sample.context}
    return payload | {key: value for key, value in optional.items() if value is not None}
