"""How far a station is, what keeps it from going on, and its checklist: all derived from the gates. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from provisioning.blockers import Blocker, Clearer, Code, Severity
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.gates.table import GATES, applies, held_up_by
from provisioning.lifecycle import Lifecycle


@dataclass(frozen=True, slots=True)
class Standing:
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

    def amid(self, remarks: tuple[Blocker, ...]) -> "Standing":
        """The same station, with what it suffers from at this moment."""
        return Standing(self.state, self.blocked_by, remarks + self.remarks) if remarks else self

    def at(self, station_id: str) -> "Standing":
        """Of this station: its id is filled into what has to be done."""
        return Standing(
            self.state,
            tuple(each.at(station_id) for each in self.blocked_by),
            tuple(each.at(station_id) for each in self.remarks),
        )


def derive(facts: GateFacts) -> Standing:
    """The standing that these facts amount to."""
    held_up = held_up_by(facts)
    state = held_up[0][0].state if held_up else Lifecycle.ACTIVE
    return Standing(state, tuple(each for _, each in held_up), _changes(state, facts) + facts.remarks)


def _changes(state: Lifecycle, facts: GateFacts) -> tuple[Blocker, ...]:
    """What was changed for a station in service: shown until the station has proved it."""
    if state not in (Lifecycle.ACTIVE, Lifecycle.SUSPENDED) or facts.pending is None:
        return ()
    pending = blocker(Code.CHANGE_PENDING, steps=facts.pending)
    if facts.is_paused and facts.is_online:
        return (pending, blocker(Code.UNDER_TEST))
    is_stuck = facts.progress is not None and facts.progress.code is Code.STEP_STUCK
    return (pending, facts.progress) if is_stuck and facts.progress else (pending,)


class GateStatus(StrEnum):
    """How a gate stands for one station; the words of the API."""

    PASSED = "passed"
    BLOCKED = "blocked"
    WAITING = "waiting"
    """Another gate comes first."""


@dataclass(frozen=True, slots=True)
class CheckedGate:
    """One line of a station's checklist."""

    gate: Gate
    status: GateStatus
    blocker: Blocker | None = None
    """What is in the way, where it is `blocked`."""

    def at(self, station_id: str) -> "CheckedGate":
        """Of this station: its id is filled into what has to be done."""
        return replace(self, blocker=self.blocker.at(station_id)) if self.blocker is not None else self

    @property
    def as_json(self) -> dict[str, Any]:
        """For the API."""
        return {
            "gate": self.gate.name,
            "title": self.gate.title.en,
            "title_fr": self.gate.title.fr,
            "status": self.status.value,
            "blocked_by": self.blocker.as_json if self.blocker is not None else None,
        }


def checklist(facts: GateFacts) -> Sequence[CheckedGate]:
    """Every gate that there is for this station, in order.

    One that is in service has passed those that led there, whatever became of what they asked for.
    """
    held_up = {gate.name: blocked for gate, blocked in held_up_by(facts)}
    found: list[CheckedGate] = []
    shut: set[str] = set()
    for gate in GATES:
        if not gate.is_armed(facts):
            continue
        status = GateStatus.PASSED
        if gate.name in held_up:
            status = GateStatus.BLOCKED
        elif applies(gate, facts) and not shut.isdisjoint(gate.after):
            status = GateStatus.WAITING
        if status is not GateStatus.PASSED:
            shut.add(gate.name)
        found.append(CheckedGate(gate, status, held_up.get(gate.name)))
    return found
