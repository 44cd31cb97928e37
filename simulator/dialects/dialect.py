"""What a dialect is: the station's messages and the central system's commands in one version's words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from ocppj.model.messages import Reply, StationMessage
from ocppj.translation import Translation, WireCall, translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef
from simulator.template import StationIdentity, StationTemplate
from simulator.variables import Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Where the versions ask different things of a station, not just different words."""

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
    takes_list_version_zero: bool
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
    stored_password: Callable[[str], str]
    """The bytes of a password that was set, one character each, as the store keeps it: the versions write it
    differently."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Words:
    """One version's tables."""

    version: OcppVersion
    habits: Habits
    shows: Callable[[VariableRef], bool]
    """Whether the version can name the variable."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version's words in the mouth of one station."""

    words: Words
    identity: StationIdentity

    @property
    def version(self) -> OcppVersion:
        """Which."""
        return self.words.version

    @property
    def habits(self) -> Habits:
        """What the version asks of a station."""
        return self.words.habits

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
        return self.words.shows(ref)


class DialectMaker(Protocol):
    """A version's dialects."""

    def __call__(self, identity: StationIdentity) -> Dialect:
        """The dialect of one station."""
        ...


class VersionVariables(Protocol):
    """The variables that a version adds to the usual ones."""

    def __call__(self, template: StationTemplate) -> Iterable[Variable]:
        """For a kind of station."""
        ...
