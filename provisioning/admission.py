"""`StationAdmission`: who is let in at the door, and as what.

A MAC is a name, not a proof: once a station has proved that it knows its secret, nothing else is
let in under its name.
"""

from dataclasses import replace

from csms.domain.links import LinkSecurity
from csms.ports import Admitted, ConnectionRequest, Denied
from provisioning.credentials import Vault, read_password, verify
from provisioning.directory import Directory
from provisioning.records import Credential, CredentialForm, Device
from provisioning.settings import UnknownPolicy

UNAUTHORIZED = 401
"""Known and unknown, wrong and missing: all refusals look the same from outside."""


class StationAdmission:
    """Fills `csms.ports.Admission`. Answers from memory, except once, when a new secret proves itself."""

    def __init__(self, directory: Directory, vault: Vault, unknown: UnknownPolicy) -> None:
        self._directory, self._vault, self._unknown = directory, vault, unknown

    async def admit(self, request: ConnectionRequest) -> Admitted | Denied:
        """Let in or refuse; the same work is done whether the station is known or not."""
        device = self._directory.devices.get(request.station_id)
        credential = device.credential if device else Credential()
        secret, form = read_password(request.password or b"")
        is_current = self._vault.matches(credential.current, secret)
        is_offered = self._vault.matches(credential.offered, secret)
        if not self._is_welcome(device):
            return Denied(UNAUTHORIZED, "unknown_station")
        if is_offered and request.password is not None:
            await self._directory.change_device(
                request.station_id, _verified, cause="the station connected with its secret"
            )
        if (is_current or is_offered) and request.password is not None:
            security = LinkSecurity.TLS_BASIC_AUTH if request.is_secure else LinkSecurity.BASIC_AUTH
            return Admitted(security, _findings(credential, form))
        if credential.current is not None:
            reason = "credentials_missing" if request.password is None else "credentials_wrong"
            return Denied(UNAUTHORIZED, reason)
        findings = () if request.password is None else ("credentials_unknown",)
        return Admitted(LinkSecurity.UNAUTHENTICATED, findings)

    def _is_welcome(self, device: Device | None) -> bool:
        return (device is not None and device.is_ours) or self._unknown != "refuse"


def _verified(device: Device) -> Device:
    return replace(device, credential=verify(device.credential))


def _findings(credential: Credential, form: CredentialForm) -> tuple[str, ...]:
    """A 1.6 station that sends its key's hex digits instead of its bytes (OCPP-J 1.6 §6.2) is told on."""
    is_hex = credential.form is CredentialForm.BYTES and form is CredentialForm.TEXT
    return ("authorization_key_sent_as_hex",) if is_hex else ()
