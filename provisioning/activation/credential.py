"""The step that gives a station a secret of our making, and has it prove that it took it.

The sealed secret is stored before it is sent: a station that comes back with it is let in even if we stopped
in between. What was valid before stays valid until then. A secret we lost (restart) is replaced by another.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from csms.domain.commands import Reset
from csms.domain.links import LinkSecurity, LinkView
from ocppj.vocabulary import ResetKind
from provisioning.activation import desired
from provisioning.activation.conversation import Conversation, FeatureLacking, NoAnswer
from provisioning.activation.returning import Absence
from provisioning.activation.runs import Errand, Evidence, SentAway, StepState
from provisioning.activation.steps import is_v16
from provisioning.blockers import Code
from provisioning.credentials import Vault, offer, withdraw
from provisioning.directory import Directory
from provisioning.records import CredentialForm, CredentialState, Device
from runtime.wording import Phrase

NOT_BACK = Phrase("elle n'est pas revenue", "it did not come back")
ASKED_ANEW = Phrase("l'étape est demandée à nouveau", "the step was asked for anew")
NOT_BOOTED = Phrase("elle est revenue sans se présenter", "it came back and did not boot")


class CredentialStep:
    """Offers a secret, then looks at how the station comes back: from a new connection, from a connection
    with a raised security profile (1.6), from a restart.
    """

    def __init__(
        self, directory: Directory, vault: Vault, assert_idle: Callable[[Conversation], Awaitable[None]]
    ) -> None:
        self._directory, self._vault, self._assert_idle = directory, vault, assert_idle

    async def perform(self, talk: Conversation, absence: Absence) -> StepState:
        """DONE when the station came back with the secret; REFUSED when it stays unauthenticated."""
        try:
            return await self._perform(talk, absence)
        finally:
            talk.needs_restart = False  # this step restarts the station itself if that is what it takes

    async def _perform(self, talk: Conversation, absence: Absence) -> StepState:
        sent_away = absence.errand
        if sent_away is not None:
            await self._await_return(talk, absence, sent_away)
        if self._is_verified(talk):
            talk.evidence.append(Evidence("secret", "verified", "connected with it"))
            return StepState.DONE
        for errand in _errands_after(sent_away):
            link = talk.link  # 1.6 stations may leave it by themselves as soon as they have their key
            if not await self._has_cause(errand, talk):
                if errand is Errand.RECONNECT:
                    break
                continue
            await absence.begin(errand, link)
            await self._send_away(errand, talk, absence, link)
            await self._await_return(talk, absence, absence.errand)
            if self._is_verified(talk):
                talk.evidence.append(Evidence("reconnect", talk.link.security.value, "authenticated"))
                return StepState.DONE
            talk.evidence.append(Evidence("reconnect", talk.link.security.value, "not authenticated"))
        return await self._give_up(talk)

    async def _offer(self, talk: Conversation) -> bool:
        secret = self._vault.new_secret()
        sealed = self._vault.seal(secret)
        form = CredentialForm.BYTES if is_v16(talk) else CredentialForm.TEXT

        def offered(device: Device) -> Device:
            return replace(device, credential=offer(device.credential, sealed, form))

        await self._directory.change_device(talk.station_id, offered, cause="a secret was made")
        # 1.6: AuthorizationKey is the key in hex (OCPP-J 1.6 §6.2.2); 2.0.1: any 16 to 40 characters.
        return await talk.assign(desired.SECRET, secret.hex(), is_secret=True)

    async def _has_cause(self, errand: Errand, talk: Conversation) -> bool:
        """Whether the station has something to leave for. Raises NoAnswer while it must not restart."""
        match errand:
            case Errand.RECONNECT:
                return await self._offer(talk)
            case Errand.PROFILE:
                return await self._raise_profile(talk)
            case Errand.RESTART:
                await self._assert_idle(talk)
                return True

    async def _send_away(self, errand: Errand, talk: Conversation, absence: Absence, link: LinkView) -> None:
        if errand is Errand.RESTART:
            await self._restart(talk, absence, link)
        else:
            await absence.disconnect(link)

    async def _raise_profile(self, talk: Conversation) -> bool:
        """At security profile 0 a 1.6 station knows its key and never sends it (security whitepaper §2.2).

        The profile only ever goes up (A05.FR.01).
        """
        if not is_v16(talk):
            return False
        found = (await talk.read(desired.SECURITY_PROFILE)).get(desired.SECURITY_PROFILE)
        if found is None or found.value != "0":
            return False
        return await talk.assign(desired.SECURITY_PROFILE, "1")

    async def _restart(self, talk: Conversation, absence: Absence, link: LinkView) -> None:
        """Some stations take a new secret only when they start."""
        try:
            answer = await talk.send(Reset(ResetKind.ON_IDLE))
        except (FeatureLacking, NoAnswer):
            await absence.disconnect(link)
        else:
            if not answer.is_accepted:
                await absence.disconnect(link)

    async def _await_return(self, talk: Conversation, absence: Absence, sent_away: SentAway | None) -> None:
        """It must be there, and if it proved nothing, registered again, so that it can be asked for more."""
        if sent_away is None:
            raise NoAnswer(ASKED_ANEW)
        if await absence.returned(sent_away) is None:
            if (link := absence.link) is not None:
                await absence.disconnect(link)  # one that said yes to a restart and is still there
            raise NoAnswer(NOT_BACK)
        if not self._is_verified(talk) and await absence.registered(sent_away) is None:
            raise NoAnswer(NOT_BOOTED)

    async def _give_up(self, talk: Conversation) -> StepState:
        def withdrawn(device: Device) -> Device:
            return replace(device, credential=withdraw(device.credential))

        await self._directory.change_device(
            talk.station_id, withdrawn, cause="the station refused its secret"
        )
        talk.remark(Code.CREDENTIAL_REFUSED)
        return StepState.REFUSED

    def _is_verified(self, talk: Conversation) -> bool:
        """It proved itself on the link that is there now."""
        credential = self._directory.devices[talk.station_id].credential
        is_authenticated = talk.link.security is not LinkSecurity.UNAUTHENTICATED
        return credential.state is CredentialState.VERIFIED and is_authenticated


def _errands_after(sent_away: SentAway | None) -> tuple[Errand, ...]:
    """What has not been tried yet, in order."""
    every = tuple(Errand)
    return every if sent_away is None else every[every.index(sent_away.errand) + 1 :]
