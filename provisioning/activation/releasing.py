"""The step that lets a station go: it has to boot once more, and that boot is Accepted.

A station was told when to come again. One that does not is helped: its connection is closed, then it is asked
to restart. What was tried is told to whoever has to go there in the end.
"""

from collections.abc import Awaitable, Callable

from ocppj.model.boot import Reset
from ocppj.model.remote_control import TriggerMessage
from ocppj.vocabulary import RegistrationStatus, ResetKind, TriggeredMessage
from provisioning.activation.pending_reconnect import Ending, PendingReconnect
from provisioning.activation.runs import Errand, Evidence, SentAway, StepState
from provisioning.activation.station_dialog import FeatureLacking, NoAnswer, NotConnected, StationDialog
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
        is_active: Callable[[StationDialog], bool],
        is_charging: Callable[[StationDialog], Awaitable[bool]],
    ) -> None:
        self._pending_interval_s, self._is_active, self._is_charging = (
            pending_interval_s,
            is_active,
            is_charging,
        )

    async def perform(self, dialog: StationDialog, reconnect: PendingReconnect) -> StepState:
        """DONE when its boot was accepted. Raises BootMissing when everything was tried."""
        last = reconnect.errand
        if last is not None and not self._is_active(dialog):
            await self._awaited(last, dialog, reconnect)
        for errand in _ERRANDS if last is None else _ERRANDS[_ERRANDS.index(last.errand) + 1 :]:
            if self._is_active(dialog):
                break
            sent_away = await reconnect.begin(errand, dialog.link)
            if await self._sends_away(errand, dialog, reconnect):
                await self._awaited(sent_away, dialog, reconnect)
        if not self._is_active(dialog):
            raise BootMissing
        dialog.evidence.append(Evidence("registration", "Accepted"))
        return StepState.DONE

    async def _sends_away(self, errand: Errand, dialog: StationDialog, reconnect: PendingReconnect) -> bool:
        """Whether there is a boot to wait for. After a trigger there always is: it comes at its interval."""
        match errand:
            case Errand.TRIGGER:
                if dialog.link.registration is RegistrationStatus.PENDING:
                    await self._agrees(dialog, TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION))
                return True
            case Errand.RESTART:
                if await self._is_charging(dialog):
                    dialog.note(_TRIED[errand], "not while a vehicle is charging")
                    return False
                return await self._agrees(dialog, Reset(ResetKind.ON_IDLE))
            case _:
                await reconnect.disconnect(dialog.link)
                return True

    async def _agrees(self, dialog: StationDialog, command: TriggerMessage | Reset) -> bool:
        """Whether the station agrees, or went away over it."""
        link = dialog.link
        try:
            return (await dialog.send(command)).is_accepted
        except FeatureLacking:
            return False
        except NotConnected:
            raise
        except NoAnswer:
            return dialog.is_gone(link)

    async def _awaited(self, sent_away: SentAway, dialog: StationDialog, reconnect: PendingReconnect) -> None:
        """Wait for the boot, as long as there is hope for it. Raises NotConnected if the station is away."""
        errand, bounds = sent_away.errand, reconnect.bounds
        if errand is Errand.TRIGGER:
            interval_s = self._pending_interval_s + bounds.obeys_s
            await reconnect.until(lambda: self._is_active(dialog) or reconnect.link is None, interval_s)
        else:
            stays_s = bounds.obeys_s if errand is Errand.RESTART else bounds.back_s
            if await reconnect.awaited(sent_away, stays_s) is Ending.BACK:
                await reconnect.until(lambda: self._is_active(dialog), BOOTS_WITHIN_S + bounds.obeys_s)
        dialog.note(_TRIED[errand], f"{'booted' if self._is_active(dialog) else 'no boot'} {reconnect.after}")
        _ = dialog.link  # one that is away is waited for: its next connection goes on here
