"""Activating, suspending and resuming stations, and sending them what changed."""

from dataclasses import replace
from typing import Any

from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, StepName
from provisioning.catalogue import Code
from provisioning.directory import Directory
from provisioning.errors import ProvisioningProblem
from provisioning.lifecycle import Lifecycle
from provisioning.records import Device
from provisioning.storage.runs import load_history


class Operation:
    """What a manager does with a station that is at its place."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def activate(
        self, station_id: StationId, by: str, names: tuple[StepName, ...] = tuple(StepName)
    ) -> ActivationRun:
        """Ask for the activation, or for some of its steps again.

        Raises ProvisioningProblem: E_NOT_LOCALIZED, E_MAC_UNKNOWN.
        """
        device = self.known(station_id)
        if device.place_id is None:
            raise ProvisioningProblem(Code.NOT_LOCALIZED)
        now = self._directory.clock.now()
        if device.requested_at is None:
            await self._directory.change_device(
                station_id,
                lambda stored: replace(stored, requested_at=stored.requested_at or now),
                cause=f"activation asked for by {by}",
            )
        return await self._directory.start_run(station_id, by, names)

    async def refresh_site(self, site_id: str, name: StepName, by: str) -> int:
        """Send the site's stations what changed; how many. Those not activated yet get it then anyway."""
        directory = self._directory
        concerned = [
            station_id
            for station_id in directory.stations_on(site_id)
            if directory.devices[station_id].requested_at is not None
        ]
        for station_id in concerned:
            await directory.start_run(station_id, by, (name, StepName.RESTART))
        return len(concerned)

    async def suspend(self, station_id: StationId, reason: str, by: str) -> Device:
        """Take an active station out of service. Raises ProvisioningProblem: E_NOT_ACTIVE."""
        self.known(station_id)
        now = self._directory.clock.now()

        def suspended(stored: Device) -> Device:
            if stored.activated_at is None:
                raise self._not_active(station_id)
            return replace(stored, suspended_at=stored.suspended_at or now, suspend_reason=reason)

        return await self._directory.change_device(station_id, suspended, cause=f"suspended by {by}")

    async def resume(self, station_id: StationId, by: str) -> Device:
        """Put a suspended station back into service. Raises ProvisioningProblem: E_NOT_ACTIVE."""
        self.known(station_id)

        def resumed(stored: Device) -> Device:
            if stored.activated_at is None:
                raise self._not_active(station_id)
            return replace(stored, suspended_at=None, suspend_reason=None)

        return await self._directory.change_device(station_id, resumed, cause=f"resumed by {by}")

    async def history(self, station_id: StationId) -> list[dict[str, Any]]:
        """How the station came to where it is, oldest first."""
        return await self._directory.database.run_read(
            lambda connection: load_history(connection, station_id)
        )

    def known(self, station_id: StationId) -> Device:
        """The device. Raises ProvisioningProblem: E_MAC_UNKNOWN."""
        device = self._directory.devices.get(station_id)
        if device is None:
            raise ProvisioningProblem(Code.MAC_UNKNOWN)
        return device

    def _not_active(self, station_id: StationId) -> ProvisioningProblem:
        standing = self._directory.standing(station_id)
        state = standing.state if standing is not None else Lifecycle.QUARANTINE
        return ProvisioningProblem(Code.NOT_ACTIVE, state=state.value)
