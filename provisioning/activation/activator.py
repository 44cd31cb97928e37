"""The activator: one worker per station that is to be configured, as long as it is connected.

Each settled step is stored before the next frame, so that a restart of either side goes on where it
stopped. What does not come through is tried again, ever more seldom; who can help is told
meanwhile. A worker without a link ends; news of a link starts it again.
"""

import asyncio
from dataclasses import replace

import structlog

from csms.commands import StationCommands
from csms.domain.commands import Reset, TriggerMessage
from csms.domain.news import StationNews
from ocppj.vocabulary import ResetKind, StationId, TriggeredMessage
from provisioning.access import ListSource
from provisioning.activation import desired, steps
from provisioning.activation.conversation import Conversation, FeatureLacking, NoAnswer, StationErred
from provisioning.activation.credential import CredentialStep
from provisioning.activation.returning import Watch
from provisioning.activation.runs import (
    ActivationRun,
    Evidence,
    StepName,
    StepRecord,
    StepState,
    retry_after_s,
)
from provisioning.alarm import Alarm
from provisioning.catalogue import Code, blocker
from provisioning.credentials import Vault
from provisioning.directory import Directory
from provisioning.lifecycle import Lifecycle
from provisioning.pricing import SitePrices
from provisioning.settings import ProvisioningSettings

log = structlog.get_logger(__name__)

STUCK_AFTER = 2
"""Failed tries after which people are told."""
GIVE_UP_ERRORS_AFTER = 6
"""CALLERRORs are an answer too: after so many the step counts as refused."""
TRIGGERS = 3
"""How often a released station is asked to boot at once; then it is left to its interval."""
_WORKED_ON = (Lifecycle.CONFIGURING, Lifecycle.ACTIVE, Lifecycle.SUSPENDED)
_OFFLINE = {"offline", "its boot is not answered yet"}


