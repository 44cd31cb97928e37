"""The step that gives a station a secret of our making, and has it prove that it took it.

What was valid before stays valid until then. A secret we lost (restart) is replaced by another.

A station that took its secret connects again by itself (A01), if only it is left alone. One that does not is
asked to boot, then to restart, and in the end its connection is closed: each within bounds, and told.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from csms.domain.links import LinkSecurity, LinkView
from ocppj.model.boot import Reset
from ocppj.model.remote_control import TriggerMessage
from ocppj.vocabulary import RegistrationStatus, ResetKind, TriggeredMessage
from provisioning.activation import desired
from provisioning.activation.pending_reconnect import Ending, PendingReconnect
from provisioning.activation.runs import Errand, SentAway, StepRecord, StepState
from provisioning.activation.station_dialog import FeatureLacking, NoAnswer, StationDialog
from provisioning.activation.steps import is_v16
from provisioning.blockers import Code
from provisioning.credentials import Vault, withdraw
from provisioning.records import CredentialState, Device
from provisioning.station_cache import StationCache
from runtime.wording import Phrase

NOT_BACK = Phrase("elle n'est pas revenue", "it did not come back")
NOT_BOOTED = Phrase("elle est revenue sans se présenter", "it came back and did not boot")
CHARGING = Phrase("une recharge est en cours", "a vehicle is charging")
_TRIED = {
    Errand.LEFT_ALONE: "left alone",
    Errand.PROFILE: "security profile raised",
    Errand.TRIGGER: "asked to boot",
    Errand.CLOSED_FIRST: "connection closed, a vehicle is charging",
    Errand.RESTART: "asked to restart",
    Errand.RECONNECT: "connection closed",
}
_COUNTS_BOOTS = (Errand.TRIGGER, Errand.RESTART)


class CredentialStep:
    """Offers a secret, then looks at how the station comes back: by itself, from a raised security profile
    (1.6), from a boot, from a restart, from a new connection.
    """

    def __init__(
        self,
        station_cache: StationCache,
        vault: Vault,
        is_charging: Callable[[StationDialog], Awaitable[bool]],
    ) -> None:
        self._station_cache, self._vault, self._is_charging = station_cache, vault, is_charging

    async def perform(
        self, dialog: StationDialog, reconnect: PendingReconnect, record: StepRecord
    ) -> StepState:
        """DONE when the station came back with the secret; REFUSED when it stays as it was.

        A secret that works is left alone, unless another one was asked for by this step's name.
        DEFERRED when nothing helped while it was pending: it is restarted once it is accepted.
        """
        try:
            return await self._perform(dialog, reconnect, record)
        finally:
            dialog.needs_restart = False  # this step restarts the station itself if that is what it takes

    async def _perform(
        self, dialog: StationDialog, reconnect: PendingReconnect, record: StepRecord
    ) -> StepState:
        last = reconnect.errand
        if last is not None:
            if await self._proved(dialog, reconnect, last):
                return StepState.DONE
            errands = _errands_after(last.errand)
        elif self._is_verified(dialog) and record.requests == 1:
            dialog.note("secret", "verified", "connected with it")
            return StepState.DONE
        elif record.state is StepState.DEFERRED:
            errands = _errands_after(Errand.CLOSED_FIRST)
        else:
            patience_s = 0.0 if await self._sends_no_key(dialog) else reconnect.bounds.left_alone_s
            link = dialog.link  # it may leave it by itself as soon as it has its key
            if not await self._offer(dialog):
                return await self._give_up(dialog, reconnect)
            sent_away = await reconnect.begin(Errand.LEFT_ALONE, link)
            if await self._proved(dialog, reconnect, sent_away, patience_s):
                return StepState.DONE
            errands = _errands_after(Errand.LEFT_ALONE)
        for errand in errands:
            if await self._tried(errand, dialog, reconnect):
                return StepState.DONE
        return await self._undecided(dialog, reconnect, record)

    async def _offer(self, dialog: StationDialog) -> bool:
        """Whoever keeps the secrets hears of it before the station does (`SecretKeeper`)."""
        # 1.6: AuthorizationKey is the key in hex (OCPP-J 1.6 §6.2.2); 2.0.1: any 16 to 40 characters.
        return await dialog.assign(desired.SECRET, self._vault.new_secret().hex(), is_secret=True)

    async def _tried(self, errand: Errand, dialog: StationDialog, reconnect: PendingReconnect) -> bool:
        """Whether the station proved its secret because of this; False too where there is no cause for it.

        Raises NoAnswer while it must not restart, and while it is away.
        """
        last, link = reconnect.errand, dialog.link
        if not await self._has_cause(errand, dialog, last):
            return False
        if errand is Errand.PROFILE and not await dialog.assign(
            desired.SECURITY_PROFILE, "1", is_read_back=False
        ):
            return False
        sent_away = await reconnect.begin(errand, link)
        return await self._sent(errand, dialog, reconnect, link) and await self._proved(
            dialog, reconnect, sent_away
        )

    async def _has_cause(self, errand: Errand, dialog: StationDialog, last: SentAway | None) -> bool:
        match errand:
            case Errand.LEFT_ALONE:
                return False  # it had its time
            case Errand.TRIGGER:
                # 1.6 errata §3.40, 2.0.1 F06.FR.17: an accepted station must not be asked to boot.
                return dialog.link.registration is RegistrationStatus.PENDING
            case Errand.CLOSED_FIRST:
                return await self._is_charging(dialog)  # a new connection ends no charge
            case Errand.RESTART:
                if await self._is_charging(dialog):  # a restart ends a running charge on many stations
                    raise NoAnswer(CHARGING)
                return True
            case Errand.RECONNECT:
                return last is None or last.epoch >= dialog.link.epoch  # it was there on a new one just now
            case Errand.PROFILE:
                return await self._sends_no_key(dialog)

    async def _sent(
        self, errand: Errand, dialog: StationDialog, reconnect: PendingReconnect, link: LinkView
    ) -> bool:
        """Whether the station has a reason to come back now."""
        match errand:
            case Errand.PROFILE:
                return True  # that was said before
            case Errand.TRIGGER:
                return await _agrees(dialog, TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION), link)
            case Errand.RESTART:
                return await _agrees(dialog, Reset(ResetKind.ON_IDLE), link)
            case _:
                await reconnect.disconnect(link)
                return True

    async def _sends_no_key(self, dialog: StationDialog) -> bool:
        """At security profile 0 a 1.6 station knows its key and never sends it (security whitepaper §2.2).

        The profile only ever goes up (A05.FR.01).
        """
        if not is_v16(dialog):
            return False
        try:
            found = (await dialog.read(desired.SECURITY_PROFILE)).get(desired.SECURITY_PROFILE)
        except FeatureLacking:
            return False
        return found is not None and found.value == "0"

    async def _proved(
        self,
        dialog: StationDialog,
        reconnect: PendingReconnect,
        sent_away: SentAway,
        stays_s: float | None = None,
    ) -> bool:
        """It must be there, and if it proved nothing, registered again, so that it can be asked for more."""
        errand, bounds = sent_away.errand, reconnect.bounds
        if stays_s is None:
            stays_s = {
                Errand.LEFT_ALONE: bounds.left_alone_s,
                Errand.PROFILE: bounds.obeys_s,
                Errand.TRIGGER: bounds.obeys_s,
                Errand.RESTART: bounds.obeys_s,
            }.get(errand, bounds.back_s)
        ending = await reconnect.awaited(sent_away, stays_s, counts_boots=errand in _COUNTS_BOOTS)
        if ending is Ending.AWAY:
            raise NoAnswer(NOT_BACK)
        if ending is Ending.STAYED:
            dialog.note(_TRIED[errand], f"still there {reconnect.after}")
            return False
        is_proved = self._is_verified(dialog)
        if not is_proved and not await reconnect.registered(sent_away):
            raise NoAnswer(NOT_BOOTED)
        is_proved = self._is_verified(dialog)
        how = "back" if dialog.link.epoch > sent_away.epoch else "booted"
        told = "authenticated" if is_proved else "not authenticated"
        dialog.note(_TRIED[errand], f"{how} {reconnect.after}", told)
        return is_proved

    async def _undecided(
        self, dialog: StationDialog, reconnect: PendingReconnect, record: StepRecord
    ) -> StepState:
        """Many stations agree to a restart while they are pending, and do it only once they are accepted."""
        last = reconnect.errand
        is_unrestarted = last is not None and last.errand is Errand.RECONNECT
        is_pending = dialog.link.registration is RegistrationStatus.PENDING
        if is_unrestarted and is_pending and record.state is not StepState.DEFERRED:
            dialog.note("restart", "put off until the station is accepted")
            return StepState.DEFERRED
        return await self._give_up(dialog, reconnect)

    async def _give_up(self, dialog: StationDialog, reconnect: PendingReconnect) -> StepState:
        """What was valid before is demanded again: also of who is connected without it (A01.FR.04)."""

        def withdrawn(device: Device) -> Device:
            return replace(device, credential=withdraw(device.credential))

        async def demanded() -> None:
            device, link = self._station_cache.devices[dialog.station_id], reconnect.link
            if device.credential.is_demanded and link is not None and not _is_authenticated(link):
                await reconnect.disconnect(link)

        dialog.facts.append(withdrawn)
        dialog.afterwards.append(demanded)
        is_kept = self._station_cache.devices[dialog.station_id].credential.current is not None
        dialog.remark(Code.SECRET_KEPT if is_kept else Code.CREDENTIAL_REFUSED)
        return StepState.REFUSED

    def _is_verified(self, dialog: StationDialog) -> bool:
        """It proved itself on the link that is there now."""
        credential = self._station_cache.devices[dialog.station_id].credential
        return credential.state is CredentialState.VERIFIED and _is_authenticated(dialog.link)


def _is_authenticated(link: LinkView) -> bool:
    return link.security is not LinkSecurity.UNAUTHENTICATED


async def _agrees(dialog: StationDialog, command: Reset | TriggerMessage, link: LinkView) -> bool:
    """Whether the station agrees, or went away over it: some restart before they answer."""
    try:
        return (await dialog.send(command)).is_accepted
    except FeatureLacking:
        return False
    except NoAnswer:
        return dialog.is_gone(link)


def _errands_after(last: Errand | None) -> tuple[Errand, ...]:
    """What has not been tried yet, in order."""
    every = tuple(Errand)
    return every if last is None else every[every.index(last) + 1 :]
