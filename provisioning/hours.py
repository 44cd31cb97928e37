"""The hours keeper: opens and closes stations at the edges of their sites' hours, with one timer for all.

What a station should be is computed, never remembered: after a restart, a reconnect or a boot it is
compared with what the station last agreed to, and said again where it may differ.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog

from csms.commands import StationCommands
from csms.domain.commands import ChangeAvailability, Outcome
from ocppj.vocabulary import Availability, StationId
from provisioning.activation.conversation import ORIGIN
from provisioning.activation.desired import wanted_availability
from provisioning.activation.runs import retry_after_s
from provisioning.alarm import Alarm
from provisioning.directory import Directory
from provisioning.lifecycle import Lifecycle
from provisioning.settings import ProvisioningSettings

log = structlog.get_logger(__name__)

LONGEST_SLEEP_S = 3600.0
"""The wall clock may be set meanwhile: look again at least this often."""
ATTEMPTS = 8
_KEPT = (Lifecycle.ACTIVE, Lifecycle.SUSPENDED)


class HoursKeeper:
    """Keeps availability as the hours and suspensions say."""

    def __init__(
        self, directory: Directory, commands: StationCommands, settings: ProvisioningSettings
    ) -> None:
        self._directory, self._commands, self._settings = directory, commands, settings
        self._alarm = Alarm(directory.clock)
        self._busy: dict[StationId, Alarm] = {}
        self._slots = asyncio.Semaphore(settings.parallel_activations)
        self._group: asyncio.TaskGroup | None = None

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Sleep to the next edge, assert what it changes, for ever."""
        self._group = group
        while True:
            now = self._directory.clock.now()
            for station_id in list(self._directory.devices):
                self.check(station_id)
            edge = self.next_edge(now)
            wait_s = LONGEST_SLEEP_S if edge is None else (edge - now).total_seconds()
            await self._alarm.wait(min(wait_s, LONGEST_SLEEP_S))

    def next_edge(self, after: datetime) -> datetime | None:
        """When any site opens or closes next."""
        edges = (site.hours.next_edge(after) for site in self._directory.sites.values() if site.hours)
        return min((edge for edge in edges if edge is not None), default=None)

    def plan_anew(self) -> None:
        """The hours of some site changed."""
        self._alarm.ring()

    def check(self, station_id: StationId, *, is_new_link: bool = False) -> None:
        """See to it that this station is as it should be. On a new link it is said again where it matters."""
        wanted = self._wanted(station_id)
        if wanted is None or self._group is None or self._commands.link(station_id) is None:
            return
        device = self._directory.devices[station_id]
        site = self._directory.site_of(station_id)
        is_restricted = wanted is Availability.INOPERATIVE or (site is not None and site.hours is not None)
        if device.asserted is wanted and not (is_new_link and is_restricted):
            return
        alarm = self._busy.get(station_id)
        if alarm is not None:
            alarm.ring()
            return
        self._busy[station_id] = Alarm(self._directory.clock)
        self._group.create_task(self._assert(station_id), name=f"hours {station_id}")

    def _wanted(self, station_id: StationId) -> Availability | None:
        standing = self._directory.standing(station_id)
        if standing is None or standing.state not in _KEPT:
            return None
        device, site = self._directory.devices[station_id], self._directory.site_of(station_id)
        return wanted_availability(device, site, self._directory.clock.now())

    async def _assert(self, station_id: StationId) -> None:
        try:
            async with self._slots:
                for attempt in range(1, ATTEMPTS + 1):
                    wanted = self._wanted(station_id)
                    if wanted is None or await self._say(station_id, wanted):
                        return
                    await self._busy[station_id].wait(retry_after_s(attempt))
        except Exception:
            # Supervision: one station's trouble must not end the hours of all others.
            log.exception("hours_failed", station_id=station_id)
        finally:
            del self._busy[station_id]

    async def _say(self, station_id: StationId, wanted: Availability) -> bool:
        """Whether there is nothing more to do on this link."""
        if self._commands.link(station_id) is None:
            return True  # its next link starts this again
        outcome = await self._commands.send(
            station_id,
            ChangeAvailability(wanted),
            timeout_s=self._settings.command_timeout_s,
            origin=ORIGIN,
        )
        if outcome.outcome is not Outcome.RESULT or outcome.answer is None:
            return outcome.outcome is Outcome.UNSUPPORTED
        if not outcome.is_accepted and outcome.answer.status != "Scheduled":
            log.warning(
                "availability_refused",
                station_id=station_id,
                wanted=wanted.value,
                status=outcome.answer.status,
            )
            return False
        if self._directory.devices[station_id].asserted is not wanted:
            await self._directory.change_device(
                station_id, lambda stored: replace(stored, asserted=wanted), cause="hours"
            )
        return self._wanted(station_id) is wanted