class Activator:
    """Works on the open activation runs. `wake` is cheap and may be called for any station at any time."""

    def __init__(
        self,
        directory: Directory,
        vault: Vault,
        commands: StationCommands,
        lists: ListSource,
        settings: ProvisioningSettings,
    ) -> None:
        self._directory, self._commands, self._lists, self._settings = directory, commands, lists, settings
        self._prices = SitePrices(directory)
        self._credential = CredentialStep(directory, vault, settings.reconnect_within_s)
        self._alarms: dict[StationId, Alarm] = {}
        self._slots = asyncio.Semaphore(settings.parallel_activations)
        self._group: asyncio.TaskGroup | None = None

    def attach(self, group: asyncio.TaskGroup) -> None:
        """Workers belong to this group."""
        self._group = group
        for station_id in self._directory.runs:
            self.start(station_id)

    def wake(self, station_id: StationId) -> None:
        """Something about this station's link is new."""
        alarm = self._alarms.get(station_id)
        if alarm is not None:
            alarm.ring()
        self.start(station_id)

    def start(self, station_id: StationId) -> None:
        """Begin or go on, if there is something to do; never cuts a wait short: its own notes end here."""
        is_working = station_id in self._alarms
        if not is_working and self._group is not None and self._is_due(station_id):
            self._alarms[station_id] = Alarm(self._directory.clock)
            self._group.create_task(self._work(station_id), name=f"activation {station_id}")

    def _is_due(self, station_id: StationId) -> bool:
        standing, run = self._directory.standing(station_id), self._directory.runs.get(station_id)
        if standing is None or standing.state not in _WORKED_ON:
            return False
        is_open = run is not None and run.finished_at is None
        return is_open and self._commands.link(station_id) is not None

    async def _work(self, station_id: StationId) -> None:
        try:
            async with self._slots:
                while self._is_due(station_id):
                    wait_s = await self._advance(self._directory.runs[station_id])
                    if wait_s:
                        await self._alarms[station_id].wait(wait_s)
        except Exception:
            # Supervision: one station's trouble must not end the others' activation.
            log.exception("activation_failed", station_id=station_id)
        finally:
            del self._alarms[station_id]

    async def _advance(self, run: ActivationRun) -> float:
        """Try the next step; how long to wait before the one after."""
        record = run.current
        if record is None:
            finished = replace(run, finished_at=self._directory.clock.now())
            await self._directory.save_run(finished, "activation finished")
            await self._directory.set_progress(run.station_id, None)
            return 0.0
        if record.attempts < STUCK_AFTER:
            await self._directory.set_progress(run.station_id, blocker(Code.CONFIGURING, step=record.step))
        talk = Conversation(self._commands, run.station_id, self._settings.command_timeout_s)
        try:
            state = await self._perform(StepName(record.step), run, talk)
        except NoAnswer as problem:
            return await self._failed(run, record, talk, problem)
        except FeatureLacking as problem:
            talk.remark(Code.KEY_LACKING, key=problem)
            state = StepState.LACKING
        await self._store(run, record, talk, state)
        return 0.0

    async def _failed(
        self, run: ActivationRun, record: StepRecord, talk: Conversation, problem: NoAnswer
    ) -> float:
        reason = str(problem)
        if reason in _OFFLINE:
            return await self._wait_for_link(run.station_id, reason)
        wait_s = retry_after_s(record.attempts + 1)
        if isinstance(problem, StationErred) and record.attempts + 1 >= GIVE_UP_ERRORS_AFTER:
            talk.remark(Code.KEY_REFUSED, key=record.step, reason=reason)
            await self._store(run, record, talk, StepState.REFUSED)
            return 0.0
        await self._store(run, record, talk, StepState.RETRYING)
        if record.attempts + 1 >= STUCK_AFTER:
            stuck = blocker(Code.STEP_STUCK, step=record.step, reason=reason, wait=round(wait_s))
            await self._directory.set_progress(run.station_id, stuck)
        return wait_s

    async def _wait_for_link(self, station_id: StationId, reason: str) -> float:
        if reason == "offline":
            await self._directory.set_progress(station_id, blocker(Code.STATION_OFFLINE))
        return 0.5  # the news of a boot is a moment ahead of its answer

    async def _store(
        self, run: ActivationRun, record: StepRecord, talk: Conversation, state: StepState
    ) -> None:
        # A step that was asked for again meanwhile (new tariff, new list) is not settled by this try.
        current = self._directory.runs.get(run.station_id)
        if current is None or current.run_id != run.run_id or record not in current.steps:
            return
        tried = replace(
            record,
            state=state,
            attempts=record.attempts + 1,
            evidence=tuple(talk.evidence),
            remarks=tuple(talk.remarks),
            changed_at=self._directory.clock.now(),
        )
        updated = current.with_step(tried, needs_restart=talk.needs_restart)
        await self._directory.save_run(updated, f"step {record.step} {state.value}")

    async def _perform(  # noqa: PLR0911 - one line per step
        self, name: StepName, run: ActivationRun, talk: Conversation
    ) -> StepState:
        aim = self._aim(run.station_id)
        match name:
            case StepName.CLOCK:
                return await steps.set_clock(talk, aim)
            case StepName.CREDENTIAL:
                return await self._credential.perform(talk, self._watch(run.station_id))
            case StepName.ACCESS_LIST:
                return await steps.set_access_list(talk, aim)
            case StepName.HOURS:
                return await self._set_hours(talk)
            case StepName.TARIFF:
                return await steps.set_tariff(talk, aim)
            case StepName.RESTART:
                return await self._restart(run, talk, aim)
            case StepName.RELEASE:
                return await self._release(run, talk)

    async def _set_hours(self, talk: Conversation) -> StepState:
        device, site = (
            self._directory.devices[talk.station_id],
            self._directory.site_of(talk.station_id),
        )
        wanted = desired.wanted_availability(device, site, self._directory.clock.now())
        state = await steps.set_availability(talk, wanted)
        if state is StepState.DONE:
            await self._directory.change_device(
                talk.station_id, lambda stored: replace(stored, asserted=wanted), cause="hours"
            )
        return state

    async def _restart(self, run: ActivationRun, talk: Conversation, aim: steps.Aim) -> StepState:
        """Once, and only if some value asked for it."""
        if not run.needs_restart:
            return StepState.SKIPPED
        epoch = talk.link.epoch
        answer = await talk.send(Reset(ResetKind.ON_IDLE))
        if not answer.is_accepted and answer.status != "Scheduled":
            talk.remark(Code.KEY_REFUSED, key="Reset", reason=answer.status)
            return StepState.REFUSED
        watch = self._watch(run.station_id)
        if await watch.registered_link(epoch, self._settings.reconnect_within_s) is None:
            raise NoAnswer("it did not come back from its restart")
        return await steps.check_after_restart(talk, aim)

    async def _release(self, run: ActivationRun, talk: Conversation) -> StepState:
        """Ask for the boot that will be Accepted; a station that does not obey boots at its interval."""
        device = self._directory.devices[run.station_id]
        if device.released_at is None:
            now = self._directory.clock.now()
            await self._directory.change_device(
                run.station_id, lambda stored: replace(stored, released_at=now), cause="released"
            )
        if not self._is_active(run.station_id):
            record = run.current
            if record is not None and record.attempts < TRIGGERS:
                await self._ask_to_boot(talk)
            await self._alarms[run.station_id].wait(self._settings.pending_interval_s)
        if not self._is_active(run.station_id):
            raise NoAnswer("waiting for its boot")
        talk.evidence.append(Evidence("boot", "Accepted"))
        return StepState.DONE

    async def _ask_to_boot(self, talk: Conversation) -> None:
        try:
            await talk.send(TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION))
        except FeatureLacking:
            talk.evidence.append(Evidence("trigger boot", "not supported: it boots by itself"))

    def _is_active(self, station_id: StationId) -> bool:
        return self._directory.devices[station_id].activated_at is not None

    def _aim(self, station_id: StationId) -> steps.Aim:
        return steps.Aim(
            self._directory.site_of(station_id),
            self._prices.current(station_id),
            self._settings.heartbeat_interval_s,
            self._lists,
        )

    def _watch(self, station_id: StationId) -> Watch:
        return Watch(self._commands, station_id, self._directory.clock, self._alarms[station_id])


def is_link_news(news: StationNews) -> bool:
    """The news that may let an activation or the hours go on."""
    return news.event in {"link.connected", "link.disconnected", "station.booted"}
