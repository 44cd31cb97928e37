"""The lifecycle of a station, derived from facts by a pure function; nothing stores or sets a state.

Facts come in any order (boxes late, powered before they are claimed, claimed before they are
powered): the state is the furthest point whose conditions all hold, so a fact is never lost.

    quarantine ─ordered or adopted→ ordered ─booted→ powered ─claimed at a place→ localized
    localized ─activation asked→ configuring ─every step done, boot accepted→ active ⇄ suspended
"""

from dataclasses import dataclass
from enum import StrEnum

from ocppj.vocabulary import RegistrationStatus
from provisioning.blockers import Blocker, Clearer, Code, Severity
from provisioning.catalogue import CATALOGUE, blocker
from runtime.wording import Phrase


class Lifecycle(StrEnum):
    """How far a station is."""

    QUARANTINE = "quarantine"
    ORDERED = "ordered"
    POWERED = "powered"
    LOCALIZED = "localized"
    CONFIGURING = "configuring"
    ACTIVE = "active"
    SUSPENDED = "suspended"


STATE_WORDS: dict[Lifecycle, Phrase] = {
    Lifecycle.QUARANTINE: Phrase("quarantaine", "quarantine"),
    Lifecycle.ORDERED: Phrase("commandée", "ordered"),
    Lifecycle.POWERED: Phrase("alimentée", "powered"),
    Lifecycle.LOCALIZED: Phrase("localisée", "localized"),
    Lifecycle.CONFIGURING: Phrase("en configuration", "configuring"),
    Lifecycle.ACTIVE: Phrase("active", "active"),
    Lifecycle.SUSPENDED: Phrase("suspendue", "suspended"),
}
"""The states as people read them."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a standing depends on. The last five are for people only: no state depends on them.

    `progress` is what the activation is at, `is_paused` that nothing of it is sent because the station is
    under test, `pending` names what was changed and is not proved at the station yet, `remarks` are what it
    refused or lacks.
    """

    is_ours: bool = False
    is_seen: bool = False
    is_assigned: bool = False
    is_requested: bool = False
    is_released: bool = False
    is_activated: bool = False
    is_suspended: bool = False
    suspend_reason: str = ""
    is_online: bool = True
    progress: Blocker | None = None
    is_paused: bool = False
    pending: Phrase | None = None
    remarks: tuple[Blocker, ...] = ()


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


def derive(facts: Facts) -> Standing:
    """The standing that these facts amount to."""
    state = _state(facts)
    return Standing(state, _blockers(state, facts), _changes(state, facts) + facts.remarks)


def _state(facts: Facts) -> Lifecycle:
    if not facts.is_ours:
        return Lifecycle.QUARANTINE
    if facts.is_activated:
        return Lifecycle.SUSPENDED if facts.is_suspended else Lifecycle.ACTIVE
    if not facts.is_seen:
        return Lifecycle.ORDERED
    if not facts.is_assigned:
        return Lifecycle.POWERED
    return Lifecycle.CONFIGURING if facts.is_requested else Lifecycle.LOCALIZED


def _blockers(  # noqa: PLR0911 - one line per state
    state: Lifecycle, facts: Facts
) -> tuple[Blocker, ...]:
    match state:
        case Lifecycle.QUARANTINE:
            return (blocker(Code.NOT_ORDERED),)
        case Lifecycle.ORDERED:
            missing = () if facts.is_assigned else (blocker(Code.NOT_LOCALIZED),)
            return (blocker(Code.NOT_SEEN), *missing)
        case Lifecycle.POWERED:
            return (blocker(Code.NOT_LOCALIZED),)
        case Lifecycle.LOCALIZED:
            return (blocker(Code.NOT_ACTIVATED),)
        case Lifecycle.CONFIGURING:
            return (_configuring(facts),)
        case Lifecycle.SUSPENDED:
            return (blocker(Code.SUSPENDED, reason=facts.suspend_reason),)
        case Lifecycle.ACTIVE:
            return ()


_BEGINNING = Phrase("au début", "at its beginning")


def _configuring(facts: Facts) -> Blocker:
    if not facts.is_online:
        return blocker(Code.STATION_OFFLINE)
    if facts.is_paused:
        return blocker(Code.UNDER_TEST)
    if facts.is_released:
        is_missing = facts.progress is not None and facts.progress.code is Code.BOOT_MISSING
        return facts.progress if facts.progress and is_missing else blocker(Code.WAITING_FOR_BOOT)
    return facts.progress or blocker(Code.CONFIGURING, step=_BEGINNING)


def _changes(state: Lifecycle, facts: Facts) -> tuple[Blocker, ...]:
    """What was changed for a station in service: shown until the station has proved it."""
    if state not in (Lifecycle.ACTIVE, Lifecycle.SUSPENDED) or facts.pending is None:
        return ()
    pending = blocker(Code.CHANGE_PENDING, steps=facts.pending)
    if facts.is_paused and facts.is_online:
        return (pending, blocker(Code.UNDER_TEST))
    is_stuck = facts.progress is not None and facts.progress.code is Code.STEP_STUCK
    return (pending, facts.progress) if is_stuck and facts.progress else (pending,)


class Interval(StrEnum):
    """Which of the configured intervals a boot answer carries."""

    PENDING = "pending"
    HEARTBEAT = "heartbeat"


