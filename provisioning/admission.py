"""`StationAdmission`: who is let in at the door, and as what.

A MAC is a name, not a proof: once a station has proved that it knows its secret, nothing else is
let in under its name.
"""

from dataclasses import replace

from csms.domain.links import LinkSecurity
from csms.ports import Admitted, ConnectionRequest, Denied
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.change_set import NoteTopic
from provisioning.credentials import Vault, prove, read_password
from provisioning.records import Credential, CredentialForm, Device
from provisioning.settings import PolicyOf
from provisioning.station_cache import StationCache

UNAUTHORIZED = 401
"""Known and unknown, wrong and missing: all refusals look the same from outside."""


class StationAdmission:
    """Fills `csms.ports.Admission`. Answers from memory, except once, when a new secret proves itself."""

    def __init__(self, station_cache: StationCache, vault: Vault, policy_of: PolicyOf) -> None:
        self._station_cache, self._vault, self._policy_of = station_cache, vault, policy_of

    async def admit(self, request: ConnectionRequest) -> Admitted | Denied:
        """Let in or refuse; the same work is done whether the station is known or not."""
        device = self._station_cache.devices.get(request.station_id)
        credential = device.credential if device else Credential()
        secret, form = read_password(request.password or b"")
        is_current = self._vault.matches(credential.current, secret)
        is_offered = self._vault.matches(credential.offered, secret)
        if not self._is_welcome(request, device):
            return Denied(UNAUTHORIZED, "unknown_station")
        if request.password is not None and (is_current or is_offered):
            await self._proved(request, credential, is_offered=is_offered)
            security = LinkSecurity.TLS_BASIC_AUTH if request.is_secure else LinkSecurity.BASIC_AUTH
            return Admitted(security, _findings(credential, form))
        if credential.is_demanded or self._is_strange(request, credential):
            return await self._refused(request, credential)
        findings = () if request.password is None else ("credentials_unknown",)
        return Admitted(LinkSecurity.UNAUTHENTICATED, findings)

    async def _proved(self, request: ConnectionRequest, credential: Credential, *, is_offered: bool) -> None:
        def proved(stored: Device) -> Device:
            is_same = stored.credential.offered == credential.offered  # or it was offered another meanwhile
            proof = prove(stored.credential, is_offered=is_offered)
            return replace(stored, credential=proof) if is_same else stored

        if prove(credential, is_offered=is_offered) != credential:
            await self._station_cache.change_device(
                request.station_id,
                proved,
                cause="the station connected with its secret",
                notes={NoteTopic.DOOR: None},
            )
        else:
            await self._station_cache.note(request.station_id, NoteTopic.DOOR, None)

    async def _refused(self, request: ConnectionRequest, credential: Credential) -> Denied:
        """Its owner is told: a station that was reset does not know its secret any more.

        While it is connected it is somebody else, and its secret must not be forgotten: another box under
        its id is told of as such. Where it is forgotten already, that says what else can be done.
        """
        if credential.is_demanded and not self._station_cache.is_online(request.station_id):
            await self._station_cache.note(request.station_id, NoteTopic.DOOR, blocker(Code.SECRET_MISSING))
        reason = "credentials_missing" if request.password is None else "credentials_wrong"
        return Denied(UNAUTHORIZED, reason)

    def _is_strange(self, request: ConnectionRequest, credential: Credential) -> bool:
        """After the secret was forgotten, a password that nobody knows is let in only where strangers are.

        A station that was reset has none; one whose secret is newer than a restored backup has one, and an
        administrator can choose `quarantine` for it. Either way it is unauthenticated, and waits as Pending.
        """
        has_another = credential.current is not None and bool(request.password)
        return has_another and self._policy_of(request.station_id) in ("refuse", "reject")

    def _is_welcome(self, request: ConnectionRequest, device: Device | None) -> bool:
        return (device is not None and device.is_ours) or self._policy_of(request.station_id) != "refuse"


def _findings(credential: Credential, form: CredentialForm) -> tuple[str, ...]:
    """A 1.6 station that sends its key's hex digits instead of its bytes (OCPP-J 1.6 §6.2) is told on."""
    is_hex = credential.form is CredentialForm.BYTES and form is CredentialForm.TEXT
    return ("authorization_key_sent_as_hex",) if is_hex else ()
