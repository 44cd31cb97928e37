"""How far a station is and what keeps it from going on, derived from the gates. Pure."""

from dataclasses import dataclass

from provisioning.blockers import Blocker, Clearer, Code, Severity
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.table import checklist
from provisioning.lifecycle import IN_SERVICE, Lifecycle


@dataclass(frozen=True, slots=True)
class LifecycleStatus:
    """A station's state, what keeps it from the next one, and what else people should know."""

    state: Lifecycle
    blocked_by: tuple[Blocker, ...] = ()
    remarks: tuple[Blocker, ...] = ()

    @property
    def who_clears(self) -> Clearer | None:
        """Who has to act next; None where nothing is in the way."""
        return self.in_the_way[0].who_clears if self.in_the_way else None

    @property
    def in_the_way(self) -> tuple[Blocker, ...]:
        """What keeps it from the next state, then what keeps it from doing what it should in this one."""
        wrong = (each for each in self.remarks if each.severity is not Severity.NOTE)
        return (*self.blocked_by, *wrong)

    def amid(self, remarks: tuple[Blocker, ...]) -> "LifecycleStatus":
        """The same station, with what it suffers from at this moment."""
        return LifecycleStatus(self.state, self.blocked_by, remarks + self.remarks) if remarks else self

    def at(self, station_id: str) -> "LifecycleStatus":
        """Of this station: its id is filled into what has to be done."""
        return LifecycleStatus(
            self.state,
            tuple(each.at(station_id) for each in self.blocked_by),
            tuple(each.at(station_id) for each in self.remarks),
        )


def derive(facts: GateFacts) -> LifecycleStatus:
    """The status that these facts amount to."""
    blocked = [(each.gate.state, each.blocker) for each in checklist(facts) if each.blocker is not None]
    state = blocked[0][0] if blocked else Lifecycle.ACTIVE
    return LifecycleStatus(state, tuple(each for _, each in blocked), _changes(state, facts) + facts.remarks)


def _changes(state: Lifecycle, facts: GateFacts) -> tuple[Blocker, ...]:
    """What was changed for a station in service: shown until the station has proved it."""
    if state not in IN_SERVICE or facts.pending is None:
        return ()
    pending = blocker(Code.CHANGE_PENDING, steps=facts.pending)
    if facts.is_paused and facts.is_online:
        return (pending, blocker(Code.UNDER_TEST))
    is_stuck = facts.progress is not None and facts.progress.code is Code.STEP_STUCK
    return (pending, facts.progress) if is_stuck and facts.progress else (pending,)
