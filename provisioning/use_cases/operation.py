"""Activating, suspending and resuming stations, and sending them what changed."""

from dataclasses import replace

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, StepName
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.credentials import forget
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.lifecycle import STATE_WORDS, Lifecycle
from provisioning.records import Device
from provisioning.rules.activation_requests import (
    EVERY_STEP,
    ActivationRequest,
    request_act,
    request_activation,
)
from provisioning.settings import Quiet
from provisioning.station_cache import StationCache
from provisioning.storage.runs import HistoryLine, load_history


class Operation:
    """What a manager does with a station that is at its place."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache
        self.is_quiet: Quiet = lambda _: False
        """Whether a station is under test; the wiring gives it."""

    async def activate(
        self, station_id: StationId, by: str, names: tuple[StepName, ...] = EVERY_STEP
    ) -> ActivationRun:
        """Ask for the activation, or for some of its steps again.

        Raises ProvisioningProblem: E_NOT_LOCALIZED, E_STATION_UNKNOWN.
        """
        self.known(station_id)
        activation = self.activation_request(by, names)

        def decide(device: Device | None, run: ActivationRun | None) -> ChangeSet:
            if device is None or device.place_id is None:
                raise ProvisioningProblem(Code.NOT_LOCALIZED, id=station_id)
            change = ChangeSet(f"activation asked for by {by}")
            change.acts.append(request_act(request_activation(change, device, run, activation), activation))
            return change

        change = await self._station_cache.change_station(station_id, decide)
        return change.runs[station_id].after

    def activation_request(
        self, by: str, names: tuple[StepName, ...] = EVERY_STEP, *, is_requested_here: bool = True
    ) -> ActivationRequest:
        """What somebody asks for now, with the id of a run that may have to be begun for it."""
        run_id = str(self._station_cache.chance.uuid())
        return ActivationRequest(by, self._station_cache.clock.now(), run_id, names, is_requested_here)

    async def suspend(self, station_id: StationId, reason: str, by: str) -> Device:
        """Take an active station out of service. Raises ProvisioningProblem: E_NOT_ACTIVE."""
        self.known(station_id)
        now = self._station_cache.clock.now()

        def suspended(stored: Device) -> Device:
            if stored.activated_at is None:
                raise self._not_active(station_id)
            return replace(stored, suspended_at=stored.suspended_at or now, suspend_reason=reason)

        act = self._station_cache.act(station_id, by, Change.SUSPENDED, reason=reason)
        return (await self._station_cache.change_device(station_id, suspended, cause=act)).after

    async def commission(self, station_id: StationId, note: str | None, by: str) -> Device:
        """Say that a station is commissioned; one that was so before stays. Raises ProvisioningProblem:
        E_NOT_LOCALIZED, E_STATION_UNKNOWN.
        """
        self.known(station_id)
        now = self._station_cache.clock.now()

        def commissioned(stored: Device) -> Device:
            if stored.place_id is None:
                raise ProvisioningProblem(Code.NOT_LOCALIZED, id=station_id)
            return replace(stored, commissioned_at=stored.commissioned_at or now)

        act = self._station_cache.act(station_id, by, Change.COMMISSIONED, reason=note)
        return (await self._station_cache.change_device(station_id, commissioned, cause=act)).after

    async def resume(self, station_id: StationId, by: str) -> Device:
        """Put a suspended station back into service. Raises ProvisioningProblem: E_NOT_ACTIVE."""
        self.known(station_id)

        def resumed(stored: Device) -> Device:
            if stored.activated_at is None:
                raise self._not_active(station_id)
            return replace(stored, suspended_at=None, suspend_reason=None)

        act = self._station_cache.act(station_id, by, Change.RESUMED)
        return (await self._station_cache.change_device(station_id, resumed, cause=act)).after

    async def only_one_box(self, station_id: StationId, by: str) -> None:
        """Somebody says that only one box is left under this id: kept, though it changes nothing stored."""
        act = self._station_cache.act(station_id, by, Change.ONE_BOX_LEFT)
        await self._station_cache.change(lambda _: None, lambda _: ChangeSet(act.cause, acts=[act]))

    async def forget_secret(self, station_id: StationId, by: str) -> Device:
        """Let a station in that lost its secret (it was reset, its board was replaced); it gets a new one.

        Until then it is unauthenticated and Pending, and so may be somebody else who comes under its name
        without a password; one with a password that nobody knows only where strangers are let in. The old
        secret still counts, should it have been kept after all; if the station refuses a new one, it is
        demanded again.
        """
        self.known(station_id)
        act, activation = (
            self._station_cache.act(station_id, by, Change.SECRET_FORGOTTEN),
            self.activation_request(by, (StepName.CREDENTIAL,)),
        )

        def decide(known: Device | None, run: ActivationRun | None) -> ChangeSet:
            device = known or Device(station_id)
            change = ChangeSet(act.cause, acts=[act])
            forgotten = replace(device, credential=forget(device.credential, act.at))
            change.put(known, forgotten)
            change.note(station_id, NoteTopic.DOOR, None)
            if device.requested_at is not None and device.place_id is not None:
                change.acts.append(
                    request_act(request_activation(change, forgotten, run, activation), activation)
                )
            return change

        change = await self._station_cache.change_station(station_id, decide)
        return change.devices[station_id].after

    async def history(self, station_id: StationId) -> list[HistoryLine]:
        """How the station came to where it is, oldest first."""
        return await self._station_cache.database.run_read(
            lambda connection: load_history(connection, station_id)
        )

    def known(self, station_id: StationId) -> Device:
        """The device. Raises ProvisioningProblem: E_STATION_UNKNOWN."""
        device = self._station_cache.devices.get(station_id)
        if device is None:
            raise unknown_station(station_id)
        return device

    def _not_active(self, station_id: StationId) -> ProvisioningProblem:
        lifecycle_status = self._station_cache.lifecycle_status(station_id)
        state = lifecycle_status.state if lifecycle_status is not None else Lifecycle.QUARANTINE
        return ProvisioningProblem(Code.NOT_ACTIVE, state=STATE_WORDS[state], id=station_id)
