"""All gates, in the order in which a station is held up by them, and what follows from the list.

    quarantine ─ordered or adopted→ ordered ─booted→ powered ─claimed at a place→ localized
    powered, localized, configuring ⇄ testing, while a test window is open
    localized ─activation asked→ configuring ─every step done, boot accepted→ active ⇄ suspended

Facts come in any order (boxes late, powered before they are claimed, claimed before they are powered): a
station is as far as the first gate that holds it up, so a fact is never lost.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from ocppj.vocabulary import RegistrationStatus
from provisioning.blockers import Blocker, Code
from provisioning.catalogue import CATALOGUE
from provisioning.gates.account import ACCOUNT
from provisioning.gates.billing import BILLING
from provisioning.gates.commissioned import COMMISSIONED
from provisioning.gates.configured import CONFIGURED
from provisioning.gates.contacts import CONTACTS
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.gates.in_service import SERVING
from provisioning.gates.localized import LOCALIZED
from provisioning.gates.ordered import ORDERED
from provisioning.gates.organisation import ORGANISATION
from provisioning.gates.powered import POWERED
from provisioning.gates.requested import REQUESTED
from provisioning.gates.site_prepared import SITE_PREPARED
from provisioning.gates.test_over import TEST_OVER
from provisioning.lifecycle import Lifecycle

GATES: tuple[Gate, ...] = (
    ORDERED,
    TEST_OVER,
    POWERED,
    LOCALIZED,
    SITE_PREPARED,
    COMMISSIONED,
    ACCOUNT,
    ORGANISATION,
    BILLING,
    CONTACTS,
    REQUESTED,
    CONFIGURED,
    SERVING,
)


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


def checklist(facts: GateFacts) -> Sequence[CheckedGate]:
    """Every gate that there is for this station, in order. Where none is blocked, it is active.

    One that is in service has passed those that led there, whatever became of what they asked for
    (`Gate.holds_active`).
    """
    found: list[CheckedGate] = []
    shut: set[str] = set()
    for gate in GATES:
        if not gate.is_armed(facts):
            continue
        line = _checked(gate, facts, shut)
        if line.status is not GateStatus.PASSED:
            shut.add(gate.name)
        found.append(line)
    return found


def _checked(gate: Gate, facts: GateFacts, shut: Set[str]) -> CheckedGate:
    if facts.is_activated and not gate.holds_active:
        return CheckedGate(gate, GateStatus.PASSED)
    if not shut.isdisjoint(gate.after):
        return CheckedGate(gate, GateStatus.WAITING)
    blocked = gate.check(facts)
    return CheckedGate(gate, GateStatus.PASSED if blocked is None else GateStatus.BLOCKED, blocked)


class Interval(StrEnum):
    """Which of the configured intervals a boot answer carries."""

    PENDING = "pending"
    HEARTBEAT = "heartbeat"


_STATUSES = {gate.state: gate.boot_answer for gate in GATES} | {Lifecycle.ACTIVE: RegistrationStatus.ACCEPTED}
BOOT_ANSWERS: dict[Lifecycle, tuple[RegistrationStatus, Interval]] = {
    state: (
        _STATUSES[state],
        Interval.HEARTBEAT if _STATUSES[state] is RegistrationStatus.ACCEPTED else Interval.PENDING,
    )
    for state in Lifecycle
}
"""The boot answer of each state. A configuring station that is released is active with that very answer."""

CONDITIONS = {gate.state: gate.holds_when for gate in GATES} | {
    Lifecycle.ACTIVE: "every activation step done with, and its boot accepted"
}
"""When each state holds."""


def _codes_in(state: Lifecycle) -> tuple[Code, ...]:
    """What can be in the way: of the gates that hold a station up there, and of those that do not wait for
    them, directly or through others; what holds up a station in service is in no other's way.
    """
    codes: dict[Code, None] = {}
    for number, holding in enumerate(GATES):
        if holding.state is not state:
            continue
        codes |= dict.fromkeys(holding.codes)
        shut = {holding.name}
        for gate in GATES[number + 1 :]:
            if shut.isdisjoint(gate.after) and not gate.holds_active:
                codes |= dict.fromkeys(gate.codes)
            else:
                shut.add(gate.name)
    return tuple(codes)


BLOCKED_BY: dict[Lifecycle, tuple[Code, ...]] = {state: _codes_in(state) for state in Lifecycle}
"""What can be in the way in each state."""


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


def gates_table() -> str:
    """The gates as a Markdown table: what has to be so, after which others, and what is in the way."""
    lines = ["| Gate | Asks for | After | Blocked by | Cleared by |", "|---|---|---|---|---|"]
    for gate in GATES:
        codes = ", ".join(f"`{code.value}`" for code in gate.codes)
        who = ", ".join(dict.fromkeys(CATALOGUE[code].clearer.value for code in gate.codes))
        after = ", ".join(f"`{name}`" for name in gate.after) or "–"
        lines.append(f"| `{gate.name}` | {gate.title.en} | {after} | {codes} | {who} |")
    return "\n".join(lines)
