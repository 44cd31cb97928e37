"""Passwords that stations have already: typed into a menu, or given by a bench."""

from dataclasses import replace

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.change_set import NoteTopic
from provisioning.credentials import Vault, entered, read_password, unfit_reason
from provisioning.errors import ProvisioningProblem
from provisioning.records import Device
from provisioning.station_cache import StationCache


class Passwords:
    """Learns them. Nothing of one is kept but what is needed to recognise it."""

    def __init__(self, station_cache: StationCache, vault: Vault) -> None:
        self._station_cache, self._vault = station_cache, vault

    async def enter(self, station_id: StationId, password: str, by: str) -> Device:
        """The station has this password. Raises ProvisioningProblem: E_PASSWORD_UNFIT."""
        reason = unfit_reason(password)
        if reason is not None:
            raise ProvisioningProblem(Code.PASSWORD_UNFIT, reason=reason)
        secret, form = read_password(password.encode())
        sealed = self._vault.seal(secret)
        changed = await self._station_cache.change_device(
            station_id,
            lambda stored: replace(stored, credential=entered(stored.credential, sealed, form)),
            cause=self._station_cache.act(station_id, by, Change.PASSWORD_TOLD),
            notes={NoteTopic.DOOR: None},
        )
        return changed.after
