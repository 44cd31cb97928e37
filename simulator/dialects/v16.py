"""A station that speaks OCPP 1.6 (with the security extension)."""

from collections.abc import Iterator
from functools import partial

from ocppj.v16 import convert
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef
from simulator.dialects.dialect import Dialect, Habits, Words
from simulator.template import StationTemplate
from simulator.variables import Kind, Mutability, Variable

UNKNOWN_TRANSACTION = -1
"""For a transaction whose start was never answered: 1.6 leaves it open, stations send -1 (quirk 36)."""


def variables_v16(template: StationTemplate) -> Iterator[Variable]:
    """The 1.6 keys without a standard variable (§9)."""
    yield _key("NumberOfConnectors", str(len(template.evses)))
    yield _key("SupportedFeatureProfiles", "Core,LocalAuthListManagement,RemoteTrigger", Mutability.READ_ONLY)
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
) -> Variable:
    longest = 500 if kind is Kind.STRING else None
    return Variable(
        ref=convert.variable_from_v16(name), value=value, kind=kind, mutability=mutability, maximum=longest
    )


def _shows(ref: VariableRef) -> bool:
    """Variables with a configuration key."""
    return ref.evse_id is None and convert.variable_to_v16(ref) is not None


def _password_bytes(value: str) -> str:
    """1.6 security whitepaper §2.4.1: AuthorizationKey is 16 to 20 bytes, written in hexadecimal.

    Anything else becomes a text that is too short, which the store refuses.
    """
    try:
        key = bytes.fromhex(value)
    except ValueError:
        return ""
    return key.decode("latin-1") if len(key) <= 20 else ""


V16 = Words(
    version=OcppVersion.V16,
    habits=Habits(
        waits_for_idle=False,
        unlock_ends_transaction=True,
        boots_on_trigger=True,
        is_silent_when_rejected=True,
        reports_whole_station=True,
        occupied_needs_cable=False,
        repeats_place=True,
        vendor_characters=20,
        empty_list_has_version=False,
        takes_list_version_zero=True,
        triggered_measurands=("SampledDataCtrlr", "TxUpdatedMeasurands"),
        ended_interval=("SampledDataCtrlr", "TxUpdatedInterval"),
        ended_aligned_interval=("AlignedDataCtrlr", "Interval"),
        fixed_points=(("PowerPathClosed",), ("Authorized",)),
        stored_password=_password_bytes,
    ),
    shows=_shows,
)
V16Dialect = partial(Dialect, V16)
