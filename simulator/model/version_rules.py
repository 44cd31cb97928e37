"""Where the versions ask different things of a station, not just different words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ocppj.model.messages import Reply, StationMessage
from ocppj.translation import Translation, WireCall, translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, VariableRef


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VersionRules:
    """What a version asks of a station. Get them from `RULES`."""

    version: OcppVersion
    waits_for_idle: bool
    """A reset on idle waits until cars are gone (2.x B12); 1.6 ends the transactions (§5.14 Soft)."""
    unlock_ends_transaction: bool
    """1.6 §5.18 stops the transaction; 2.x F05.FR.02 refuses instead."""
    boots_on_trigger: bool
    """Whether an accepted station boots again when triggered; 2.x F06.FR.17 refuses."""
    is_silent_when_rejected: bool
    """While Rejected, 1.6 answers nothing (§4.2); 2.x answers SecurityError (B03.FR.08)."""
    reports_whole_station: bool
    """1.6 has a status for connector 0."""
    occupied_needs_cable: bool
    """Whether an authorized driver occupies the connector only once the cable is in (2.x B04)."""
    repeats_place: bool
    """1.6 names the connector in each message of a transaction; 2.x once (E01.FR.16)."""
    vendor_characters: int
    """The longest name of a vendor."""
    empty_list_has_version: bool
    """1.6 §5.10: an empty list has version 0, whatever was sent; 2.x D01.FR.04 keeps the number."""
    accepts_list_version_zero: bool
    """1.6 §5.10: version 0 is the empty list, and a full update to it clears; 2.x D01.FR.18 forbids it."""
    triggered_measurands: tuple[str, str]
    """(component, variable): what a triggered MeterValues holds (1.6 §5.17, 2.x F06.FR.06)."""
    ended_interval: tuple[str, str]
    """(component, variable): how often values are sampled for the end of a transaction. 1.6 has one interval
    for all samples (§9.1.27 StopTxnSampledData)."""
    ended_aligned_interval: tuple[str, str]
    """The same for clock-aligned values (1.6 §9.1.25 StopTxnAlignedData)."""
    fixed_points: tuple[tuple[str, ...], tuple[str, ...]] | None
    """(start points, stop points) where no variable says them: a transaction of 1.6 begins when cable and
    driver are there (§4.8); a pulled cable ends it only by StopTransactionOnEVSideDisconnect (§9.1.23)."""
    replaces_same_level: bool
    """1.6 §3.13.2: a charging profile of the same purpose and stack level is replaced; 2.x K01.FR.05 replaces
    by id alone. 1.6 §7.13 also lets a schedule do without a start."""
    profile_names_transaction: bool
    """2.x K01.FR.03: a TxProfile names its transaction; in 1.6 §7.8 it may."""
    reports_who_monitors: bool
    """2.1 VariableMonitoringType.eventNotificationType: who has set a monitor."""
    rate_units: tuple[str, str]
    """(component, variable): the units of charging schedules; 1.6 §9.4.2 calls them otherwise."""
    stored_password: Callable[[str], str]
    """The bytes of a password that was set, one character each, as the store keeps it: the versions write it
    differently."""

    @property
    def translation(self) -> Translation:
        """The version's words."""
        return translation_for(self.version)

    def request(self, message: StationMessage) -> WireCall | None:
        """The request that tells `message`; None where the version tells it otherwise or not at all."""
        return self.translation.request(message)

    def reply(self, action: str, response: Any) -> Reply:
        """What a response (a message struct) says."""
        return self.translation.reply(action, response)

    def shows(self, ref: VariableRef) -> bool:
        """Whether the version can name the variable."""
        return self.translation.names_variable(ref)


def _password_v16(value: str) -> str:
    """1.6 security whitepaper §2.4.1: AuthorizationKey is 16 to 20 bytes, written in hexadecimal.

    Anything else becomes a text that is too short, which the store refuses.
    """
    try:
        key = bytes.fromhex(value)
    except ValueError:
        return ""
    return key.decode("latin-1") if len(key) <= 20 else ""


def _password_v2x(value: str) -> str:
    """2.x writes the password itself."""
    return value.encode().decode("latin-1")


_V16 = VersionRules(
    version=OcppVersion.V16,
    waits_for_idle=False,
    unlock_ends_transaction=True,
    boots_on_trigger=True,
    is_silent_when_rejected=True,
    reports_whole_station=True,
    occupied_needs_cable=False,
    repeats_place=True,
    vendor_characters=20,
    empty_list_has_version=False,
    accepts_list_version_zero=True,
    triggered_measurands=("SampledDataCtrlr", "TxUpdatedMeasurands"),
    ended_interval=("SampledDataCtrlr", "TxUpdatedInterval"),
    ended_aligned_interval=("AlignedDataCtrlr", "Interval"),
    fixed_points=(("PowerPathClosed",), ("Authorized",)),
    replaces_same_level=True,
    profile_names_transaction=False,
    reports_who_monitors=False,
    rate_units=(CONFIGURATION_KEY_COMPONENT, "ChargingScheduleAllowedChargingRateUnit"),
    stored_password=_password_v16,
)
_V2X = VersionRules(
    version=OcppVersion.V201,
    waits_for_idle=True,
    unlock_ends_transaction=False,
    boots_on_trigger=False,
    is_silent_when_rejected=False,
    reports_whole_station=False,
    occupied_needs_cable=True,
    repeats_place=False,
    vendor_characters=50,
    empty_list_has_version=True,
    accepts_list_version_zero=False,
    triggered_measurands=("AlignedDataCtrlr", "Measurands"),
    ended_interval=("SampledDataCtrlr", "TxEndedInterval"),
    ended_aligned_interval=("AlignedDataCtrlr", "TxEndedInterval"),
    fixed_points=None,
    replaces_same_level=False,
    profile_names_transaction=True,
    reports_who_monitors=False,
    rate_units=("SmartChargingCtrlr", "RateUnit"),
    stored_password=_password_v2x,
)
RULES: Mapping[OcppVersion, VersionRules] = {
    OcppVersion.V16: _V16,
    OcppVersion.V201: _V2X,
    OcppVersion.V21: replace(_V2X, version=OcppVersion.V21, reports_who_monitors=True),
}
