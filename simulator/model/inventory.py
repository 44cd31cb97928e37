"""Which variables a station has: the usual ones of an AC station, as its template changes them.

Limits and defaults are those of real AC stations; what each variable means is in OCPP 2.0.1 part 2
appendix 3.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ocppj.aio.backoff import default_back_off
from ocppj.vocabulary import ENERGY_REGISTER, VariableRef
from simulator.errors import TemplateError
from simulator.model.meter import MEASURANDS
from simulator.model.template import StationTemplate
from simulator.model.variables import Kind, Mutability, StationVariable, index

SECRET = VariableRef("SecurityCtrlr", "BasicAuthPassword")
AVAILABILITY = VariableRef("ChargingStation", "AvailabilityState")
LIST_ENTRIES = VariableRef("LocalAuthListCtrlr", "Entries")
DATE_TIME = VariableRef("ClockCtrlr", "DateTime")
HEARTBEAT_INTERVAL = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")

BYTES_ACCEPTED = 65_536
"""Of one message, as far as the station promises."""
DAY_S = 86_400

_RO, _WO, _RW = Mutability.READ_ONLY, Mutability.WRITE_ONLY, Mutability.READ_WRITE
_NAME = re.compile(r"(\w+)\.(\w+)(?:\[(\w+)\])?")


def _text(name: str, value: str, mutability: Mutability = _RW, *, longest: int = 500) -> StationVariable:
    return StationVariable(ref=parse_name(name), value=value, mutability=mutability, maximum=longest)


def _flag(name: str, *, value: bool, mutability: Mutability = _RW) -> StationVariable:
    text = "true" if value else "false"
    return StationVariable(ref=parse_name(name), value=text, kind=Kind.BOOLEAN, mutability=mutability)


def _number(
    name: str, value: int, mutability: Mutability = _RW, unit: str | None = None, most: float = 2**31 - 1
) -> StationVariable:
    return StationVariable(
        ref=parse_name(name),
        value=str(value),
        kind=Kind.INTEGER,
        mutability=mutability,
        unit=unit,
        minimum=0,
        maximum=most,
    )


def _members(name: str, value: str, options: tuple[str, ...], *, least: int = 0) -> StationVariable:
    """A list of some of `options`, `least` of them at least."""
    return StationVariable(
        ref=parse_name(name), value=value, kind=Kind.MEMBER_LIST, options=options, minimum=least or None
    )


def _measurands(name: str, value: str) -> StationVariable:
    return _members(name, value, MEASURANDS)


def parse_name(name: str) -> VariableRef:
    """`Component.Variable` or `Component.Variable[instance]`. Raises TemplateError."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise TemplateError(f"{name!r} names no variable: write Component.Variable, with [instance] if any")
    return VariableRef(found[1], found[2], variable_instance=found[3])


_SAMPLED = f"{ENERGY_REGISTER},Power.Active.Import,Current.Import,Voltage"

_USUAL: tuple[StationVariable, ...] = (
    _number("OCPPCommCtrlr.HeartbeatInterval", 300, unit="s"),
    _number("OCPPCommCtrlr.WebSocketPingInterval", 30, unit="s"),
    _number("OCPPCommCtrlr.OfflineThreshold", 300, unit="s"),
    _number("OCPPCommCtrlr.MessageTimeout[Default]", 30, _RO, unit="s", most=600),
    _number("OCPPCommCtrlr.MessageAttempts[TransactionEvent]", 3, most=100),
    _number("OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]", 10, unit="s"),
    _number("OCPPCommCtrlr.ResetRetries", 1, most=10),
    _number("OCPPCommCtrlr.NetworkProfileConnectionAttempts", 3, most=100),
    _flag("OCPPCommCtrlr.UnlockOnEVSideDisconnect", value=True),
    _members("OCPPCommCtrlr.NetworkConfigurationPriority", "1", ("1",), least=1),
    _text("OCPPCommCtrlr.FileTransferProtocols", "HTTP", _RO),
    _flag("AuthCtrlr.LocalPreAuthorize", value=False),
    _flag("AuthCtrlr.LocalAuthorizeOffline", value=True),
    _flag("AuthCtrlr.AuthorizeRemoteStart", value=False),
    _flag("AuthCtrlr.OfflineTxForUnknownIdEnabled", value=False),
    _flag("AuthCacheCtrlr.Enabled", value=True),
    _number("AuthCacheCtrlr.LifeTime", 0, unit="s"),
    _text("AuthCtrlr.MasterPassGroupId", "", longest=36),
    _flag("LocalAuthListCtrlr.Enabled", value=True),
    _number("LocalAuthListCtrlr.ItemsPerMessage", 20, _RO),
    _number("LocalAuthListCtrlr.BytesPerMessage", 32768, _RO),
    _number("TxCtrlr.EVConnectionTimeOut", 60, unit="s"),
    _flag("ReservationCtrlr.Available", value=True, mutability=_RO),
    _flag("ReservationCtrlr.Enabled", value=True),
    _flag("ReservationCtrlr.NonEvseSpecific", value=True, mutability=_RO),
    _flag("SmartChargingCtrlr.Available", value=True, mutability=_RO),
    _flag("SmartChargingCtrlr.Enabled", value=True),
    _number("SmartChargingCtrlr.ProfileStackLevel", 8, _RO),
    _number("SmartChargingCtrlr.PeriodsPerSchedule", 24, _RO),
    _flag("SmartChargingCtrlr.Phases3to1", value=False, mutability=_RO),
    _flag("TxCtrlr.StopTxOnEVSideDisconnect", value=True),
    _flag("TxCtrlr.StopTxOnInvalidId", value=True),
    _number("TxCtrlr.MaxEnergyOnInvalidId", 0, unit="Wh"),
    _number("SampledDataCtrlr.TxUpdatedInterval", 30, unit="s"),
    _measurands("SampledDataCtrlr.TxUpdatedMeasurands", _SAMPLED),
    _measurands("SampledDataCtrlr.TxStartedMeasurands", ENERGY_REGISTER),
    _measurands("SampledDataCtrlr.TxEndedMeasurands", ENERGY_REGISTER),
    _number("AlignedDataCtrlr.Interval", 0, unit="s", most=DAY_S),
    _measurands("AlignedDataCtrlr.Measurands", _SAMPLED),
    _measurands("AlignedDataCtrlr.TxEndedMeasurands", ""),
    _text("ClockCtrlr.TimeZone", "", longest=64),
    _text("ClockCtrlr.TimeSource", "Heartbeat", _RO),
    _number("SecurityCtrlr.SecurityProfile", 1, _RO, most=3),
    _text("SecurityCtrlr.OrganizationName", "borne"),
    StationVariable(ref=SECRET, mutability=_WO, minimum=16, maximum=40),
    _number("DeviceDataCtrlr.ItemsPerMessage[GetVariables]", 50, _RO),
    _number("DeviceDataCtrlr.ItemsPerMessage[SetVariables]", 50, _RO),
    _number("DeviceDataCtrlr.ItemsPerMessage[GetReport]", 50, _RO),
    _number("DeviceDataCtrlr.BytesPerMessage[GetVariables]", BYTES_ACCEPTED, _RO),
    _number("DeviceDataCtrlr.BytesPerMessage[SetVariables]", BYTES_ACCEPTED, _RO),
    _number("DeviceDataCtrlr.BytesPerMessage[GetReport]", BYTES_ACCEPTED, _RO),
    _number("SecurityCtrlr.CertificateEntries", 0, _RO),
    _text("ChargingStation.AvailabilityState", "Available", _RO),
    _flag("ChargingStation.Available", value=True, mutability=_RO),
)

