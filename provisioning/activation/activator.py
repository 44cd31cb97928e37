"""The activator: configures stations, step by step, as durable work.

A change that leaves an activation open asks for it (`rules.activating`, `StationCache`); so does a new link,
here. Each settled step is stored before the next frame, so that a restart of either side goes on where it
stopped. What does not come through is tried again, ever more seldom; who can help is told meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from csms.commands import StationCommands
from ocppj.vocabulary import RegistrationStatus, StationId
from provisioning.access import ListSource
from provisioning.activation import desired, steps
from provisioning.activation.credential import CredentialStep
from provisioning.activation.first_statuses import FirstStatuses, no_connectors
from provisioning.activation.pending_reconnect import Bounds, PendingReconnect
from provisioning.activation.registration_looks import RegistrationLooks
from provisioning.activation.releasing import BootMissing, ReleaseStep
from provisioning.activation.restarting import RestartStep
from provisioning.activation.runs import (
    STEP_WORDS,
    ActivationRun,
    StepName,
    StepRecord,
    StepState,
    retry_after_s,
)
from provisioning.activation.station_dialog import (
    OFFLINE,
    FeatureLacking,
    NoAnswer,
    NotConnected,
    NotRegistered,
    StationDialog,
    StationErred,
)
from provisioning.activation.statuses import ReportedStatuses
from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.credentials import Vault
from provisioning.pricing import SitePrices
from provisioning.records import Device
from provisioning.rules.activating import ACTIVATION
from provisioning.settings import ProvisioningSettings
from provisioning.station_cache import StationCache
from runtime.wakeup import Wakeup
from runtime.wording import Phrase
from runtime.work.engine import WorkEngine
from runtime.work.pieces import Piece, WorkDone, WorkOutcome, WorkWait
from runtime.work.storage import enqueue_if_absent

STUCK_AFTER = 2
"""Failed tries after which people are told."""
GIVE_UP_ERRORS_AFTER = 6
"""CALLERRORs are an answer too: after so many the step counts as refused."""
EVIDENCE_KEPT = 500
"""Exchanges of one step; a long list takes many."""
AGAIN_AFTER = timedelta(minutes=5)
"""What the program itself failed in, such as on a full disk, is tried again then."""
NOTHING_LEFT = Phrase("il n'en reste rien à faire", "nothing is left to be done of it")
IsCharging = Callable[[StationId], Awaitable[bool]]


class Activator:
    """Works on the open activation runs. `wake` is cheap and may be called for any station at any time.

    Its boots are news to a station in `_awaited`: each may be its return, or the one that is Accepted.
    """

    def __init__(
        self,
        station_cache: StationCache,
        vault: Vault,
        commands: StationCommands,
        lists: ListSource,
        settings: ProvisioningSettings,
        *,
        engine: WorkEngine,
        slots: asyncio.Semaphore,
        is_charging: IsCharging | None = None,
        first: FirstStatuses | None = None,
    ) -> None:
        self._station_cache, self._commands, self._lists, self._settings = (
            station_cache,
            commands,
            lists,
            settings,
        )
        self._slots, self._is_charging = slots, is_charging
        self._prices = SitePrices(station_cache)
        self._credential = CredentialStep(station_cache, vault, self._charges)
        self._first = first or FirstStatuses(station_cache.clock, no_connectors)
        self._restarting = RestartStep(self._charges)
        self._releases = ReleaseStep(settings.pending_interval_s, self._is_active, self._charges)
        self._wakeups: dict[StationId, Wakeup] = {}
        self._awaited: set[StationId] = set()
        self._statuses = ReportedStatuses(station_cache.clock)
        self._engine = engine
        engine.serve(ACTIVATION, self.work, again_after=AGAIN_AFTER, given_up=self._given_up)

    @property
    def statuses(self) -> ReportedStatuses:
        """Where the connectors' reports of stations that are asked for them go."""
        return self._statuses

    async def begin(self) -> None:
        """See to it that every open activation goes on, also those of before there was durable work."""
        now = self._station_cache.clock.now()
        open_ones = [
            ACTIVATION.request(each, now, cause="start")
            for each in self._station_cache.runs
            if self._station_cache.standpoint(each).is_to_activate
        ]
        await self._station_cache.database.run_write(
            lambda connection: enqueue_if_absent(connection, open_ones)
        )
        self._engine.wake()

    def wake(self, station_id: StationId, *, is_boot: bool = False) -> None:
        """Something about this station's link is new.

        `is_boot`: a pending station boots again and again; that is news only for who waits for it.
        """
        if is_boot and station_id not in self._awaited:
            return
        if (wakeup := self._wakeups.get(station_id)) is not None:
            wakeup.ring()
        elif self._is_to_activate(station_id) and self._commands.link(station_id) is not None:
            self._engine.enqueue(
                ACTIVATION.request(station_id, self._station_cache.clock.now(), cause="link")
            )

    async def work(self, piece: Piece) -> WorkOutcome:
        """Go on with a station's open activation, as far as that goes now."""
        station_id = StationId(piece.subject)
        self._wakeups[station_id] = Wakeup(self._station_cache.clock)
        self._awaited.discard(station_id)
        try:
            return await self._go_on(station_id)
        finally:
            del self._wakeups[station_id]

    async def _go_on(self, station_id: StationId) -> WorkOutcome:
        looks = RegistrationLooks(self._wakeups[station_id].wait)
        while self._is_to_activate(station_id):
            if self._commands.link(station_id) is None:
                return WorkWait(OFFLINE)
            try:
                later = await self._advance(self._station_cache.runs[station_id])
            except (NotConnected, NotRegistered) as problem:
                if isinstance(problem, NotRegistered):
                    await self._note(station_id, Code.NOT_BOOTED)
                if (later := await looks.wait()) is not None:
                    self._awaited.add(station_id)
                    return later
                continue
            if later is not None:
                return later
        return WorkDone(NOTHING_LEFT)

    def _is_to_activate(self, station_id: StationId) -> bool:
        is_known = station_id in self._station_cache.devices
        return is_known and self._station_cache.standpoint(station_id).is_to_activate

    async def _given_up(self, piece: Piece, reason: Phrase) -> None:
        """The program failed each time: people are told."""
        run = self._station_cache.runs.get(StationId(piece.subject))
        if run is not None and run.current is not None:
            words, wait = STEP_WORDS[run.current.step], round(AGAIN_AFTER.total_seconds())
            await self._note(run.station_id, Code.STEP_STUCK, step=words, reason=reason, wait=wait)

    async def _advance(self, run: ActivationRun) -> WorkWait | None:
        """Try the next step. Where it has to be tried again: why, and when.

        Raises NotConnected, NotRegistered.
        """
        record = run.current
        if record is None:
            await self._finish(run)
            return None
        if record.attempts < STUCK_AFTER:
            await self._note(run.station_id, Code.CONFIGURING, step=STEP_WORDS[record.step])
        timeout_s = self._settings.command_timeout_s
        dialog = StationDialog(self._commands, run.station_id, timeout_s, self._slots, self._first)
        if run.sent_away is not None or record.state is StepState.DEFERRED:
            # the same step goes on: what it did so far is part of it
            dialog.evidence += record.evidence
        try:
            state = await self._perform(record, run, dialog)
        except (NotConnected, NotRegistered):
            raise
        except NoAnswer as problem:
            return await self._failed(run, record, dialog, problem)
        except FeatureLacking as problem:
            dialog.remark(Code.KEY_LACKING, key=problem)
            state = dialog.state
        await self._store(run, record, dialog, state)
        return None

    async def _finish(self, run: ActivationRun) -> None:
        now = self._station_cache.clock.now()

        def finished(stored: ActivationRun) -> ActivationRun | None:
            is_over = stored.run_id == run.run_id and stored.current is None
            return replace(stored, finished_at=now) if is_over else None

        notes = {NoteTopic.ACTIVATION: None}
        await self._station_cache.change_run(
            run.station_id, finished, cause="activation finished", notes=notes
        )

    async def _failed(
        self, run: ActivationRun, record: StepRecord, dialog: StationDialog, problem: NoAnswer
    ) -> WorkWait | None:
        tries = record.attempts + 1
        if isinstance(problem, StationErred) and tries >= GIVE_UP_ERRORS_AFTER:
            dialog.remark(Code.KEY_REFUSED, key=STEP_WORDS[record.step], reason=problem.reason)
            await self._store(run, record, dialog, StepState.REFUSED)
            return None
        is_deferred = record.state is StepState.DEFERRED
        state = StepState.DEFERRED if is_deferred else StepState.RETRYING
        wait_s = retry_after_s(tries)
        remark: Blocker | None = None
        if isinstance(problem, BootMissing):
            remark = blocker(Code.BOOT_MISSING)
        elif tries >= STUCK_AFTER:
            words, wait = STEP_WORDS[record.step], round(wait_s)
            remark = blocker(Code.STEP_STUCK, step=words, reason=problem.reason, wait=wait)
        await self._store(run, record, dialog, state, is_going_on=True, remark=remark)
        return WorkWait(problem.reason, self._station_cache.clock.now() + timedelta(seconds=wait_s))

    async def _note(self, station_id: StationId, code: Code, **fields: object) -> None:
        await self._station_cache.note(station_id, NoteTopic.ACTIVATION, blocker(code, **fields))

    async def _store(
        self,
        run: ActivationRun,
        record: StepRecord,
        dialog: StationDialog,
        state: StepState,
        *,
        is_going_on: bool = False,
        remark: Blocker | None = None,
    ) -> None:
        """The try with all that it found out, in one change. `remark` is what people are told from now on."""
        tried = replace(
            record,
            state=state,
            attempts=record.attempts + 1,
            evidence=tuple(dialog.evidence[-EVIDENCE_KEPT:]),
            remarks=tuple(dialog.remarks),
            changed_at=self._station_cache.clock.now(),
        )

        def stored(current: ActivationRun) -> ActivationRun | None:
            # A step that was asked for again meanwhile (new tariff, new list) is not settled by this try.
            is_same = current.run_id == run.run_id and record in current.steps
            if not is_same:
                return None
            return current.with_step(
                tried,
                needs_restart=dialog.needs_restart,
                is_going_on=is_going_on,
                confirmed=dialog.confirmed,
            )

        await self._station_cache.change_run(
            run.station_id,
            stored,
            cause=f"step {record.step.value} {state.value}",
            device=dialog.found,
            notes={NoteTopic.ACTIVATION: remark} if remark is not None else None,
        )
        for follow in dialog.afterwards:
            await follow()

    async def _perform(  # noqa: PLR0911 - one line per step
        self, record: StepRecord, run: ActivationRun, dialog: StationDialog
    ) -> StepState:
        aim = self.aim(run.station_id)
        self._awaited.discard(run.station_id)
        match record.step:
            case StepName.CLOCK:
                return await steps.set_clock(dialog, aim)
            case StepName.CREDENTIAL:
                return await self._credential.perform(dialog, self._reconnect(run), record)
            case StepName.ACCESS_LIST:
                return await steps.set_access_list(dialog, aim)
            case StepName.HOURS:
                return await self._set_hours(dialog)
            case StepName.TARIFF:
                return await self._set_tariff(dialog, aim)
            case StepName.RESTART if not run.needs_restart:
                return StepState.SKIPPED
            case StepName.RESTART:
                return await self._restarting.perform(dialog, self._reconnect(run), record, aim, run.lacking)
            case StepName.RELEASE:
                return await self._release(run, dialog)

    async def _set_hours(self, dialog: StationDialog) -> StepState:
        device, site = (
            self._station_cache.devices[dialog.station_id],
            self._station_cache.site_of(dialog.station_id),
        )
        wanted = desired.wanted_availability(device, site, self._station_cache.clock.now())
        with self._statuses.expected(dialog.station_id) as statuses:
            state = await steps.set_availability(dialog, wanted, statuses)
        if state is StepState.DONE:
            dialog.facts.append(lambda stored: replace(stored, asserted=wanted))
        return state

    async def _set_tariff(self, dialog: StationDialog, aim: steps.Aim) -> StepState:
        """SKIPPED where the site has no tariff, unless the station still shows an older one."""
        shown = self._prices.named(self._station_cache.devices[dialog.station_id].tariff_shown)
        tariff = aim.tariff or (desired.free(shown.currency) if shown is not None else None)
        if tariff is None:
            return StepState.SKIPPED
        if await steps.show_price(dialog, tariff):
            tariff_id = aim.tariff.tariff_id if aim.tariff is not None else None
            dialog.facts.append(lambda stored: replace(stored, tariff_shown=tariff_id))
        return dialog.state

    async def _release(self, run: ActivationRun, dialog: StationDialog) -> StepState:
        """Whatever it does from here on, its next boot is Accepted."""
        is_accepted = dialog.link.registration is RegistrationStatus.ACCEPTED
        await self._mark_released(run, is_accepted=is_accepted)
        return await self._releases.perform(dialog, self._reconnect(run))

    async def _mark_released(self, run: ActivationRun, *, is_accepted: bool) -> None:
        """With the run itself in one transaction: a station that was taken away meanwhile is not released.

        One whose boot was accepted before (it was at another place) is active at once, without a boot.
        """
        now = self._station_cache.clock.now()

        def decide(device: Device | None, current: ActivationRun | None) -> ChangeSet:
            change = ChangeSet("released")
            is_same = current is not None and current.run_id == run.run_id
            if is_same and device is not None and device.requested_at is not None:
                activated_at = device.activated_at or (now if is_accepted else None)
                released_at = device.released_at or now
                change.put(device, replace(device, released_at=released_at, activated_at=activated_at))
            return change

        await self._station_cache.change_station(run.station_id, decide)

    async def _charges(self, dialog: StationDialog) -> bool:
        """A restart ends a running charge on many stations."""
        return self._is_charging is not None and await self._is_charging(dialog.station_id)

    def _is_active(self, dialog: StationDialog) -> bool:
        return self._station_cache.devices[dialog.station_id].activated_at is not None

    def aim(self, station_id: StationId) -> steps.Aim:
        """What the station should become."""
        return steps.Aim(
            self._station_cache.site_of(station_id),
            self._prices.current(station_id),
            self._settings.heartbeat_interval_s,
            self._lists,
        )

    def _reconnect(self, run: ActivationRun) -> PendingReconnect:
        self._awaited.add(run.station_id)
        return PendingReconnect(
            self._station_cache,
            self._commands,
            run,
            self._wakeups[run.station_id],
            Bounds(
                left_alone_s=self._settings.secret_patience_s,
                obeys_s=self._settings.obey_within_s,
                back_s=self._settings.reconnect_within_s,
            ),
        )
