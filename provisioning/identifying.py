"""`BoxChecks`: waits for an act at a box, and notes in its power-up run what was seen, and where.

A check lives in this process for its minute; what came of it is a mark of the run, which stays.
"""

from dataclasses import replace

from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from provisioning.power_up import PowerUps
from provisioning.rules.identifying import (
    WITHIN,
    BoxAct,
    BoxCheck,
    BoxCheckState,
    after,
    may_be_another,
    note_of,
)
from provisioning.station_cache import StationCache
from runtime.events import EventBus, Subscription


class BoxChecks:
    """One check a station; a new one takes the place of the last."""

    def __init__(self, station_cache: StationCache, bus: EventBus[StationEvent], power_ups: PowerUps) -> None:
        self._station_cache, self._bus, self._power_ups = station_cache, bus, power_ups
        self._checks: dict[StationId, BoxCheck] = {}
        self._listening: dict[StationId, Subscription[StationEvent]] = {}

    async def begin(
        self, station_id: StationId, act: BoxAct, by: str, id_token: str | None = None
    ) -> BoxCheck:
        """Wait for it from now on. Raises ProvisioningProblem: E_NO_POWER_UP."""
        await self._power_ups.open_run(station_id)
        now = self._station_cache.clock.now()
        check = BoxCheck(
            station_id=station_id,
            act=act,
            by=by,
            began_at=now,
            id_token=id_token,
            others=frozenset(self._others(station_id)),
        )
        self._leave(station_id)
        self._checks[station_id] = check
        # What is accepted is kept by the subscription; nothing is: each event is looked at as it is told.
        self._listening[station_id] = self._bus.subscribe(1, lambda event: self._receive(station_id, event))
        self._station_cache.clock.call_later(WITHIN.total_seconds(), lambda: self._over(check))
        return check

    async def look(self, station_id: StationId) -> BoxCheck | None:
        """The last check of a station; what was seen is noted in its run by whoever looks first."""
        check = self._checks.get(station_id)
        if check is None or check.is_noted or check.seen_on is None:
            return check
        self._checks[station_id] = noted = replace(check, is_noted=True)
        await self._power_ups.mark_box(station_id, note_of(check), check.by)
        return noted

    def _receive(self, station_id: StationId, event: StationEvent) -> bool:
        check = self._checks[station_id]
        now = self._station_cache.clock.now()
        self._checks[station_id] = check = after(check, event, now)
        if check.state(now) is not BoxCheckState.WATCHING:
            self._leave(station_id)
        return False

    def _over(self, check: BoxCheck) -> None:
        current = self._checks.get(check.station_id)
        if current is not None and current.began_at == check.began_at:
            self._leave(check.station_id)

    def _leave(self, station_id: StationId) -> None:
        listening = self._listening.pop(station_id, None)
        if listening is not None:
            listening.close()

    def _others(self, station_id: StationId) -> list[StationId]:
        """What is new at the same site: one of them may have got this one's label."""
        cache, now = self._station_cache, self._station_cache.clock.now()
        site = cache.site_of(station_id)
        on_site = cache.stations_on(site.site_id) if site is not None else []
        return [
            each
            for each in on_site
            if each != station_id and may_be_another(cache.devices[each].activated_at, now)
        ]
