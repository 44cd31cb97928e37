"""Which actions each version has, with their classes and senders. Message modules load on first use."""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from types import MappingProxyType

from msgspec.structs import FieldInfo, fields

from ocppj.structs import WireStruct
from ocppj.versions import OcppVersion


class Sender(Enum):
    """Who may send an action's request."""

    STATION = "station"
    CSMS = "csms"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `response` is None for a SEND of 2.1, which nobody answers."""

    name: str
    request: type[WireStruct]
    response: type[WireStruct] | None
    sender: Sender


_MODULES = {OcppVersion.V16: "v16", OcppVersion.V201: "v201", OcppVersion.V21: "v21"}

# fmt: off
# OCPP 1.6 §4 and the security white paper §5: operations initiated by the charge point.
_STATION_V16 = frozenset(
    (
        "Authorize", "BootNotification", "DiagnosticsStatusNotification",
        "FirmwareStatusNotification", "Heartbeat", "LogStatusNotification", "MeterValues",
        "SecurityEventNotification", "SignCertificate", "SignedFirmwareStatusNotification",
        "StartTransaction", "StatusNotification", "StopTransaction",
    )
)
# OCPP 2.0.1 part 2, the use cases' messages from station to CSMS.
_STATION_V201 = frozenset(
    (
        "Authorize", "BootNotification", "ClearedChargingLimit", "FirmwareStatusNotification",
        "Get15118EVCertificate", "GetCertificateStatus", "Heartbeat", "LogStatusNotification",
        "MeterValues", "NotifyChargingLimit", "NotifyCustomerInformation", "NotifyDisplayMessages",
        "NotifyEVChargingNeeds", "NotifyEVChargingSchedule", "NotifyEvent",
        "NotifyMonitoringReport", "NotifyReport", "PublishFirmwareStatusNotification",
        "ReportChargingProfiles", "ReservationStatusUpdate", "SecurityEventNotification",
        "SignCertificate", "StatusNotification", "TransactionEvent",
    )
)
# What OCPP 2.1 adds.
_STATION_V21 = _STATION_V201 | frozenset(
    (
        "BatterySwap", "ClosePeriodicEventStream", "GetCertificateChainStatus", "NotifyDERAlarm",
        "NotifyDERStartStop", "NotifyPeriodicEventStream", "NotifyPriorityCharging",
        "NotifySettlement", "OpenPeriodicEventStream", "PullDynamicScheduleUpdate",
        "ReportDERControl", "VatNumberValidation",
    )
)
# fmt: on
_STATION = {
    OcppVersion.V16: _STATION_V16,
    OcppVersion.V201: _STATION_V201,
    OcppVersion.V21: _STATION_V21,
}


@cache
def actions_of(version: OcppVersion) -> MappingProxyType[str, Action]:
    """All actions of a version by name."""
    classes = vars(import_module(f"ocppj.{_MODULES[version]}.messages"))
    names = [
        name.removesuffix("Request")
        for name, kind in classes.items()
        if name.endswith("Request") and isinstance(kind, type) and issubclass(kind, WireStruct)
    ]
    return MappingProxyType(
        {
            name: Action(
                name, classes[f"{name}Request"], classes.get(f"{name}Response"), _sender_of(version, name)
            )
            for name in sorted(names)
        }
    )


@cache
def reporting_actions(version: OcppVersion) -> frozenset[str]:
    """What stations report and no answer decides: it has no required field, or there is none (SEND)."""
    return frozenset(
        name
        for name, action in actions_of(version).items()
        if action.sender is not Sender.CSMS and not any(field.required for field in _fields(action.response))
    )


def _fields(kind: type[WireStruct] | None) -> tuple[FieldInfo, ...]:
    return fields(kind) if kind is not None else ()


def _sender_of(version: OcppVersion, name: str) -> Sender:
    if name == "DataTransfer":
        return Sender.BOTH
    return Sender.STATION if name in _STATION[version] else Sender.CSMS
