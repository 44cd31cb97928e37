"""Talking to a station during activation: each exchange leaves evidence; silence is not a "no".

NoAnswer               the exchange did not come through: try again
├── NotConnected       there is no link; the next one starts the activation again
├── NotRegistered      there is a link, and its boot is not answered yet
└── StationErred       a CALLERROR, or nonsense: worth a few more tries, not endless ones
FeatureLacking         the station, or its OCPP version, has no such thing
"""

import asyncio
import json
from collections.abc import Awaitable, Callable

from csms.commands import StationCommands
from csms.domain.commands import CommandOutcome, Outcome
from csms.domain.links import LinkView
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.local_list import ListVersionAnswer, SendLocalList
from ocppj.model.variables import GetVariables, SetVariables, VariableAssignment, VariableResult, results_of
from ocppj.vocabulary import RegistrationStatus, StationId, VariableRef
from provisioning.activation.first_statuses import FirstStatuses
from provisioning.activation.runs import Evidence, StepState, state_after
from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.records import Device
from runtime.wording import Phrase

ORIGIN = "provisioning"
EVIDENCE_CHARACTERS = 300
"""One exchange is told in at most so many characters."""
OFFLINE = Phrase("la borne n'est pas connectée", "the station is not connected")
UNREGISTERED = Phrase("la borne ne s'est pas encore présentée", "the station's boot is not answered yet")
_LACKING = {"UnknownVariable", "UnknownComponent", "NotSupported", "NotSupportedAttributeType", "UnknownKey"}
_NO_SUCH_THING = {"NotImplemented", "NotSupported"}
_OUTCOMES = {
    Outcome.TIMEOUT: Phrase("elle ne répond pas", "no answer"),
    Outcome.OFFLINE: OFFLINE,
    Outcome.ELSEWHERE: Phrase("reliée à un autre serveur", "connected to another server"),
    Outcome.REPLACED: Phrase("elle s'est reconnectée entre-temps", "it reconnected meanwhile"),
    Outcome.UNKNOWN: Phrase("connexion perdue", "the connection was lost"),
    Outcome.BUSY: Phrase("trop de commandes en attente", "too many commands are waiting"),
}


