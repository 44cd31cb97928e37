"""Talking to a station during activation: each exchange leaves evidence; silence is not a "no"."""

from csms.commands import StationCommands
from csms.domain.commands import (
    Command,
    CommandAnswer,
    GetVariables,
    Outcome,
    SetVariables,
    VariableAssignment,
    VariableResult,
)
from csms.domain.links import LinkView
from ocppj.vocabulary import StationId, VariableRef
from provisioning.activation.runs import Evidence, StepState
from provisioning.catalogue import Blocker, Code, blocker

ORIGIN = "provisioning"
_LACKING = {"UnknownVariable", "UnknownComponent", "NotSupported", "NotSupportedAttributeType", "UnknownKey"}
_NO_SUCH_THING = {"NotImplemented", "NotSupported"}
_ONLY_LACKING = {Code.KEY_LACKING, Code.TARIFF_NOT_REPRESENTABLE, Code.LIST_TOO_LONG}


class NoAnswer(Exception):  # noqa: N818 - what happened
    """The exchange did not come through: try again. The text says what happened."""


class StationErred(NoAnswer):
    """The station answered with a CALLERROR, or with nonsense; worth a few more tries, not endless ones."""


class FeatureLacking(Exception):  # noqa: N818 - what was found
    """The station, or its OCPP version, has no such thing. The text says which."""


class Conversation:
    """One try of one step. `evidence` and `remarks` are what the step leaves behind."""

    def __init__(self, commands: StationCommands, station_id: StationId, timeout_s: float) -> None:
        self._commands, self.station_id, self._timeout_s = commands, station_id, timeout_s
        self.evidence: list[Evidence] = []
        self.remarks: list[Blocker] = []
        self.needs_restart = False

    @property
    def link(self) -> LinkView:
        """The live link. Raises NoAnswer without one."""
        link = self._commands.link(self.station_id)
        if link is None:
            raise NoAnswer("offline")
        return link

    @property
    def state(self) -> StepState:
        """What the remarks amount to."""
        if not self.remarks:
            return StepState.DONE
        is_lacking = all(remark.code in _ONLY_LACKING for remark in self.remarks)
        return StepState.LACKING if is_lacking else StepState.REFUSED

    def remark(self, code: Code, **fields: object) -> None:
        """Leave a line that people will see."""
        self.remarks.append(blocker(code, **fields))

    async def send(self, command: Command) -> CommandAnswer:
        """The station's answer, whatever it says. Raises NoAnswer or FeatureLacking."""
        self._assert_registered()
        outcome = await self._commands.send(
            self.station_id, command, timeout_s=self._timeout_s, origin=ORIGIN, before_accepted=True
        )
        if outcome.outcome is Outcome.RESULT and outcome.answer is not None:
            self.evidence.append(Evidence(_command_text(command), _answer_text(outcome.answer)))
            return outcome.answer
        reason = outcome.error_code or outcome.outcome.value
        self.evidence.append(Evidence(_command_text(command), reason))
        is_lacking = outcome.outcome is Outcome.UNSUPPORTED or outcome.error_code in _NO_SUCH_THING
        if is_lacking:
            raise FeatureLacking(type(command).__name__)
        if outcome.outcome is Outcome.ERROR:
            raise StationErred(reason)
        raise NoAnswer(reason)

    async def read(self, *refs: VariableRef) -> dict[VariableRef, VariableResult]:
        """What the station says of these variables; those it lacks are absent."""
        answer = await self.send(GetVariables(refs))
        return {result.ref: result for result in answer.variables if result.is_accepted}

    async def assign(self, ref: VariableRef, value: str, *, is_secret: bool = False) -> bool:
        """Set one variable and read it back; whether it is (or will be, after a restart) in force.

        What the station refuses, lacks or reports differently becomes a remark.
        """
        answer = await self.send(SetVariables((VariableAssignment(ref, value, is_secret=is_secret),)))
        result = next(iter(answer.variables), None)
        status = result.status if result is not None else answer.status
        if status == "RebootRequired":
            self.needs_restart = True
        elif status in _LACKING:
            self.remark(Code.KEY_LACKING, key=ref)
            return False
        elif status != "Accepted":
            self.remark(Code.KEY_REFUSED, key=ref, reason=status)
            return False
        if is_secret:
            return True
        return await self.confirm(ref, value, is_pending=status == "RebootRequired")

    async def confirm(self, ref: VariableRef, value: str, *, is_pending: bool = False) -> bool:
        """Read a variable back and compare; a difference is drift, unless a restart is still due."""
        found = (await self.read(ref)).get(ref)
        reported = found.value if found is not None else None
        self.evidence[-1] = Evidence(f"read {ref}", self.evidence[-1].answered, reported)
        if reported is None or is_pending or _is_same(reported, value):
            return True
        self.remark(Code.CONFIG_DRIFT, key=ref, asked=value, reported=reported)
        return False

    def _assert_registered(self) -> None:
        if self.link.registration is None:
            raise NoAnswer("its boot is not answered yet")


def _is_same(reported: str, asked: str) -> bool:
    """Stations write numbers and booleans in their own way."""
    if reported.strip().casefold() == asked.strip().casefold():
        return True
    try:
        return float(reported) == float(asked)
    except ValueError:
        return False


def _command_text(command: Command) -> str:
    """For people; a secret's own repr is stars."""
    match command:
        case SetVariables(assignments):
            shown = (f"{each.ref}={'***' if each.is_secret else each.value}" for each in assignments)
            return "set " + ", ".join(shown)
        case GetVariables(refs):
            return "read " + ", ".join(map(str, refs))
        case _:
            return _short(repr(command))


def _answer_text(answer: CommandAnswer) -> str:
    parts = [answer.status]
    parts += [f"{result.ref}: {result.status}" for result in answer.variables]
    if answer.local_list_version is not None:
        parts.append(f"version {answer.local_list_version}")
    if answer.reason:
        parts.append(answer.reason)
    return _short("; ".join(parts))


def _short(text: str, limit: int = 300) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
