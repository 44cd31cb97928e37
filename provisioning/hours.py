"""The hours keeper: opens and closes stations at the edges of their sites' hours.

Two kinds of durable work: a site's next edge, and a station that must be told. Both are asked for with the
change that causes them (`rules.keeping_hours`, `StationCache`), and here where a link comes. What a station
should be is computed, never remembered: it is compared with what the station last agreed to, and said again
where it may differ. When it agreed is remembered, as long as the process lives, so that one boot is answered
once.
"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from csms.commands import StationCommands
from ocppj.model.availability import ChangeAvailability
from ocppj.vocabulary import Availability, StationId
from provisioning.activation.first_statuses import FirstStatuses
from provisioning.activation.registration_looks import RegistrationLooks
from provisioning.activation.runs import AGREED, ActivationRun
from provisioning.activation.station_dialog import (
    FeatureLacking,
    NoAnswer,
    NotConnected,
    NotRegistered,
    StationDialog,
)
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.records import Device, Site
from provisioning.rules.keeping_hours import (
    AFTER_BOOT,
    AVAILABILITY,
    HOURS_EDGE,
    edge_due,
    is_moved_by_edge,
)
from provisioning.settings import ProvisioningSettings
from provisioning.station_cache import StationCache
from runtime.surviving import attempt
from runtime.wording import Phrase, counted
from runtime.work.engine import WorkEngine
from runtime.work.pieces import Piece, WorkDone, WorkOutcome, WorkRetry, WorkWait
from runtime.work.request import WorkRequest
from runtime.work.storage import enqueue_if_absent

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(hours=1)
"""What was given up is tried again then, at the latest: the next occasion may come before."""
NO_HOURS = Phrase("il n'a plus d'heures d'ouverture", "it has no hours any more")
NOTHING_TO_SEND = Phrase("rien à dire", "nothing to be said")
AGREED_TO = Phrase("elle a accepté {said}", "it agreed to {said}")
ONE_WAITING = Phrase("{count} borne à avertir", "{count} station has to be told")
MANY_WAITING = Phrase("{count} bornes à avertir", "{count} stations have to be told")


class HoursKeeper:
    """Keeps availability as the hours and suspensions say."""

    def __init__(
        self,
        station_cache: StationCache,
        commands: StationCommands,
        work: WorkEngine,
        settings: ProvisioningSettings,
        *,
        first: FirstStatuses,
        slots: asyncio.Semaphore,
    ) -> None:
        self._station_cache, self._commands, self._settings = station_cache, commands, settings
        self._first, self._slots, self._work = first, slots, work
        self._agreed_at: dict[StationId, datetime] = {}
        work.serve(HOURS_EDGE, self.pass_edge, again_after=AGAIN_AFTER)
        work.serve(AVAILABILITY, self.keep, again_after=AGAIN_AFTER, given_up=self._given_up)
        station_cache.gone_listeners.append(self._forget)

    async def begin(self) -> None:
        """See to it that every site has its next edge, also those of before there was durable work."""
        now = self._station_cache.clock.now()
        edges: list[WorkRequest] = []
        for site in self._station_cache.sites.values():
            # One site's trouble must not end the hours of all others.
            attempt(_add_edge, site, now, edges, event="edge_not_found", site_id=site.site_id)
        await self._station_cache.database.run_write(lambda connection: enqueue_if_absent(connection, edges))
        self._work.wake()

    def check(self, station_id: StationId, *, is_fresh: bool = False) -> None:
        """A link is new: see to it that this station is as it should be.

        `is_fresh`: it has just started, and may have forgotten what it agreed to; where that matters it is
        said again.
        """
        now, link = self._station_cache.clock.now(), self._commands.link(station_id)
        if station_id not in self._station_cache.devices or link is None:
            return
        standpoint = self._station_cache.standpoint(station_id)
        wanted, site = standpoint.wanted(now), standpoint.site
        has_hours = site is not None and site.hours is not None
        is_restricted = wanted is Availability.INOPERATIVE or (wanted is not None and has_hours)
        if is_fresh and is_restricted:
            self._work.enqueue(AVAILABILITY.request(station_id, now, key=AFTER_BOOT, cause="boot"))
        elif standpoint.is_pending(now) and not self._work.is_running(AVAILABILITY, station_id):
            self._work.enqueue(AVAILABILITY.request(station_id, now, cause="link"))

    async def pass_edge(self, piece: Piece) -> WorkOutcome:
        """A site opens or closes: its stations must be told, and its next edge comes."""
        site, now = self._station_cache.sites.get(piece.subject), self._station_cache.clock.now()
        if site is None or site.hours is None:
            return WorkDone(NO_HOURS)
        told = [
            AVAILABILITY.request(each, now, cause="hours")
            for each in self._station_cache.stations_on(site.site_id)
            if is_moved_by_edge(self._station_cache.standpoint(each), piece.due_at or now, now)
        ]
        following = edge_due(site, now)
        then: list[WorkRequest] = [*told, following] if following is not None else told
        return WorkDone(counted(len(told), ONE_WAITING, MANY_WAITING), tuple(then))

    async def keep(self, piece: Piece) -> WorkOutcome:
        """Tell a station what it should be, if it does not know; look again before it counts as done."""
        station_id = StationId(piece.subject)
        sent: Availability | None = None
        looks = RegistrationLooks(self._station_cache.clock.sleep)
        while True:
            wanted = self._wanted(station_id)
            if wanted is None or not self._is_to_be_sent(piece, wanted, sent):
                return WorkDone(
                    AGREED_TO.filled({"said": sent.value}) if sent is not None else NOTHING_TO_SEND
                )
            try:
                refusal = await self._send(station_id, wanted)
            except NotConnected as problem:
                return WorkWait(problem.reason)
            except NotRegistered:
                if (later := await looks.wait()) is not None:
                    return later
                continue
            if refusal is not None:
                return WorkRetry(refusal)
            await self._agreed(station_id, wanted)
            sent = wanted

    def _wanted(self, station_id: StationId) -> Availability | None:
        if station_id not in self._station_cache.devices:
            return None
        return self._station_cache.standpoint(station_id).wanted(self._station_cache.clock.now())

    def _is_to_be_sent(self, piece: Piece, wanted: Availability, sent: Availability | None) -> bool:
        station_id = StationId(piece.subject)
        if self._station_cache.devices[station_id].asserted is not wanted:
            return True
        agreed_at = self._agreed_at.get(station_id)
        is_since = sent is not None or (agreed_at is not None and agreed_at > piece.asked_at)
        return piece.key == AFTER_BOOT and not is_since

    async def _given_up(self, piece: Piece, reason: Phrase) -> None:
        """It was tried often enough for now: people are told."""
        note = blocker(Code.HOURS_REFUSED, reason=reason)
        await self._station_cache.note(StationId(piece.subject), NoteTopic.HOURS, note)

    def _forget(self, station_id: StationId) -> None:
        self._agreed_at.pop(station_id, None)

    async def _send(self, station_id: StationId, wanted: Availability) -> Phrase | None:
        """Why the station does not agree; None: it does. Raises NotConnected, NotRegistered."""
        timeout_s = self._settings.command_timeout_s
        dialog = StationDialog(self._commands, station_id, timeout_s, self._slots, self._first)
        try:
            answer = await dialog.send(ChangeAvailability(wanted))
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
        self._agreed_at[station_id] = self._station_cache.clock.now()
        is_right = self._wanted(station_id) is wanted
        run = self._station_cache.runs.get(station_id)
        has_remark = run is not None and run.remarks_availability(AGREED)
        if self._station_cache.devices[station_id].asserted is wanted and not has_remark:
            if is_right:
                await self._station_cache.note(station_id, NoteTopic.HOURS, None)
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

        await self._station_cache.change_station(station_id, decide)


def _add_edge(site: Site, now: datetime, edges: list[WorkRequest]) -> None:
    if (edge := edge_due(site, now)) is not None:
        edges.append(edge)