class NoAnswer(Exception):  # noqa: N818 - what happened
    """The exchange did not come through: try again. `reason` says what happened."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason.en)
        self.reason = reason


class NotConnected(NoAnswer):
    """There is no link."""

    def __init__(self) -> None:
        super().__init__(OFFLINE)


class NotRegistered(NoAnswer):
    """Nothing may be sent on the link yet."""

    def __init__(self) -> None:
        super().__init__(UNREGISTERED)


class StationErred(NoAnswer):
    """The station answered with a CALLERROR, or with nonsense; worth a few more tries, not endless ones."""


class FeatureLacking(Exception):  # noqa: N818 - what was found
    """The station, or its OCPP version, has no such thing. The text says which."""


class StationDialog:
    """One try of one step. `evidence` and `remarks` are what the step leaves behind.

    `slots` bounds how many commands are open over all stations; it is held for one command, never while
    waiting for something else. Nothing is sent before `first` has heard what follows a boot.
    """

    def __init__(
        self,
        commands: StationCommands,
        station_id: StationId,
        timeout_s: float,
        slots: asyncio.Semaphore,
        first: FirstStatuses | None = None,
    ) -> None:
        self._commands, self.station_id, self._timeout_s, self._slots = commands, station_id, timeout_s, slots
        self._first = first
        self.evidence: list[Evidence] = []
        self.remarks: list[Blocker] = []
        self.confirmed: set[str] = set()
        """The keys that were read back as they should be."""
        self.needs_restart = False
        self.facts: list[Callable[[Device], Device]] = []
        """What the step found out of the device; stored with it, in one change."""
        self.afterwards: list[Callable[[], Awaitable[None]]] = []
        """What may happen only when that is stored."""

    @property
    def link(self) -> LinkView:
        """The live link. Raises NotConnected without one."""
        link = self._commands.link(self.station_id)
        if link is None:
            raise NotConnected
        return link

    @property
    def state(self) -> StepState:
        """What the remarks amount to."""
        return state_after(self.remarks)

    def remark(self, code: Code, **fields: object) -> None:
        """Leave a line that people will see."""
        self.remarks.append(blocker(code, **fields))

    def note(self, sent: str, answered: str, read_back: str | None = None) -> None:
        """Leave a line of what was tried and what came of it; the same one only once."""
        line = Evidence(sent, answered, read_back)
        if not self.evidence or self.evidence[-1] != line:
            self.evidence.append(line)

    def found(self, device: Device) -> Device:
        """The device with what the step found out of it."""
        for fact in self.facts:
            device = fact(device)
        return device

    def is_gone(self, link: LinkView) -> bool:
        """Whether the station has left this link."""
        now = self._commands.link(self.station_id)
        return now is None or now.epoch > link.epoch

    async def send(self, command: Command) -> CommandAnswer:
        """The station's answer, whatever it says. Raises NoAnswer or FeatureLacking."""
        self._assert_registered()
        if self._first is not None:
            await self._first.settled(self.station_id)
            self._assert_registered()
        async with self._slots:
            outcome = await self._commands.send(
                self.station_id, command, timeout_s=self._timeout_s, origin=ORIGIN, before_accepted=True
            )
        if outcome.outcome is Outcome.RESULT and outcome.answer is not None:
            self.evidence.append(Evidence(_command_text(command), _answer_text(outcome.answer)))
            return outcome.answer
        reason = outcome.error_code or outcome.outcome.value
        self.evidence.append(Evidence(_command_text(command), reason))
        raise _failure(command, outcome)

    async def read(self, *refs: VariableRef) -> dict[VariableRef, VariableResult]:
        """What the station says of these variables; those it lacks are absent."""
        answer = await self.send(GetVariables(refs))
        return {result.ref: result for result in results_of(answer) if result.is_accepted}

    async def assign(
        self, ref: VariableRef, value: str, *, is_secret: bool = False, is_read_back: bool = True
    ) -> bool:
        """Set one variable and read it back; whether it is (or will be, after a restart) in force.

        What the station refuses, lacks or reports differently becomes a remark. Secrets cannot be read.
        """
        try:
            answer = await self.send(SetVariables((VariableAssignment(ref, value, is_secret=is_secret),)))
        except FeatureLacking:
            self.remark(Code.KEY_LACKING, key=ref)
            return False
        result = next(iter(results_of(answer)), None)
        status = result.status if result is not None else answer.status
        if status in _LACKING:
            self.remark(Code.KEY_LACKING, key=ref)
            return False
        if status not in ("Accepted", "RebootRequired"):
            self.remark(Code.KEY_REFUSED, key=ref, reason=status)
            return False
        self.needs_restart |= status == "RebootRequired"
        if is_secret or not is_read_back or status == "RebootRequired":
            return True
        return await self.confirm(ref, value)

    async def confirm(self, ref: VariableRef, value: str) -> bool:
        """Read a variable back and compare; False where it is another than was asked for.

        A station that does not tell the value (no value, no such variable) has proved nothing: that is said.
        """
        try:
            found = (await self.read(ref)).get(ref)
        except FeatureLacking as lacking:
            return self._cannot_read(lacking)
        reported = found.value if found is not None else None
        self.evidence[-1] = Evidence(f"read {ref}", self.evidence[-1].answered, reported)
        if reported is None:
            self.remark(Code.NOT_PROVED, key=ref, asked=value)
            return True
        if is_same(reported, value):
            self.confirmed.add(str(ref))
            return True
        self.remark(Code.CONFIG_DRIFT, key=ref, asked=value, reported=reported or "–")
        return False

    def _cannot_read(self, lacking: FeatureLacking) -> bool:
        """A station that reads nothing back is believed, and told on once."""
        remark = blocker(Code.KEY_LACKING, key=lacking)
        if remark not in self.remarks:
            self.remarks.append(remark)
        return True

    def _assert_registered(self) -> None:
        """A station that was never answered, or that was rejected, must not be asked anything (B03.FR.03)."""
        if self.link.registration in (None, RegistrationStatus.REJECTED):
            raise NotRegistered


def is_same(reported: str, wanted: str) -> bool:
    """Stations write numbers, booleans and JSON in their own way."""
    if reported.strip().casefold() == wanted.strip().casefold():
        return True
    try:
        return bool(json.loads(reported) == json.loads(wanted))
    except (ValueError, RecursionError):
        return False


def _failure(command: Command, outcome: CommandOutcome) -> Exception:
    if outcome.outcome is Outcome.UNSUPPORTED or outcome.error_code in _NO_SUCH_THING:
        return FeatureLacking(type(command).__name__)
    if outcome.outcome in _OUTCOMES:
        return NoAnswer(_OUTCOMES[outcome.outcome])
    code = outcome.error_code or outcome.outcome.value
    return StationErred(Phrase(f"erreur {code}", f"error {code}"))


def _command_text(command: Command) -> str:
    """For people; a secret's own repr is stars."""
    match command:
        case SetVariables(assignments):
            shown = (f"{each.ref}={'***' if each.is_secret else each.value}" for each in assignments)
            return _short("set " + ", ".join(shown))
        case GetVariables(refs):
            return _short("read " + ", ".join(map(str, refs)))
        case SendLocalList(version, update, entries):
            return f"{update.value} local list, version {version}, tokens: {len(entries)}"
        case _:
            return _short(repr(command))


def _answer_text(answer: CommandAnswer) -> str:
    parts = [answer.status]
    parts += [f"{result.ref}: {result.status}" for result in results_of(answer)]
    if isinstance(answer, ListVersionAnswer):
        parts.append(f"version {answer.local_list_version}")
    if answer.reason:
        parts.append(answer.reason)
    return _short("; ".join(parts))


def _short(text: str) -> str:
    return text if len(text) <= EVIDENCE_CHARACTERS else text[: EVIDENCE_CHARACTERS - 1] + "…"
