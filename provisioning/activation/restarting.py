"""The step that restarts a station whose settings ask for it, and reads back what came into force."""

from collections.abc import Awaitable, Callable, Collection

from ocppj.model.boot import Reset
from ocppj.vocabulary import RegistrationStatus, ResetKind
from provisioning.activation import steps
from provisioning.activation.credential import CHARGING, NOT_BACK, NOT_BOOTED
from provisioning.activation.pending_reconnect import Ending, PendingReconnect
from provisioning.activation.runs import Errand, SentAway, StepRecord, StepState
from provisioning.activation.station_dialog import NoAnswer, StationDialog
from provisioning.blockers import Code
from runtime.wording import Phrase

NOT_GONE = Phrase("elle n'a pas redémarré", "it did not restart")
RESTART = Phrase("redémarrage", "restart")


class RestartStep:
    """Asks once while the station is pending, and once more when it is accepted if it said yes and stayed."""

    def __init__(self, is_charging: Callable[[StationDialog], Awaitable[bool]]) -> None:
        self._is_charging = is_charging

    async def perform(
        self,
        dialog: StationDialog,
        reconnect: PendingReconnect,
        record: StepRecord,
        aim: steps.Aim,
        lacking: Collection[str],
    ) -> StepState:
        """DONE when the station is back and has what it was to have, except what it was found `lacking`.

        DEFERRED where it has to be accepted first. One that has gone is not told to go again when it is back.
        """
        is_last_try = record.state is StepState.DEFERRED
        sent_away = reconnect.errand
        if sent_away is None:
            if await self._is_charging(dialog):  # a restart ends a running charge on many stations
                raise NoAnswer(CHARGING)
            sent_away = await reconnect.begin(Errand.RESTART, dialog.link)
            answer = await dialog.send(Reset(ResetKind.ON_IDLE))
            if not answer.is_accepted:
                return self._stayed(dialog, "Reset", answer.status, is_last_try=is_last_try)
        bounds = reconnect.bounds
        ending = await reconnect.awaited(
            sent_away, bounds.back_s if is_last_try else bounds.obeys_s, counts_boots=True
        )
        match ending:
            case Ending.STAYED:
                dialog.note("asked to restart", f"still there {reconnect.after}")
                return self._stayed(dialog, RESTART, NOT_GONE, is_last_try=is_last_try)
            case Ending.AWAY:
                raise NoAnswer(NOT_BACK)
            case Ending.BACK:
                return await self._check(dialog, reconnect, sent_away, aim, lacking)

    def _stayed(self, dialog: StationDialog, key: object, reason: object, *, is_last_try: bool) -> StepState:
        """Many stations agree to a restart while they are pending, and do it only once they are accepted."""
        if dialog.link.registration is RegistrationStatus.PENDING and not is_last_try:
            dialog.note("restart", "put off until the station is accepted")
            return StepState.DEFERRED
        dialog.remark(Code.KEY_REFUSED, key=key, reason=reason)
        return StepState.REFUSED

    async def _check(
        self,
        dialog: StationDialog,
        reconnect: PendingReconnect,
        sent_away: SentAway,
        aim: steps.Aim,
        lacking: Collection[str],
    ) -> StepState:
        if not await reconnect.registered(sent_away):
            raise NoAnswer(NOT_BOOTED)
        how = "back" if dialog.link.epoch > sent_away.epoch else "booted on the same connection"
        dialog.note("asked to restart", f"{how} {reconnect.after}")
        return await steps.check_after_restart(dialog, aim, lacking)
