"""Commands on their way: a row before anything is sent, one end, its row before anybody is told of it."""

import asyncio
import contextlib
from dataclasses import replace
from typing import cast

import structlog

from csms.domain.commands import CommandOutcome, Outcome, RawCall
from csms.domain.passwords import is_refused, passwords_in
from csms.domain.raw_answers import is_good_answer
from csms.domain.secrets import mask_answer
from csms.errors import StorageUnavailable
from csms.gateway.call_queue import NOT_SENT, CallOutcome, unready_reason
from csms.gateway.link import StationLink
from csms.gateway.link_context import LinkContext
from csms.gateway.ports import CommandLog, StationLimits, Whereabouts
from csms.ports import PasswordUnfit
from ocppj.command_check import refusal
from ocppj.dividing import NO_LIMITS, MessageLimits
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.variables import SetVariables
from ocppj.translation import Translation, WireCall, translation_for
from ocppj.vocabulary import StationId
from runtime.errors import DatabaseProblem

log = structlog.get_logger("csms.gateway")

NOT_KEPT = "not sent, because nothing can be stored now"
END_NOT_KEPT = "the station was asked, but what came of it cannot be stored now"


class CommandSender:
    """Asks stations over their current links, and keeps what was asked and what came of it."""

    def __init__(
        self,
        context: LinkContext,
        command_log: CommandLog,
        whereabouts: Whereabouts | None = None,
        station_limits: StationLimits | None = None,
    ) -> None:
        """Without `whereabouts` every link there is is held here; without `station_limits` nothing is
        divided.
        """
        self._context = context
        self._station_limits = station_limits
        self._command_log = command_log
        self._whereabouts = whereabouts

    async def send(
        self,
        station_id: StationId,
        command: Command | RawCall,
        timeout_s: float,
        origin: str,
        *,
        before_accepted: bool,
    ) -> CommandOutcome:
        """Send, and wait for the one end; it is recorded even if the caller gives up."""
        command_id = str(self._context.chance.uuid())
        work = self._run(command_id, station_id, command, timeout_s, origin, before_accepted=before_accepted)
        return cast("CommandOutcome", await asyncio.shield(self._context.tasks.start(work, name="command")))

    async def _run(
        self,
        command_id: str,
        station_id: StationId,
        command: Command | RawCall,
        timeout_s: float,
        origin: str,
        *,
        before_accepted: bool,
    ) -> CommandOutcome:
        clock, commands = self._context.clock, self._command_log
        try:
            await commands.command_sent(command_id, station_id, command, origin, clock.now())
        except StorageUnavailable as error:
            reason = f"{NOT_KEPT}: {error}"
            return self._counted(command, CommandOutcome(Outcome.BUSY, command_id, error_description=reason))
        try:
            outcome = await self._request(
                command_id, station_id, command, timeout_s, before_accepted=before_accepted
            )
        except asyncio.CancelledError:  # this process stops while the station thinks
            outcome = CommandOutcome(Outcome.UNKNOWN, command_id, error_description="the server was stopped")
        try:
            await commands.command_finished(command_id, station_id, outcome, clock.now())
        except StorageUnavailable as error:
            where = {"station_id": station_id, "command_id": command_id}
            log.warning("command_end_not_stored", **where, error=str(error))
            outcome = CommandOutcome(Outcome.UNKNOWN, command_id, error_description=END_NOT_KEPT)
        return self._counted(command, outcome)

    def _counted(self, command: Command | RawCall, outcome: CommandOutcome) -> CommandOutcome:
        name = command.action if isinstance(command, RawCall) else type(command).__name__
        self._context.metrics.commands[name, outcome.outcome.value] += 1
        return outcome

    async def _request(
        self,
        command_id: str,
        station_id: StationId,
        command: Command | RawCall,
        timeout_s: float,
        *,
        before_accepted: bool,
    ) -> CommandOutcome:
        elsewhere = await self._elsewhere(command_id, station_id)
        if elsewhere is not None:
            return elsewhere
        link = await self._ready_link(station_id, timeout_s, before_accepted=before_accepted)
        if isinstance(link, str):
            return CommandOutcome(Outcome.OFFLINE, command_id, error_description=link)
        if isinstance(command, RawCall):
            result = await self._call(link, WireCall(command.action, command.payload), timeout_s)
            return _raw_outcome(command_id, command, link, result)
        if (unsupported := refusal(link.reception.version, command)) is not None:
            return CommandOutcome(Outcome.UNSUPPORTED, command_id, error_description=unsupported)
        limits = await self._limits(command_id, link, command)
        if isinstance(limits, CommandOutcome):
            return limits
        return await self._send_parts(command_id, link, command, timeout_s, limits)

    async def _send_parts(
        self, command_id: str, link: StationLink, command: Command, timeout_s: float, limits: MessageLimits
    ) -> CommandOutcome:
        """One CALL after the other, as long as the station goes along."""
        translation = translation_for(link.reception.version)
        results: list[CallOutcome] = []
        for wire in translation.calls(command, limits):
            result = await self._call(link, wire, timeout_s, _secrets_of(command))
            if result.outcome is not Outcome.RESULT:
                return _outcome(command_id, result)
            results.append(result)
            if command.ends_when_refused and not _answer_of(translation, command, results).is_accepted:
                break
        answer = _answer_of(translation, command, results)
        answer = mask_answer(answer, link.known_secrets)
        last = results[-1] if results else CallOutcome(Outcome.RESULT)
        payloads = [result.payload for result in results]
        return CommandOutcome(
            Outcome.RESULT,
            command_id,
            answer=answer,
            payload=payloads[0] if len(payloads) == 1 else payloads,
            seq=last.seq,
        )

    async def _limits(
        self, command_id: str, link: StationLink, command: Command
    ) -> MessageLimits | CommandOutcome:
        """How much the station takes in one message, or why it cannot be asked this at all."""
        if self._station_limits is None:
            return NO_LIMITS
        try:
            limits = await self._station_limits.limits(link.station_id, command)
        except DatabaseProblem as problem:
            reason = f"not sent, because nobody can tell how much the station takes: {problem}"
            return CommandOutcome(Outcome.BUSY, command_id, error_description=reason)
        beyond = translation_for(link.reception.version).too_much(command, limits)
        if beyond is not None:
            return CommandOutcome(Outcome.UNSUPPORTED, command_id, error_description=beyond)
        return limits

    async def _call(
        self, link: StationLink, wire: WireCall, timeout_s: float, secrets: tuple[str, ...] = ()
    ) -> CallOutcome:
        """One CALL. Before it gives a station a password, whoever keeps those knows it (A01)."""
        keeper, passwords = self._context.policies.credentials, passwords_in(wire.action, wire.payload)
        if keeper is None or not passwords:
            return await link.call(wire, timeout_s, secrets)
        if len(passwords) > 1:
            return CallOutcome(Outcome.UNFIT, error_description="a station has one password at a time")
        try:
            await keeper.offered(link.station_id, link.reception.version, passwords[0])
        except PasswordUnfit as unfit:
            return CallOutcome(Outcome.UNFIT, error_description=str(unfit))
        result = await link.call(wire, timeout_s, secrets)
        never_sent = result.outcome in (Outcome.OFFLINE, Outcome.BUSY) or result.error_code == NOT_SENT
        if never_sent or (result.outcome is Outcome.RESULT and is_refused(wire.action, result.payload)):
            await keeper.refused(link.station_id)
        return result

    async def _elsewhere(self, command_id: str, station_id: StationId) -> CommandOutcome | None:
        """What to say of a station whose link another node holds; what is here of it is over."""
        if self._whereabouts is None:
            return None
        link = self._context.links.get(station_id)
        try:
            elsewhere = (await self._whereabouts.links_elsewhere([station_id])).get(station_id)
        except DatabaseProblem as problem:
            reason = f"not sent, because nobody can tell where the station is: {problem}"
            return CommandOutcome(Outcome.BUSY, command_id, error_description=reason)
        if elsewhere is None or (link is not None and link.epoch > elsewhere.epoch):
            return None
        if link is not None:
            link.replace()
        reason = f"the station is connected to node {elsewhere.node}: ask it there, at that server's API"
        return CommandOutcome(Outcome.ELSEWHERE, command_id, error_description=reason)

    async def _ready_link(
        self, station_id: StationId, timeout_s: float, *, before_accepted: bool
    ) -> StationLink | str:
        """The link to ask over, once it is known whether its station may be asked; or why it may not."""
        link = self._context.links.get(station_id)
        if link is not None and link.registration is None:
            with contextlib.suppress(TimeoutError):
                async with self._context.clock.timeout(timeout_s):
                    await link.settled()
            link = self._context.links.get(station_id)
        if link is None:
            return "the station is not connected"
        return unready_reason(link.registration, before_accepted=before_accepted) or link


