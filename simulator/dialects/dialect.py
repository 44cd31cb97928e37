"""What a dialect is: the station's messages and the central system's commands in one version's words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from ocppj.model.command import Command as ModelCommand
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef
from simulator.commands import Answer, Command
from simulator.messages import Booted, Message, Noted, Reply, StatusReport
from simulator.template import StationIdentity, StationTemplate
from simulator.variables import Variable


class WireCall(NamedTuple):
    """An action and its payload as JSON values."""

    action: str
    payload: dict[str, Any]


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Words:
    """One version's tables."""

    version: OcppVersion
    habits: Habits
    booted: Callable[[Booted, StationIdentity], WireCall]
    """The request that tells who the station is."""
    requests: Mapping[type[Any], Callable[[Any], WireCall | None]]
    """By message, the request that tells it; None where the version tells it otherwise or not at all."""
    completed: Callable[[WireCall, str | None], WireCall]
    """A transaction's queued request with the id that the central system has meanwhile given to it."""
    replies: Mapping[str, Callable[[Any], Reply]]
    """By action, how a response (a message struct) is read, where it says more than that it arrived."""
    status_words: Callable[[StatusReport], tuple[str, str | None]]
    """The status as the version shows it: only a change of these is worth a message."""
    commands: Mapping[str, Callable[[Any], Command]]
    """By action, the command in a request (a message struct)."""
    responses: Mapping[type[Any], Callable[[Answer], Mapping[str, Any]]]
    """By command, the payload that answers, where it is more than the status."""
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

    def request(self, message: Message) -> WireCall | None:
        """The request that tells `message`; None where the version tells it otherwise or not at all."""
        if isinstance(message, Booted):
            return self.words.booted(message, self.identity)
        tell = self.words.requests.get(type(message))
        return tell(message) if tell is not None else None

    def completed(self, call: WireCall, csms_id: str | None) -> WireCall:
        """A transaction's queued request with the id that the central system has meanwhile given to it."""
        return self.words.completed(call, csms_id)

    def reply(self, message_action: str, response: Any) -> Reply:
        """What a response (a message struct) says."""
        read = self.words.replies.get(message_action)
        return read(response) if read is not None else Noted()

    def status_words(self, report: StatusReport) -> tuple[str, str | None]:
        """The status as the version shows it: only a change of these is worth a message."""
        return self.words.status_words(report)

    def command(self, action: str, request: Any) -> Command | None:
        """The command in a request (a message struct); None for one that this station does not have."""
        read = self.words.commands.get(action)
        if read is None:
            return translation_for(self.version).command(action, request)
        return read(request)

    def response(self, command: Command, answer: Answer) -> Mapping[str, Any]:
        """The payload that answers."""
        if isinstance(command, ModelCommand):
            return translation_for(self.version).response(command, command.answer(answer.status))
        say = self.words.responses.get(type(command))
        return say(answer) if say is not None else {"status": answer.status}

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
