"""`SecretKeeper`: whoever gives a station a password, the server knows it before the station does (A01)."""

from dataclasses import replace

from csms.ports import PasswordUnfit
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId
from provisioning.credentials import Vault, offer, read_password, unfit_reason
from provisioning.records import Credential, CredentialForm, Device
from provisioning.station_cache import StationCache


class SecretKeeper:
    """Fills `csms.ports.CredentialKeeper`.

    The sealed secret is stored before it is sent: a station that comes back with it is let in even if we
    stopped in between. What was valid before stays valid until then. Stations that nobody ordered (a bench)
    get a record for it, or they would be locked out by what they were just told.
    """

    def __init__(self, station_cache: StationCache, vault: Vault) -> None:
        self._station_cache, self._vault = station_cache, vault
        self._before: dict[StationId, tuple[bytes, Credential]] = {}

    async def offered(self, station_id: StationId, version: OcppVersion, password: str) -> None:
        """Be ready for a station that comes with it. Raises PasswordUnfit."""
        is_v16 = version is OcppVersion.V16
        reason = unfit_reason(password, is_v16=is_v16)
        if reason is not None:
            raise PasswordUnfit(f"no station can have this password: {reason}")
        secret, form = read_password(password.encode())
        is_bytes = is_v16 and form is CredentialForm.TEXT  # AuthorizationKey is the hex of what is sent
        form = CredentialForm.BYTES if is_bytes else CredentialForm.TEXT
        sealed = self._vault.seal(secret)

        def stored(device: Device) -> Device:
            return replace(device, credential=offer(device.credential, sealed, form))

        changed = await self._station_cache.change_device(
            station_id, stored, cause="a new secret is on its way"
        )
        before = changed.before.credential if changed.before is not None else Credential()
        self._before[station_id] = sealed, before

    async def refused(self, station_id: StationId) -> None:
        """The station did not take it: the one before counts, and this one never does (A01.FR.04)."""
        sealed, before = self._before.get(station_id, (None, None))
        if before is None:
            return

        def restored(device: Device) -> Device:
            now = device.credential
            if now.offered != sealed:  # it came with it, or was offered another one meanwhile
                return device
            was = replace(now, state=before.state, form=before.form, offered=before.offered)
            return replace(device, credential=was)

        await self._station_cache.change_device(
            station_id, restored, cause="the station refused its new secret"
        )
        self._before.pop(station_id, None)
