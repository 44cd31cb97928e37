"""The hours keeper: opens and closes stations at the edges of their sites' hours, with one timer for all.

What a station should be is computed, never remembered: after a restart, a reconnect or a boot it is
compared with what the station last agreed to, and said again where it may differ.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog

from csms.commands import StationCommands
from ocppj.model.availability import ChangeAvailability
from ocppj.vocabulary import Availability, RegistrationStatus, StationId
from provisioning.activation.conversation import (
    Conversation,
    FeatureLacking,
    NoAnswer,
    NotConnected,
    NotRegistered,
)
from provisioning.activation.desired import wanted_availability
from provisioning.activation.first_statuses import FirstStatuses
from provisioning.activation.runs import AGREED, ActivationRun, retry_after_s
from provisioning.alarm import Alarm
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.directory import Directory
from provisioning.lifecycle import Lifecycle
from provisioning.records import Device, Site
from provisioning.settings import ProvisioningSettings, Quiet
from runtime.surviving import attempt
from runtime.wording import Phrase

log = structlog.get_logger(__name__)

LONGEST_SLEEP_S = 3600.0
"""The wall clock may be set meanwhile: look again at least this often."""
ATTEMPTS = 8
"""Tries in a row; then people are told, and it is tried again at the next occasion."""
REGISTRATION_LOOK_S = 1.0
"""A station that reconnects without a boot is registered again within seconds."""
REGISTRATION_LOOKS = 30
_KEPT = (Lifecycle.ACTIVE, Lifecycle.SUSPENDED)
_NOT_IN_SERVICE = (Lifecycle.ORDERED, Lifecycle.POWERED, Lifecycle.LOCALIZED)


class HoursKeeper:
    """Keeps availability as the hours and suspensions say."""

    def __init__(
        self,
        directory: Directory,
        commands: StationCommands,
        settings: ProvisioningSettings,
        *,
        first: FirstStatuses,
        slots: asyncio.Semaphore,
        is_quiet: Quiet = lambda _: False,
    ) -> None:
        self._is_quiet, self._first = is_quiet, first
        self._directory, self._commands, self._settings, self._slots = directory, commands, settings, slots
        self._alarm = Alarm(directory.clock)
        self._busy: dict[StationId, Alarm] = {}
        self._group: asyncio.TaskGroup | None = None

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Sleep to the next edge, assert what it changes, for ever."""
        self._group = group
        while True:
            now = self._directory.clock.now()
            for station_id in list(self._directory.devices):
                # One station's trouble must not end the hours of all others.
                attempt(self.check, station_id, event="hours_not_checked", station_id=station_id)
            edge = self.next_edge(now)
            wait_s = LONGEST_SLEEP_S if edge is None else (edge - now).total_seconds()
            await self._alarm.wait(min(wait_s, LONGEST_SLEEP_S))

    def detach(self) -> None:
        """Nothing new is begun: the group ends."""
        self._group = None

    def next_edge(self, after: datetime) -> datetime | None:
        """When any site opens or closes next."""
        edges: list[datetime] = []
        for site in self._directory.sites.values():
            attempt(_add_edge, site, after, edges, event="edge_not_found", site_id=site.site_id)
        return min(edges, default=None)

    def plan_anew(self) -> None:
        """The hours of some site changed."""
        self._alarm.ring()

    def check(self, station_id: StationId, *, is_fresh: bool = False) -> None:
        """See to it that this station is as it should be.

        `is_fresh`: it has just started, and may have forgotten what it agreed to; where that matters it is
        said again.
        """
        wanted = self._wanted(station_id)
        if wanted is None or self._group is None:
            return
        device, site = self._directory.devices[station_id], self._directory.site_of(station_id)
        is_restricted = wanted is Availability.INOPERATIVE or (site is not None and site.hours is not None)
        if device.asserted is wanted and not (is_fresh and is_restricted):
            return
        alarm = self._busy.get(station_id)
        if alarm is not None:
            alarm.ring()
            return
        self._busy[station_id] = Alarm(self._directory.clock)
        self._group.create_task(self._assert(station_id), name=f"hours {station_id}")

    def _wanted(self, station_id: StationId) -> Availability | None:
        """None where there is nothing to keep: no link, being configured, or not accepted anyway.

        A station that was taken away from its place while its registration goes on must not charge (R7).
        """
        standing, link = self._directory.standing(station_id), self._commands.link(station_id)
        if standing is None or link is None or self._is_quiet(station_id):
            return None
        if standing.state in _NOT_IN_SERVICE and link.registration is RegistrationStatus.ACCEPTED:
            return Availability.INOPERATIVE
        if standing.state not in _KEPT:
            return None
        device, site = self._directory.devices[station_id], self._directory.site_of(station_id)
        return wanted_availability(device, site, self._directory.clock.now())

    async def _assert(self, station_id: StationId) -> None:
        try:
            await self._insist(station_id)
        except Exception:
            # Supervision: one station's trouble must not end the hours of all others.
            log.exception("hours_failed", station_id=station_id)
        finally:
            del self._busy[station_id]

    async def _insist(self, station_id: StationId) -> None:
        attempts = looks = 0
        refusal: Phrase | None = None
        while attempts < ATTEMPTS and looks < REGISTRATION_LOOKS:
            wanted = self._wanted(station_id)
            if wanted is None:
                return  # its next link starts this again
            try:
                refusal = await self._say(station_id, wanted)
            except NotConnected:
                return
            except NotRegistered:
                looks += 1
                await self._busy[station_id].wait(REGISTRATION_LOOK_S)
                continue
            if refusal is None:
                await self._agreed(station_id, wanted)
            if refusal is None and self._wanted(station_id) is wanted:
                return
            attempts += 1
            if refusal is not None:
                await self._busy[station_id].wait(retry_after_s(attempts))
        if refusal is not None:
            await self._directory.note(
                station_id, NoteTopic.HOURS, blocker(Code.HOURS_REFUSED, reason=refusal)
            )

    async def _say(self, station_id: StationId, wanted: Availability) -> Phrase | None:
        """Why the station does not agree; None: it does. Raises NotConnected, NotRegistered."""
        timeout_s = self._settings.command_timeout_s
        talk = Conversation(self._commands, station_id, timeout_s, self._slots, self._first)
        try:
            answer = await talk.send(ChangeAvailability(wanted))
        except (NotConnected, NotRegistered):
            raise
        except NoAnswer as problem:
            return problem.reason
        except FeatureLacking:
            return Phrase("commande inconnue", "it does not know the command")
        if not answer.is_accepted:
            log.warning(
                "availability_refused", station_id=station_id, wanted=wanted.value, status=answer.status
            )
            return Phrase(answer.status, answer.status)
        return None

    async def _agreed(self, station_id: StationId, wanted: Availability) -> None:
        """What it agreed to, and that nothing has to be said of it any more, in one change."""
        is_right = self._wanted(station_id) is wanted
        run = self._directory.runs.get(station_id)
        has_remark = run is not None and run.remarks_availability(AGREED)
        if self._directory.devices[station_id].asserted is wanted and not has_remark:
            if is_right:
                await self._directory.note(station_id, NoteTopic.HOURS, None)
            return

        def decide(device: Device | None, current: ActivationRun | None) -> ChangeSet:
            change = ChangeSet("hours")
            if device is not None:
                change.put(device, replace(device, asserted=wanted))
            if device is not None and current is not None and current.remarks_availability(AGREED):
                change.put_run(current, current.with_availability(AGREED))
            if is_right:
                change.note(station_id, NoteTopic.HOURS, None)
            return change

        await self._directory.change_station(station_id, decide)


def _add_edge(site: Site, after: datetime, edges: list[datetime]) -> None:
    edge = site.hours.next_edge(after) if site.hours else None
    if edge is not None:
        edges.append(edge)
