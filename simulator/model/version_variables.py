"""The variables that a version adds to the usual ones."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ocppj.model.monitoring import MONITORING, ClearVariableMonitoring, SetVariableMonitoring
from ocppj.versions import OcppVersion
from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, VariableRef
from simulator.model.template import StationTemplate
from simulator.model.transaction_points import TRANSACTION_POINTS
from simulator.model.variables import Kind, Mutability, StationVariable

PROFILES_MOST = 20
"""Charging profiles that a station holds."""
MESSAGES_MOST = 10
"""Messages that a station's display holds."""
_SMART = "SmartChargingCtrlr"
DISPLAY = "DisplayMessageCtrlr"
FORMATS = ("ASCII", "UTF8")
PRIORITIES = ("AlwaysFront", "InFront", "NormalCycle")
STATES = ("Charging", "Faulted", "Idle", "Unavailable")
"""In which a message may be shown; 2.1 has a variable for it."""
DISPLAY_MESSAGES = VariableRef(DISPLAY, "DisplayMessages")
"""How many it holds."""


def _variables_v16(template: StationTemplate) -> Iterator[StationVariable]:
    """The 1.6 keys without a standard variable (§9)."""
    yield _key("NumberOfConnectors", str(len(template.evses)))
    yield _key(
        "SupportedFeatureProfiles",
        "Core,LocalAuthListManagement,RemoteTrigger,Reservation,SmartCharging",
        Mutability.READ_ONLY,
    )
    yield _key("ChargingScheduleAllowedChargingRateUnit", "Current,Power")
    yield _key("MaxChargingProfilesInstalled", str(PROFILES_MOST), kind=Kind.INTEGER)
    yield _key("LocalAuthListMaxLength", str(template.list_entries))
    yield _key("ConnectorPhaseRotation", "NotApplicable", Mutability.READ_WRITE)
    yield _key("BlinkRepeat", "3", Mutability.READ_WRITE, Kind.INTEGER)
    yield _key("LightIntensity", "80", Mutability.READ_WRITE, Kind.INTEGER)
    if template.shows_price:
        yield _key("CustomDisplayCostAndPrice", "true", Mutability.READ_ONLY, Kind.BOOLEAN)
        yield _key("DefaultPrice", "", Mutability.READ_WRITE)
        yield _key("DefaultPriceText", "", Mutability.READ_WRITE)


def _key(
    name: str, value: str, mutability: Mutability = Mutability.READ_ONLY, kind: Kind = Kind.STRING
) -> StationVariable:
    longest = 500 if kind is Kind.STRING else None
    return StationVariable(
        ref=VariableRef(CONFIGURATION_KEY_COMPONENT, name),
        value=value,
        kind=kind,
        mutability=mutability,
        maximum=longest,
    )


def _variables_v2x(template: StationTemplate) -> Iterator[StationVariable]:
    """What 2.x asks of every station beyond the usual ones: none that 1.6 would not show as well."""
    yield StationVariable(
        ref=VariableRef("ChargingStation", "SupplyPhases"),
        value=str(max(evse.phases for evse in template.evses)),
        kind=Kind.INTEGER,
        mutability=Mutability.READ_ONLY,
    )
    yield StationVariable(
        ref=VariableRef(_SMART, "RateUnit"),
        value="A,W",
        kind=Kind.MEMBER_LIST,
        options=("A", "W"),
        mutability=Mutability.READ_ONLY,
    )
    yield StationVariable(
        ref=VariableRef(_SMART, "Entries", variable_instance="ChargingProfiles"),
        value="0",
        kind=Kind.INTEGER,
        minimum=0,
        maximum=PROFILES_MOST,
        mutability=Mutability.READ_ONLY,
    )
    yield StationVariable(
        ref=VariableRef(_SMART, "LimitChangeSignificance"),
        value="1",
        kind=Kind.DECIMAL,
        unit="Percent",
        minimum=0,
        maximum=100,
    )
    yield _flag("NotifyChargingLimitWithSchedules", Mutability.READ_WRITE)
    for name in ("TxStartPoint", "TxStopPoint"):
        yield StationVariable(
            ref=VariableRef("TxCtrlr", name),
            value="PowerPathClosed",
            kind=Kind.MEMBER_LIST,
            options=TRANSACTION_POINTS,
            minimum=1,
        )
    for component in ("SampledDataCtrlr", "AlignedDataCtrlr"):
        yield StationVariable(
            ref=VariableRef(component, "TxEndedInterval"),
            value="0",
            kind=Kind.INTEGER,
            unit="s",
            minimum=0,
            maximum=86_400,
        )
    if template.shows_messages:
        yield from _display()
    yield from _monitoring()
    yield StationVariable(
        ref=VariableRef("ClockCtrlr", "DateTime"), kind=Kind.DATE_TIME, mutability=Mutability.READ_ONLY
    )