BOOT_ANSWERS: dict[Lifecycle, tuple[RegistrationStatus, Interval]] = {
    Lifecycle.QUARANTINE: (RegistrationStatus.PENDING, Interval.PENDING),
    Lifecycle.ORDERED: (RegistrationStatus.PENDING, Interval.PENDING),
    Lifecycle.POWERED: (RegistrationStatus.PENDING, Interval.PENDING),
    Lifecycle.LOCALIZED: (RegistrationStatus.PENDING, Interval.PENDING),
    Lifecycle.CONFIGURING: (RegistrationStatus.PENDING, Interval.PENDING),
    Lifecycle.ACTIVE: (RegistrationStatus.ACCEPTED, Interval.HEARTBEAT),
    Lifecycle.SUSPENDED: (RegistrationStatus.ACCEPTED, Interval.HEARTBEAT),
}
"""The boot answer of each state. A suspended station stays Accepted, inoperative: its telemetry and queued
transactions are still wanted. A configuring one that is released is active with that very answer."""

CONDITIONS: dict[Lifecycle, str] = {
    Lifecycle.QUARANTINE: "neither ordered nor adopted",
    Lifecycle.ORDERED: "ordered or adopted, never booted",
    Lifecycle.POWERED: "booted, at no place",
    Lifecycle.LOCALIZED: "booted and at a place, activation not asked for",
    Lifecycle.CONFIGURING: "activation asked for, not yet accepted",
    Lifecycle.ACTIVE: "every activation step done with, and its boot accepted",
    Lifecycle.SUSPENDED: "active, and suspended by its owner",
}

BLOCKED_BY: dict[Lifecycle, tuple[Code, ...]] = {
    Lifecycle.QUARANTINE: (Code.NOT_ORDERED,),
    Lifecycle.ORDERED: (Code.NOT_SEEN, Code.NOT_LOCALIZED),
    Lifecycle.POWERED: (Code.NOT_LOCALIZED,),
    Lifecycle.LOCALIZED: (Code.NOT_ACTIVATED,),
    Lifecycle.CONFIGURING: (
        Code.CONFIGURING,
        Code.UNDER_TEST,
        Code.STATION_OFFLINE,
        Code.NOT_BOOTED,
        Code.STEP_STUCK,
        Code.WAITING_FOR_BOOT,
        Code.BOOT_MISSING,
    ),
    Lifecycle.ACTIVE: (),
    Lifecycle.SUSPENDED: (Code.SUSPENDED,),
}
"""What can be in the way in each state."""

TRANSITIONS: tuple[tuple[Lifecycle, str, Lifecycle], ...] = (
    (Lifecycle.QUARANTINE, "ordered or adopted", Lifecycle.POWERED),
    (Lifecycle.QUARANTINE, "adopted at a place", Lifecycle.LOCALIZED),
    (Lifecycle.QUARANTINE, "adopted at a place, approved in advance", Lifecycle.CONFIGURING),
    (Lifecycle.QUARANTINE, "ordered, never booted", Lifecycle.ORDERED),
    (Lifecycle.ORDERED, "first boot", Lifecycle.POWERED),
    (Lifecycle.ORDERED, "first boot, claimed before", Lifecycle.LOCALIZED),
    (Lifecycle.ORDERED, "first boot, claimed and activation asked for before", Lifecycle.CONFIGURING),
    (Lifecycle.ORDERED, "order cancelled", Lifecycle.QUARANTINE),
    (Lifecycle.POWERED, "claimed", Lifecycle.LOCALIZED),
    (Lifecycle.POWERED, "claimed, approved in advance", Lifecycle.CONFIGURING),
    (Lifecycle.POWERED, "order cancelled", Lifecycle.QUARANTINE),
    (Lifecycle.LOCALIZED, "activation asked for", Lifecycle.CONFIGURING),
    (Lifecycle.LOCALIZED, "taken away", Lifecycle.POWERED),
    (Lifecycle.CONFIGURING, "released, and accepted", Lifecycle.ACTIVE),
    (Lifecycle.CONFIGURING, "taken away", Lifecycle.POWERED),
    (Lifecycle.ACTIVE, "suspended", Lifecycle.SUSPENDED),
    (Lifecycle.ACTIVE, "taken away", Lifecycle.POWERED),
    (Lifecycle.SUSPENDED, "resumed", Lifecycle.ACTIVE),
    (Lifecycle.SUSPENDED, "taken away", Lifecycle.POWERED),
)
"""What moves a station; the drawing in docs/reference/lifecycle.md is made from it."""


def diagram() -> str:
    """The transitions as a Mermaid state diagram."""
    lines = [
        "stateDiagram-v2",
        "    [*] --> quarantine: a station boots that nobody ordered",
        "    [*] --> ordered: ordered or adopted before it ever booted",
    ]
    lines += [f"    {before} --> {after}: {event}" for before, event, after in TRANSITIONS]
    return "\n".join(lines)


def table() -> str:
    """The states as a Markdown table: condition, boot answer, what blocks, who clears it."""
    lines = [
        "| State | Holds when | Boot answer | Interval | Blocked by | Cleared by |",
        "|---|---|---|---|---|---|",
    ]
    for state in Lifecycle:
        answer, interval = BOOT_ANSWERS[state]
        codes = ", ".join(f"`{code.value}`" for code in BLOCKED_BY[state]) or "–"
        who = ", ".join(dict.fromkeys(CATALOGUE[code].clearer.value for code in BLOCKED_BY[state])) or "–"
        lines.append(
            f"| `{state.value}` | {CONDITIONS[state]} | {answer.value} | {interval.value} | {codes} | {who} |"
        )
    return "\n".join(lines)
