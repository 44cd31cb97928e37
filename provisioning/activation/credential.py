"""The step that gives a station a secret of our making, and has it prove that it took it.

The sealed secret is stored before it is sent: a station that comes back with it is let in even if we stopped
in between. What was valid before stays valid until then. A secret we lost (restart) is replaced by another.
"""

from dataclasses import replace

from csms.domain.commands import Reset
from csms.domain.links import LinkSecurity, LinkView
from ocppj.vocabulary import ResetKind
from provisioning.activation import desired
from provisioning.activation.conversation import Conversation, FeatureLacking, NoAnswer
from provisioning.activation.returning import Watch
from provisioning.activation.runs import Evidence, StepState
from provisioning.activation.steps import is_v16
from provisioning.catalogue import Code
from provisioning.credentials import Vault, offer, withdraw
from provisioning.directory import Directory
from provisioning.records import CredentialForm, CredentialState, Device


class CredentialStep:
    """Offers a secret, closes the link (then restarts the station), and looks at how it comes back."""

    def __init__(self, directory: Directory, vault: Vault, reconnect_within_s: float) -> None:
        self._directory, self._vault, self._within_s = directory, vault, reconnect_within_s

    async def perform(self, talk: Conversation, watch: Watch) -> StepState:
        """DONE when the station came back with the secret; REFUSED when it stays unauthenticated."""
        if self._is_verified(talk):
            talk.evidence.append(Evidence("secret", "verified", "connected with it"))
            return StepState.DONE
        link = talk.link
        if not await self._offer(talk):
            return await self._give_up(talk)
        for send_away in (self._disconnect, self._restart):
            await send_away(talk, watch)
            returned = await watch.next_link(link.epoch, self._within_s)
            if returned is None:
                raise NoAnswer("it did not come back")
            if self._is_verified(talk):
                talk.evidence.append(Evidence("reconnect", returned.security.value, "authenticated"))
                return StepState.DONE
            talk.evidence.append(Evidence("reconnect", returned.security.value, "not authenticated"))
            link = await self._registered(returned, watch)
        return await self._give_up(talk)

    async def _offer(self, talk: Conversation) -> bool:
        secret = self._vault.new_secret()
        sealed = self._vault.seal(secret)
        form = CredentialForm.BYTES if is_v16(talk) else CredentialForm.TEXT

        def offered(device: Device) -> Device:
            return replace(device, credential=offer(device.credential, sealed, form))

        await self._directory.change_device(talk.station_id, offered, cause="a secret was made")
        try:
            # 1.6: AuthorizationKey is the key in hex (OCPP-J 1.6 §6.2.2); 2.0.1: any 16 to 40 characters.
            return await talk.assign(desired.SECRET, secret.hex(), is_secret=True)
        except FeatureLacking:
            talk.remark(Code.KEY_LACKING, key=desired.SECRET)
            return False

    async def _disconnect(self, _talk: Conversation, watch: Watch) -> None:
        await watch.disconnect()

    async def _restart(self, talk: Conversation, watch: Watch) -> None:
        """Some stations take a new secret only when they start."""
        try:
            await talk.send(Reset(ResetKind.ON_IDLE))
        except (FeatureLacking, NoAnswer):
            await watch.disconnect()

    async def _registered(self, returned: LinkView, watch: Watch) -> LinkView:
        """It must be registered again before it can be asked to restart."""
        link = await watch.registered_link(type(returned.epoch)(returned.epoch - 1), self._within_s)
        if link is None:
            raise NoAnswer("it came back and did not boot")
        return link

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
