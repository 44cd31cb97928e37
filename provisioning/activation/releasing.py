"""The step that lets a station go: it has to boot once more, and that boot is Accepted.

A station was told when to come again. One that does not is helped: its connection is closed, then it is asked
to restart. What was tried is told to whoever has to go there in the end.
"""

from collections.abc import Awaitable, Callable

from ocppj.model.boot import Reset
from ocppj.model.remote_control import TriggerMessage
from ocppj.vocabulary import RegistrationStatus, ResetKind, TriggeredMessage
from provisioning.activation.conversation import Conversation, FeatureLacking, NoAnswer, NotConnected
from provisioning.activation.returning import Absence, Ending
from provisioning.activation.runs import Errand, Evidence, SentAway, StepState
from runtime.wording import Phrase

UNBOOTED = Phrase("elle ne se présente pas", "it does not boot")
_TRIED = {
    Errand.TRIGGER: "asked to boot",
    Errand.RECONNECT: "connection closed",
    Errand.RESTART: "asked to restart",
}
_ERRANDS = tuple(_TRIED)
BOOTS_WITHIN_S = 5.0
"""A station that connects and does not boot is asked to after so long (see the gateway's limits)."""


class BootMissing(NoAnswer):
    """All is configured, and whatever was tried the station does not boot."""

    def __init__(self) -> None:
        super().__init__(UNBOOTED)


class ReleaseStep:
    """Asks for the boot that will be Accepted. `is_active` says whether it came."""

    def __init__(
        self,
        pending_interval_s: float,
        is_active: Callable[[Conversation], bool],
        is_charging: Callable[[Conversation], Awaitable[bool]],
    ) -> None:
        self._pending_interval_s, self._is_active, self._is_charging = (
            pending_interval_s,
            is_active,
            is_charging,
        )

    async def perform(self, talk: Conversation, absence: Absence) -> StepState:
        """DONE when its boot was accepted. Raises BootMissing when everything was tried."""
        last = absence.errand
        if last is not None and not self._is_active(talk):
            await self._awaited(last, talk, absence)
        for errand in _ERRANDS if last is None else _ERRANDS[_ERRANDS.index(last.errand) + 1 :]:
            if self._is_active(talk):
                break
            sent_away = await absence.begin(errand, talk.link)
            if await self._asked(errand, talk, absence):
                await self._awaited(sent_away, talk, absence)
        if not self._is_active(talk):
            raise BootMissing
        talk.evidence.append(Evidence("registration", "Accepted"))
        return StepState.DONE

    async def _asked(self, errand: Errand, talk: Conversation, absence: Absence) -> bool:
        """Whether there is a boot to wait for. After a trigger there always is: it comes at its interval."""
        match errand:
            case Errand.TRIGGER:
                if talk.link.registration is RegistrationStatus.PENDING:
                    await self._said(talk, TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION))
                return True
            case Errand.RESTART:
                if await self._is_charging(talk):
                    talk.note(_TRIED[errand], "not while a vehicle is charging")
                    return False
                return await self._said(talk, Reset(ResetKind.ON_IDLE))
            case _:
                await absence.disconnect(talk.link)
                return True

    async def _said(self, talk: Conversation, command: TriggerMessage | Reset) -> bool:
        """Whether the station agrees, or went away over it."""
        link = talk.link
        try:
            return (await talk.send(command)).is_accepted
        except FeatureLacking:
            return False
        except NotConnected:
            raise
        except NoAnswer:
            return talk.is_gone(link)

    async def _awaited(self, sent_away: SentAway, talk: Conversation, absence: Absence) -> None:
        """Wait for the boot, as long as there is hope for it. Raises NotConnected if the station is away."""
        errand, bounds = sent_away.errand, absence.bounds
        if errand is Errand.TRIGGER:
            interval_s = self._pending_interval_s + bounds.obeys_s
            await absence.until(lambda: self._is_active(talk) or absence.link is None, interval_s)
        else:
            stays_s = bounds.obeys_s if errand is Errand.RESTART else bounds.back_s
            if await absence.awaited(sent_away, stays_s) is Ending.BACK:
                await absence.until(lambda: self._is_active(talk), BOOTS_WITHIN_S + bounds.obeys_s)
        talk.note(_TRIED[errand], f"{'booted' if self._is_active(talk) else 'no boot'} {absence.after}")
        _ = talk.link  # one that is away is waited for: its next connection goes on here
