"""Whether a station still has what it was given, looked at after each boot: some lose it over a restart.

What it lost is asked for again, step by step, as if somebody had changed it: so it is sent, read back, told.
"""

import asyncio

import structlog

from csms.commands import StationCommands
from ocppj.model.local_list import NO_LIST, GetLocalListVersion, ListVersionAnswer
from ocppj.vocabulary import RegistrationStatus, StationId
from provisioning.activation import steps
from provisioning.activation.first_statuses import FirstStatuses
from provisioning.activation.runs import ActivationRun, StepName
from provisioning.activation.station_dialog import FeatureLacking, NoAnswer, StationDialog
from provisioning.change_set import ChangeSet
from provisioning.lifecycle import Lifecycle
from provisioning.records import Device
from provisioning.rules.activation_requests import request_activation
from provisioning.settings import ProvisioningSettings, Quiet
from provisioning.station_cache import StationCache
from provisioning.use_cases.operation import Operation

log = structlog.get_logger(__name__)

WHO = "the check after a boot"
_KEPT = (Lifecycle.ACTIVE, Lifecycle.SUSPENDED)


class DriftCheck:
    """One look per boot of a station in service whose activation is over."""

    def __init__(
        self,
        station_cache: StationCache,
        commands: StationCommands,
        operation: Operation,
        aims: "steps.AimOf",
        settings: ProvisioningSettings,
        *,
        first: FirstStatuses,
        slots: asyncio.Semaphore,
        is_quiet: Quiet,
    ) -> None:
        self._station_cache, self._commands, self._operation = station_cache, commands, operation
        self._aims, self._settings, self._first = aims, settings, first
        self._slots, self._is_quiet = slots, is_quiet
        self._busy: set[StationId] = set()
        self._group: asyncio.TaskGroup | None = None

    def attach(self, group: asyncio.TaskGroup | None) -> None:
        """The looks belong to this group; none while there is none."""
        self._group = group

    def booted(self, station_id: StationId) -> None:
        """A boot was answered. Those of an activation that goes on are its own matter."""
        if self._group is None or not self._is_due(station_id):
            return
        if station_id not in self._busy:
            self._busy.add(station_id)
            self._group.create_task(self._look(station_id), name=f"drift {station_id}")

    def is_kept(self, station_id: StationId) -> bool:
        """Whether the station is in service, and not under test."""
        lifecycle_status = self._station_cache.lifecycle_status(station_id)
        return (
            lifecycle_status is not None
            and lifecycle_status.state in _KEPT
            and not self._is_quiet(station_id)
        )

    def _is_due(self, station_id: StationId) -> bool:
        run = self._station_cache.runs.get(station_id)
        is_over = run is not None and run.finished_at is not None
        return is_over and self.is_kept(station_id) and self._commands.link(station_id) is not None

    async def _look(self, station_id: StationId) -> None:
        try:
            await self._first.settled(station_id)
            link, run = self._commands.link(station_id), self._station_cache.runs.get(station_id)
            is_accepted = link is not None and link.registration is RegistrationStatus.ACCEPTED
            if run is not None and is_accepted and self._is_due(station_id):
                await self._compare(run)
        except NoAnswer:
            pass  # its next boot is another occasion
        except Exception:
            # Supervision: one station's trouble must not end provisioning.
            log.exception("drift_check_failed", station_id=station_id)
        finally:
            self._busy.discard(station_id)

    async def _compare(self, run: ActivationRun) -> None:
        timeout_s = self._settings.command_timeout_s
        dialog = StationDialog(self._commands, run.station_id, timeout_s, self._slots, self._first)
        aim = self._aims(run.station_id)
        lost: list[StepName] = []
        for name, settings in (await steps.wanted_by_step(dialog, aim)).items():
            readable = [each for each in settings if str(each.ref) not in run.lacking]
            checks = [await dialog.confirm(each.ref, each.value) for each in readable]
            lost += [] if all(checks) else [name]
        if aim.site is not None and aim.site.tokens and await _has_lost_its_list(dialog, run):
            lost.append(StepName.ACCESS_LIST)
        if dialog.confirmed:
            await self._station_cache.change_run(
                run.station_id,
                lambda stored: stored.confirmed(dialog.confirmed) if stored.run_id == run.run_id else None,
                cause="read back after a boot",
            )
        if lost:
            await self._request_again(run.station_id, tuple(dict.fromkeys(lost)))

    async def _request_again(self, station_id: StationId, names: tuple[StepName, ...]) -> None:
        log.warning("lost_over_a_boot", station_id=station_id, steps=[name.value for name in names])

        cause = f"lost over a boot: {', '.join(name.value for name in names)}"
        activation = self._operation.activation_request(WHO, names, is_requested_here=False)

        def decide(device: Device | None, run: ActivationRun | None) -> ChangeSet:
            change = ChangeSet(cause)
            if device is not None and device.requested_at is not None:
                request_activation(change, device, run, activation)
            return change

        await self._station_cache.change_station(station_id, decide)


async def _has_lost_its_list(dialog: StationDialog, run: ActivationRun) -> bool:
    """A station whose list was refused or is lacking has none to lose."""
    record = next(each for each in run.steps if each.step is StepName.ACCESS_LIST)
    if record.remarks:
        return False
    try:
        answer = await dialog.send(GetLocalListVersion())
        return isinstance(answer, ListVersionAnswer) and answer.local_list_version in (0, NO_LIST)
    except FeatureLacking:
        return False