def _monitoring() -> Iterator[StationVariable]:
    """2.0.1 §2.11.1 to .9, 2.1 §2.13.1 to .9."""
    for name in ("Available", "Enabled"):
        yield StationVariable(
            ref=VariableRef(MONITORING, name),
            value="true",
            kind=Kind.BOOLEAN,
            mutability=Mutability.READ_ONLY if name == "Available" else Mutability.READ_WRITE,
        )
    for name, value in (("ItemsPerMessage", "20"), ("BytesPerMessage", "65536")):
        for command in (SetVariableMonitoring, ClearVariableMonitoring):
            yield StationVariable(
                ref=VariableRef(MONITORING, name, variable_instance=command.__name__),
                value=value,
                kind=Kind.INTEGER,
                mutability=Mutability.READ_ONLY,
            )
    yield StationVariable(
        ref=VariableRef(MONITORING, "OfflineQueuingSeverity"),
        value="9",
        kind=Kind.INTEGER,
        minimum=0,
        maximum=9,
    )
    yield StationVariable(
        ref=VariableRef(MONITORING, "ActiveMonitoringBase"),
        value="All",
        kind=Kind.OPTION_LIST,
        options=("All", "FactoryDefault", "HardwiredOnly"),
        mutability=Mutability.READ_ONLY,
    )
    yield StationVariable(
        ref=VariableRef(MONITORING, "ActiveMonitoringLevel"),
        value="9",
        kind=Kind.INTEGER,
        minimum=0,
        maximum=9,
        mutability=Mutability.READ_ONLY,
    )


def _flag(name: str, mutability: Mutability, instance: str | None = None) -> StationVariable:
    return StationVariable(
        ref=VariableRef(_SMART, name, variable_instance=instance),
        value="true",
        kind=Kind.BOOLEAN,
        mutability=mutability,
    )


def _display() -> Iterator[StationVariable]:
    """2.0.1 part 2 §2.12: what its display shows."""
    for name, mutability in (("Available", Mutability.READ_ONLY), ("Enabled", Mutability.READ_WRITE)):
        ref = VariableRef(DISPLAY, name)
        yield StationVariable(ref=ref, value="true", kind=Kind.BOOLEAN, mutability=mutability)
    yield StationVariable(
        ref=DISPLAY_MESSAGES,
        value="0",
        kind=Kind.INTEGER,
        minimum=0,
        maximum=MESSAGES_MOST,
        mutability=Mutability.READ_ONLY,
    )
    yield _members("SupportedFormats", FORMATS)
    yield _members("SupportedPriorities", PRIORITIES)


def _members(name: str, options: tuple[str, ...]) -> StationVariable:
    return StationVariable(
        ref=VariableRef(DISPLAY, name),
        value=",".join(options),
        kind=Kind.MEMBER_LIST,
        options=options,
        mutability=Mutability.READ_ONLY,
    )


def _variables_v21(template: StationTemplate) -> Iterator[StationVariable]:
    """What 2.1 has for smart charging alone (§2.11.17, .18)."""
    yield from _variables_v2x(template)
    yield StationVariable(
        ref=VariableRef(_SMART, "SupportedAdditionalPurposes"),
        value="PriorityCharging,LocalGeneration",
        kind=Kind.MEMBER_LIST,
        options=("PriorityCharging", "LocalGeneration"),
        mutability=Mutability.READ_ONLY,
    )
    yield _flag("SupportsFeature", Mutability.READ_ONLY, "DynamicProfiles")
    if template.shows_messages:
        yield _members("SupportedStates", (*STATES, "Suspended"))


VARIABLES_OF: Mapping[OcppVersion, Callable[[StationTemplate], Iterable[StationVariable]]] = {
    OcppVersion.V16: _variables_v16,
    OcppVersion.V201: _variables_v2x,
    OcppVersion.V21: _variables_v21,
}
