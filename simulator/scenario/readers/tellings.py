"""What the readers of all versions have in common: what a telling is, its samples, and what all say alike."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ocppj.vocabulary import ENERGY_REGISTER, MeterSample

POWER = "Power.Active.Import"


class Telling(NamedTuple):
    """One event in neutral words: fields that are None were not told. `at` is the station's own time."""

    event: str
    fields: dict[str, Any]
    at: Any = None
    """As it stands on the wire."""


Read = Callable[[Any, Any], list[Telling]]
"""From the request and the response (None where it was refused), both message structs."""


def readings(samples: Iterable[MeterSample]) -> dict[str, Any]:
    """Energy register and power of the last moment in `samples`; a total outranks the sum of the phases."""
    found: dict[str, Any] = {}
    totals: dict[str, float] = {}
    phases: dict[str, dict[str, float]] = {}
    for sample in samples:
        if sample.location not in (None, "Outlet"):
            continue
        if sample.phase is None:
            totals[sample.measurand] = sample.value
        else:
            phases.setdefault(sample.measurand, {})[sample.phase] = sample.value
    for field, measurand in (("register_wh", ENERGY_REGISTER), ("power_w", POWER)):
        if measurand in totals:
            found[field] = totals[measurand]
        elif measurand in phases:
            found[field] = sum(phases[measurand].values())
    return found


def sample_fields(sample: MeterSample) -> dict[str, Any]:
    """A sample as an object."""
    fields = {
        "measurand": sample.measurand,
        "value": sample.value,
        "unit": sample.unit,
        "phase": sample.phase,
        "location": sample.location,
        "context": sample.context,
    }
    return {key: value for key, value in fields.items() if value is not None}


def meter(samples: tuple[MeterSample, ...], **fields: Any) -> list[Telling]:
    """The event `meter`, where there are samples."""
    if not samples:
        return []
    content = fields | readings(samples) | {"samples": [sample_fields(each) for each in samples]}
    return [Telling("meter", content, samples[-1].at)]


def firmware(m: Any, _answer: Any) -> list[Telling]:
    """How an update comes on."""
    return [Telling("firmware status", {"state": m.status})]


def log(m: Any, _answer: Any) -> list[Telling]:
    """How an upload comes on."""
    return [Telling("log status", {"state": m.status})]


def _heartbeat(_m: Any, _answer: Any) -> list[Telling]:
    return [Telling("heartbeat", {})]


def _security_event(m: Any, _answer: Any) -> list[Telling]:
    return [Telling("security event", {"type": m.type, "tech_info": m.tech_info}, m.timestamp)]


ALIKE: dict[str, Read] = {
    "Heartbeat": _heartbeat,
    "FirmwareStatusNotification": firmware,
    "LogStatusNotification": log,
    "SecurityEventNotification": _security_event,
}
"""The readers of requests that all versions have, with the same content."""
