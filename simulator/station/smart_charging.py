"""The charging profiles that a station holds, and what its cars are offered by them (1.6 §3.13, 2.x block K).

Which profiles it takes, and what they come to, is in `charging.schedule`. What of it changes is offered at
once; a timer waits for what changes by itself. All EVSEs share what limits the whole station, in equal parts.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from charging.schedule.composite import (
    STATION,
    CompositePlan,
    Installed,
    PlanSpan,
    Situation,
    allowed_at,
    composite_of,
    composite_of_station,
    station_limit,
)
from charging.schedule.rates import Supply
from charging.schedule.shapes import (
    DYNAMIC,
    EXTERNAL,
    PRIORITY,
    TX,
)
from charging.schedule.store import (
    ProfileCriterion,
    ProfileRefusal,
    StoreLimits,
    TransactionThere,
    profile_refusal,
    to_clear,
    without_replaced,
)
from charging.schedule.timing import Timing, earlier
from charging.shares import equal_shares
from ocppj.model.messages import Reply
from ocppj.model.smart_charging import (
    EXTERNAL_CONSTRAINTS,
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    ClearedChargingLimit,
    DynamicScheduleReply,
    NotifyChargingLimit,
    NotifyPriorityCharging,
    PullDynamicScheduleUpdate,
    ScheduleUpdate,
    updated_profile,
)
from ocppj.vocabulary import VariableRef
from runtime.clock import Timer
from simulator.model.evse import Evse
from simulator.model.station_log import Topic
from simulator.model.version_rules import VersionRules
from simulator.station.context import StationContext
from simulator.station.profile_store import CONTROLLER, Profile, report_parts, store_limits

ENTRIES = VariableRef(CONTROLLER, "Entries", variable_instance="ChargingProfiles")
SOON_S = 0.01
"""A timer may be due a breath too early."""


class SmartCharging:
    """One station's. `changed` is called with an EVSE whose car may be offered something else."""

    def __init__(self, context: StationContext, rules: VersionRules, *, obeys: bool = True) -> None:
        self.held: tuple[Profile, ...] = ()
        self.changed: Callable[[Evse], None] = lambda _evse: None
        self.with_priority: set[str] = set()
        """Transactions that charge by the profile for priority (2.1 K21)."""
        self._context = context
        self._rules = rules
        self._obeys = obeys
        self._timer: Timer | None = None
        self._is_on = self._is_refreshing = self._is_due = False

    # What the central system asks

    @property
    def is_supported(self) -> bool:
        """Whether there is smart charging at all, and it is on."""
        flag = self._context.variables.flag
        return flag(CONTROLLER, "Available") and flag(CONTROLLER, "Enabled")

    def refusal(
        self, evse_id: int, profile: ChargingProfile, *, is_for_start: bool = False
    ) -> ProfileRefusal | None:
        """Why a profile is not taken; None: it can be held. Of one for a start the transaction is to come."""
        return profile_refusal(
            self.held,
            profile,
            evse_id,
            self._limits,
            phases_of={evse.evse_id: evse.template.phases for evse in self._evses},
            running=self._running(),
            is_for_start=is_for_start,
        )

    def hold(self, evse_id: int, profile: ChargingProfile) -> None:
        """Take it, in the place of what it replaces."""
        at = self._context.now()
        if profile.kind == DYNAMIC and profile.updated_at is None:
            profile = replace(profile, updated_at=at)  # K28.FR.05
        same_level = self._rules.replaces_same_level
        left = without_replaced(self.held, profile, evse_id, replaces_same_level=same_level)
        self._keep((*left, Installed(profile, evse_id, at)))
        self._note(f"{profile.purpose} {profile.profile_id} for {_place(evse_id)}")
        self._pull_later(profile)

    def hold_for_start(self, evse: Evse, profile: ChargingProfile) -> None:
        """The transaction of a remote start has begun (1.6 §5.16.2, 2.x K05.FR.03)."""
        running = evse.transaction
        if self._rules.profile_names_transaction and running is not None:
            profile = replace(profile, transaction_id=running.transaction_id)
        self.hold(evse.evse_id, profile)

    def matching(self, by: ProfileCriterion) -> tuple[Profile, ...]:
        """What a clearing would give up."""
        return to_clear(self.held, by)

    def give_up(self, profiles: Iterable[Profile]) -> None:
        """Hold these no longer (K10.FR.05)."""
        cleared = tuple(profiles)
        self._keep(each for each in self.held if each not in cleared)
        self._note(f"{len(cleared)} charging profiles cleared")

    def reported(self, by: ProfileCriterion) -> list[Profile]:
        """What is meant, in the order of their EVSEs."""
        found = [each for each in self.held if by.covers(each)]
        return sorted(found, key=lambda each: (each.evse_id, each.source, each.profile.profile_id))

    def report(self, request_id: int, found: Sequence[Profile]) -> None:
        """In parts: each is of one EVSE and one source (K09.FR.01, .02)."""
        for message in report_parts(request_id, found):
            self._context.sender.send(message, is_requested=True)

    def composite(self, evse_id: int, duration_s: int, unit: str | None) -> CompositePlan | None:
        """What is expected to flow from now on; None where that cannot be said (K08.FR.05, .07): no time has
        no period, and a schedule has one at least.
        """
        evses = {evse.evse_id: evse for evse in self._evses}
        unit = unit or self._own_unit
        if duration_s <= 0 or unit not in self._limits.units or (evse_id != STATION and evse_id not in evses):
            return None
        span = PlanSpan(self._context.now().replace(microsecond=0), duration_s, unit)
        if evse_id == STATION:
            here = [self._situation(evse) for evse in self._evses]
            return composite_of_station(self.held, here, self._whole, span)
        return composite_of(self.held, self._situation(evses[evse_id]), span)

    # Priority and dynamic charging (2.1)

    def prioritize(self, transaction_id: str, *, is_on: bool) -> str:
        """Accepted, Rejected or NoProfile (K21.FR.01 to .03, .06)."""
        evse = self.evse_of(transaction_id)
        if evse is None:
            return "Rejected"
        profiles = [each for each in self.held if each.profile.purpose == PRIORITY]
        if is_on and not any(each.evse_id in (STATION, evse.evse_id) for each in profiles):
            return "NoProfile"
        return "Accepted"

    def switch_priority(self, transaction_id: str, *, is_on: bool) -> None:
        """Do so, and tell it (K21.FR.04, .05, .07, .08)."""
        if (transaction_id in self.with_priority) is is_on:
            return
        (self.with_priority.add if is_on else self.with_priority.discard)(transaction_id)
        self._context.sender.send(NotifyPriorityCharging(transaction_id, is_on))
        self.refresh()

    def dynamic(self, profile_id: int) -> bool:
        """Whether it holds a dynamic profile of this id (K28.FR.06, .11)."""
        one = self._one(profile_id)
        return one is not None and one.profile.kind == DYNAMIC

    def update(self, profile_id: int, update: ScheduleUpdate) -> None:
        """Give a dynamic profile new limits (K28.FR.06, .09)."""
        one = self._one(profile_id)
        if one is None or one.profile.kind != DYNAMIC:
            return
        profile = updated_profile(one.profile, update, self._context.now())
        newer = Installed(profile, one.evse_id, one.at, one.source)
        self._keep(newer if each is one else each for each in self.held)

    def _one(self, profile_id: int) -> Profile | None:
        return next((each for each in self.held if each.profile.profile_id == profile_id), None)

    def _pull_later(self, profile: ChargingProfile) -> None:
        """Ask for new limits in its interval, as long as it is held (K28.FR.10)."""
        if profile.kind == DYNAMIC and profile.update_interval_s:
            wait_s = float(profile.update_interval_s)
            self._context.clock.call_later(wait_s, lambda: self._pull(profile.profile_id))

    def _pull(self, profile_id: int) -> None:
        one = self._one(profile_id)
        if one is None or not self._is_on:
            return
        answered = self._context.sender.send(PullDynamicScheduleUpdate(profile_id))
        if answered is not None:
            answered.add_done_callback(lambda done: self._pulled(profile_id, done))
        self._pull_later(one.profile)

    def _pulled(self, profile_id: int, done: "asyncio.Future[Reply]") -> None:
        if done.cancelled() or done.exception() is not None:
            return
        reply = done.result()
        if isinstance(reply, DynamicScheduleReply) and reply.update is not None:
            self.update(profile_id, reply.update)  # K28.FR.08

    # Limits of others

    def limit(self, limit: float, *, unit: str = "A", source: str = "EMS", evse_id: int = STATION) -> None:
        """Somebody else limits the station, or an EVSE, from now on (K11, K12); each source has one limit."""
        schedule = ChargingSchedule(
            unit="W" if unit == "W" else "A",
            periods=(ChargingPeriod(limit=limit),),
            starts_at=self._context.now(),
        )
        number = self._external_id()
        profile = ChargingProfile(profile_id=number, purpose=EXTERNAL_CONSTRAINTS, schedules=(schedule,))
        left = (each for each in self.held if not _is_external(each, source, evse_id))
        self._keep((*left, Installed(profile, evse_id, self._context.now(), source)))
        with_schedule = self._context.variables.flag(CONTROLLER, "NotifyChargingLimitWithSchedules")
        message = NotifyChargingLimit(
            source, evse_id or None, is_grid_critical=False, schedules=(schedule,) if with_schedule else ()
        )
        self._context.sender.send(message)
        self._note(f"{source} limits {_place(evse_id)} to {limit:g} {unit}")

    def release(self, *, source: str = "EMS", evse_id: int = STATION) -> bool:
        """They do so no longer (K13); False: they did not."""
        left = tuple(each for each in self.held if not _is_external(each, source, evse_id))
        if left == self.held:
            return False
        self._keep(left)
        self._context.sender.send(ClearedChargingLimit(source, evse_id or None))
        self._note(f"{source} limits {_place(evse_id)} no longer")
        return True

    def _external_id(self) -> int:
        """Below 0, where no central system's are (K11.FR.06)."""
        return min([0, *(each.profile.profile_id for each in self.held)]) - 1

    # What flows

    def offered_w(self, evse: Evse) -> float:
        """What the car there may be offered now."""
        if not self._obeys or not self.is_supported:
            return evse.template.max_power_w
        now = self._context.now()
        return self._shared(now).get(evse.evse_id, self._alone_w(evse, now))

    def _alone_w(self, evse: Evse, at: datetime) -> float:
        where = self._situation(evse)
        return allowed_at(self.held, where, at).rate.watts(where.supply.voltage_v)

    def _shared(self, at: datetime) -> dict[int, float]:
        """Of those that charge, each no more than its share of what all may have (1.6 §3.13.3)."""
        wanted = {evse.evse_id: self._alone_w(evse, at) for evse in self._evses if evse.grant is not None}
        whole = self._whole
        most_w = station_limit(self.held, whole, at).rate.watts(whole.supply.voltage_v)
        return equal_shares(most_w, wanted)

    def refresh(self) -> None:
        """Something has happened: offer what is allowed now, and wake up when that changes."""
        self._is_due = True
        if self._is_refreshing or not self._is_on:
            return
        self._is_refreshing = True
        try:
            while self._is_due:  # what is offered now may end a transaction
                self._is_due = False
                self._offer_all()
        finally:
            self._is_refreshing = False

    def _offer_all(self) -> None:
        self._cancel()
        running = [evse for evse in self._evses if evse.transaction is not None]
        self.with_priority &= {name for evse in running for name in _ids_of(evse)}
        for evse in running:
            self.changed(evse)
        now, until = self._context.now(), None
        for evse in running if self.held else ():
            until = earlier(until, allowed_at(self.held, self._situation(evse), now).until)
        if until is not None:
            wait_s = max((until - now).total_seconds(), 0.0) + SOON_S
            self._timer = self._context.clock.call_later(wait_s, self.refresh)

    def start(self) -> None:
        """There is power."""
        self._is_on = True
        self.refresh()

    def stop(self) -> None:
        """There is none: nothing flows, and what is held is kept (K01.FR.27)."""
        self._is_on = False
        self._cancel()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def transaction_ended(self, evse: Evse) -> None:
        """Its own profiles go with it (1.6 §3.13.1, 2.1 §3.2); the others may have more."""
        gone = (TX, evse.evse_id)
        self._keep(each for each in self.held if (each.profile.purpose, each.evse_id) != gone)

    def _keep(self, held: Iterable[Profile]) -> None:
        self.held = tuple(held)
        if self._context.variables.find(ENTRIES) is not None:
            self._context.variables.put(ENTRIES, str(len(self.held)))
        self.refresh()

    # EVSEs

    @property
    def _evses(self) -> Iterable[Evse]:
        return self._context.connectors.evses.values()

    def evse_of(self, transaction_id: str) -> Evse | None:
        """Where a transaction runs, by any of its names."""
        return next((evse for evse in self._evses if transaction_id in _ids_of(evse)), None)

    def _running(self) -> list[TransactionThere]:
        return [
            TransactionThere(evse_id=evse.evse_id, ids=_ids_of(evse))
            for evse in self._evses
            if evse.transaction is not None
        ]

    def _situation(self, evse: Evse) -> Situation:
        ids = _ids_of(evse)
        return Situation(
            evse_id=evse.evse_id,
            supply=Supply(evse.template.max_power_w, evse.template.phases),
            transaction_ids=ids or None,
            timing=Timing(evse.path_closed_at),
            has_priority=bool(ids & self.with_priority),
        )

    @property
    def _whole(self) -> Situation:
        evses = list(self._evses)
        total_w = sum(evse.template.max_power_w for evse in evses)
        phases = max(evse.template.phases for evse in evses)
        return Situation(evse_id=STATION, supply=Supply(total_w, phases))

    @property
    def _limits(self) -> StoreLimits:
        return store_limits(self._context.variables, self._rules)

    @property
    def _own_unit(self) -> str:
        """That of AC, where the station has both."""
        return "A" if "A" in self._limits.units else "W"

    def _note(self, text: str) -> None:
        self._context.log.note(Topic.CHARGING, text)


def _is_external(each: Profile, source: str, evse_id: int) -> bool:
    """Whether it is the limit of this source there."""
    return each.profile.purpose == EXTERNAL and (each.source, each.evse_id) == (source, evse_id)


def _ids_of(evse: Evse) -> frozenset[str]:
    """The names of the transaction there; none where there is none."""
    running = evse.transaction
    if running is None:
        return frozenset()
    return frozenset({running.transaction_id, running.csms_id or running.transaction_id})


def _place(evse_id: int) -> str:
    return f"EVSE {evse_id}" if evse_id != STATION else "the whole station"
