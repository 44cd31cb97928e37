"""What a gate is: a condition that a station has to meet, and what is in its way while it does not."""

from collections.abc import Callable
from dataclasses import dataclass

from ocppj.vocabulary import RegistrationStatus
from provisioning.blockers import Blocker, Code
from provisioning.gates.facts import GateFacts
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def always(facts: GateFacts) -> bool:  # noqa: ARG001 - what a gate is asked
    """Armed for every station."""
    return True


@dataclass(frozen=True, slots=True)
class Gate:
    """One requirement. `check` is pure: None where it is met, else what is in the way, who clears it and how.

    A gate that is not armed for a station does not exist for it: gates arm themselves by what exists (a site
    without orders, service or certification policy has none of those gates).
    """

    name: str
    """Its word in the API."""
    title: Phrase
    """What has to be so, for a checklist."""
    state: Lifecycle
    """How far a station is that this gate holds up."""
    holds_when: str
    """The condition of that state, for the reference page."""
    codes: tuple[Code, ...]
    """All that `check` may say."""
    check: Callable[[GateFacts], Blocker | None]
    after: tuple[str, ...] = ()
    """The gates without which this one is not asked; the others are asked at once, in any order."""
    is_armed: Callable[[GateFacts], bool] = always
    boot_answer: RegistrationStatus = RegistrationStatus.PENDING
    """What a station that it holds up is told at its boot."""
    holds_active: bool = False
    """Whether it holds up a station that is in service, too. No other does: a requirement that is new must
    not take a station out of service."""