def _answer_of(translation: Translation, command: Command, results: list[CallOutcome]) -> CommandAnswer:
    return translation.answer(command, [result.response for result in results])


def _secrets_of(command: Command) -> tuple[str, ...]:
    """The values that the caller calls secret, whatever they are named."""
    if not isinstance(command, SetVariables):
        return ()
    return tuple(each.value for each in command.assignments if each.is_secret and each.value)


def _raw_outcome(command_id: str, call: RawCall, link: StationLink, result: CallOutcome) -> CommandOutcome:
    """Its payload as it came; of one that is a command also what that says."""
    outcome = _outcome(command_id, result)
    if result.outcome is not Outcome.RESULT:
        return outcome
    is_good, meant = is_good_answer(result.payload), None
    translation = translation_for(link.reception.version)
    if call.meant is not None and type(call.meant) is translation.our_command(call.action):
        meant = mask_answer(translation.answer(call.meant, [result.response]), link.known_secrets)
    return replace(outcome, is_good=is_good, meant=meant)


def _outcome(command_id: str, result: CallOutcome) -> CommandOutcome:
    return CommandOutcome(
        result.outcome,
        command_id,
        payload=result.payload,
        error_code=result.error_code,
        error_description=result.error_description,
        seq=result.seq,
        is_unreadable=result.is_unreadable,
    )
