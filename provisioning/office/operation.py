"""Activating, suspending and resuming stations, and sending them what changed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, StepName, new_run
from provisioning.blockers import Code
from provisioning.credentials import forget
from provisioning.directory import Directory, Topic, Touched
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.lifecycle import STATE_WORDS, Lifecycle
from provisioning.records import Device
from provisioning.settings import Quiet
from provisioning.storage.devices import load_device, save_device
from provisioning.storage.runs import begin_run, load_history, load_run, save_run
from runtime.audit import Act


class Operation:
    """What a manager does with a station that is at its place."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.is_quiet: Quiet = lambda _: False
        """Whether a station is under test; the wiring gives it."""
        self.on_requested: Callable[[StationId], None] = lambda _: None
        """Called when a station was asked for something: a wait for the next try ends."""

    async def activate(
        self, station_id: StationId, by: str, names: tuple[StepName, ...] = tuple(StepName)
    ) -> ActivationRun:
        """Ask for the activation, or for some of its steps again.

        Raises ProvisioningProblem: E_NOT_LOCALIZED, E_STATION_UNKNOWN.
        """
        self.known(station_id)
        touched = Touched(stations={station_id})

        def store(connection: Connection) -> ActivationRun:
            device = load_device(connection, station_id)
            if device is None or device.place_id is None:
                raise ProvisioningProblem(Code.NOT_LOCALIZED, id=station_id)
            run = self.request(connection, device, by, names, is_asked=True)
            touched.acts.append(self._asked(run, by, names))
            return run

        run = await self._directory.change(store, touched, cause=f"activation asked for by {by}")
        self.on_requested(station_id)
        return run

    def request(
        self,
        connection: Connection,
        device: Device,
        by: str,
        names: tuple[StepName, ...] = tuple(StepName),
        *,
        is_asked: bool,
    ) -> ActivationRun:
        """The same, as part of a transaction: the wish and the run that serves it are stored together.

        `is_asked`: somebody asked for it at this station, so it is done under test too.
        """
        now = self._directory.clock.now()
        save_device(connection, replace(device, requested_at=device.requested_at or now))
        run = load_run(connection, device.station_id)
        if run is None or set(names) == set(StepName):
            is_all = set(names) == set(StepName)
            run_id = str(self._directory.chance.uuid())
            run = new_run(run_id, device.station_id, now, by, is_asked=is_asked)
            run = run if is_all else run.asked_again(names, now, by, is_asked=is_asked)
            begin_run(connection, run)
        else:
            run = run.asked_again((*names, StepName.RESTART), now, by, is_asked=is_asked)
            save_run(connection, run)
        return run

    async def refresh_site(self, site_id: str, names: tuple[StepName, ...], by: str) -> int:
        """Send the site's stations what changed; how many.

        Those not activated yet get it then anyway; those under test are left alone until somebody asks.
        """
        directory = self._directory
        concerned = tuple(
            station_id
            for station_id in directory.stations_on(site_id)
            if directory.devices[station_id].requested_at is not None and not self.is_quiet(station_id)
        )

        touched = Touched(stations=set(concerned))

        def store(connection: Connection) -> None:
            for station_id in concerned:
                device = load_device(connection, station_id)
                if device is not None and device.requested_at is not None:
                    run = self.request(connection, device, by, names, is_asked=False)
                    touched.acts.append(self._asked(run, by, names))

        if concerned:
            await directory.change(store, touched, cause=f"changed by {by}")
        for station_id in concerned:
            self.on_requested(station_id)
        return len(concerned)

    async def suspend(self, station_id: StationId, reason: str, by: str) -> Device:
        """Take an active station out of service. Raises ProvisioningProblem: E_NOT_ACTIVE."""
        self.known(station_id)
        now = self._directory.clock.now()

        def suspended(stored: Device) -> Device:
            if stored.activated_at is None:
                raise self._not_active(station_id)
            return replace(stored, suspended_at=stored.suspended_at or now, suspend_reason=reason)

        act = self._directory.act(station_id, by, Change.SUSPENDED, reason=reason)
        return await self._directory.change_device(station_id, suspended, cause=act)

    async def resume(self, station_id: StationId, by: str) -> Device:
        """Put a suspended station back into service. Raises ProvisioningProblem: E_NOT_ACTIVE."""
        self.known(station_id)

        def resumed(stored: Device) -> Device:
            if stored.activated_at is None:
                raise self._not_active(station_id)
            return replace(stored, suspended_at=None, suspend_reason=None)

        act = self._directory.act(station_id, by, Change.RESUMED)
        return await self._directory.change_device(station_id, resumed, cause=act)

    async def only_one_box(self, station_id: StationId, by: str) -> None:
        """Somebody says that only one box is left under this id: kept, though it changes nothing stored."""
        act = self._directory.act(station_id, by, Change.ONE_BOX_LEFT)
        await self._directory.change(lambda _: None, Touched(acts=[act]), cause=act.cause)

    async def forget_secret(self, station_id: StationId, by: str) -> Device:
        """Let a station in that lost its secret (it was reset, its board was replaced); it gets a new one.

        Until then it is unauthenticated and Pending, and so may be somebody else who comes under its name
        without a password; one with a password that nobody knows only where strangers are let in. The old
        secret still counts, should it have been kept after all; if the station refuses a new one, it is
        demanded again.
        """
        self.known(station_id)
        now = self._directory.clock.now()
        device = await self._directory.change_device(
            station_id,
            lambda stored: replace(stored, credential=forget(stored.credential, now)),
            cause=self._directory.act(station_id, by, Change.SECRET_FORGOTTEN),
        )
        await self._directory.note(station_id, Topic.DOOR, None)
        if device.requested_at is not None and device.place_id is not None:
            await self.activate(station_id, by, (StepName.CREDENTIAL,))
        return device

    async def history(self, station_id: StationId) -> list[dict[str, Any]]:
        """How the station came to where it is, oldest first."""
        return await self._directory.database.run_read(
            lambda connection: load_history(connection, station_id)
        )

    def _asked(self, run: ActivationRun, by: str, names: tuple[StepName, ...]) -> Act:
        """Of an activation as a whole no step is named."""
        some = None if set(names) == set(StepName) else " ".join(name.value for name in names)
        act = self._directory.act
        return act(run.station_id, by, Change.ACTIVATION_ASKED_FOR, result=some, reference=run.run_id)

    def known(self, station_id: StationId) -> Device:
        """The device. Raises ProvisioningProblem: E_STATION_UNKNOWN."""
        device = self._directory.devices.get(station_id)
        if device is None:
            raise unknown_station(station_id)
        return device

    def _not_active(self, station_id: StationId) -> ProvisioningProblem:
        standing = self._directory.standing(station_id)
        state = standing.state if standing is not None else Lifecycle.QUARANTINE
        return ProvisioningProblem(Code.NOT_ACTIVE, state=STATE_WORDS[state], id=station_id)