_PRICE_DISPLAY: tuple[StationVariable, ...] = (
    _text("TariffCostCtrlr.Currency", "CAD", longest=3),
    _text("TariffCostCtrlr.TariffFallbackMessage", "", longest=255),
    _text("TariffCostCtrlr.TotalCostFallbackMessage", "", longest=255),
    _flag("TariffCostCtrlr.Enabled[Tariff]", value=True),
    _flag("TariffCostCtrlr.Available[Tariff]", value=True, mutability=_RO),
    _flag("TariffCostCtrlr.Enabled[Cost]", value=True),
    _flag("TariffCostCtrlr.Available[Cost]", value=True, mutability=_RO),
)


def build_inventory(
    template: StationTemplate, of_version: Iterable[StationVariable]
) -> dict[VariableRef, StationVariable]:
    """Everything a station of this template has; `of_version` are the variables that its version adds.

    Raises TemplateError for a variable in the template that the station does not have.
    """
    shown = _PRICE_DISPLAY if template.shows_price else ()
    entries = _number("LocalAuthListCtrlr.Entries", 0, _RO, most=template.list_entries)
    found = index((*_USUAL, *_back_off(template), entries, *shown, *of_version, *_of_evses(template)))
    for name in template.lacks:
        _pop(found, name)
    for name, value in template.variables.items():
        _put(found, replace(_pop(found, name), value=value))
    for name in template.read_only:
        _put(found, replace(_pop(found, name), mutability=_RO))
    for name in template.needs_reboot:
        _put(found, replace(_pop(found, name), needs_reboot=True))
    return found


def _pop(found: dict[VariableRef, StationVariable], name: str) -> StationVariable:
    key = next(iter(index([StationVariable(ref=parse_name(name))])))
    try:
        return found.pop(key)
    except KeyError:
        raise TemplateError(f"a station of this kind has no variable {name}") from None


def _put(found: dict[VariableRef, StationVariable], variable: StationVariable) -> None:
    found |= index([variable])


def _back_off(template: StationTemplate) -> Iterator[StationVariable]:
    """As the version prescribes."""
    rule = default_back_off(template.ocpp.subprotocol)
    yield _number("OCPPCommCtrlr.RetryBackOffWaitMinimum", int(rule.wait_minimum_s), unit="s")
    yield _number("OCPPCommCtrlr.RetryBackOffRandomRange", int(rule.random_range_s), unit="s")
    yield _number("OCPPCommCtrlr.RetryBackOffRepeatTimes", rule.repeat_times)


def power_of(evse_id: int) -> VariableRef:
    """What an EVSE delivers now."""
    return VariableRef("EVSE", "Power", evse_id=evse_id)


def _of_evses(template: StationTemplate) -> Iterator[StationVariable]:
    for evse_id, evse in enumerate(template.evses, 1):
        yield StationVariable(
            ref=VariableRef("EVSE", "AvailabilityState", evse_id=evse_id), value="Available", mutability=_RO
        )
        yield StationVariable(
            ref=power_of(evse_id),
            value="0",
            kind=Kind.DECIMAL,
            mutability=_RO,
            unit="W",
            minimum=0,
            maximum=evse.max_power_w,
            attributes=(("MaxSet", f"{evse.max_power_w:g}"),),
        )
        for connector_id in range(1, evse.connectors + 1):
            ref = VariableRef("Connector", "ConnectorType", evse_id=evse_id, connector_id=connector_id)
            kind = "sType2" if evse.has_socket else "cType2"
            yield StationVariable(ref=ref, value=kind, mutability=_RO)
