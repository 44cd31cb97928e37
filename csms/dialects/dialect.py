"""What the gateway needs of a version: commands to wire payloads, and what may come before a boot.

What we send leaves as the payload's JSON object, which the codec checks strictly before it goes out. A
version is its tables: what it does is the same for all of them.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from csms.dialects.refusals import REFUSALS
from ocppj.actions import actions_of, reporting_actions
from ocppj.translation import Translation, translation_for
from ocppj.versions import OcppVersion

SIGNING = "SignCertificate"
"""What every trigger for a certificate asks for: SignChargePointCertificate, SignV2GCertificate, …"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Dialect:
    """One version's words."""

    version: OcppVersion
    translation: Translation = field(init=False)
    """Of what its stations send, and of the commands that the model has."""
    keeps_billing_before_accepted: bool
    """Whether billing messages of a station that is not accepted are stored and answered, not refused."""
    triggers: Set[str]
    """Actions of ours that name the request they ask for."""
    invites: Mapping[str, tuple[str, ...]]
    """By action of ours: the requests that bring its result."""
    billing: Set[str]
    """Actions whose requests may not get lost (reliability §0)."""

    def __post_init__(self) -> None:
        """The version's translation goes with it."""
        object.__setattr__(self, "translation", translation_for(self.version))

    def keeps(self, action: str, *, is_send: bool = False) -> bool:
        """Whether a request without an event of its own is kept: its answer decides nothing.

        Not the CALL of a SEND's action, which nothing can answer.
        """
        if self.translation.knows(action) or action not in reporting_actions(self.version):
            return False
        return is_send or actions_of(self.version)[action].response is not None

    def refusal(self, action: str, message: Any, at: datetime) -> dict[str, Any] | None:
        """The refusal that the specification gives for what is not built; None: it gives none."""
        refusal = REFUSALS[self.version].get(action)
        return refusal.answer(message, at) if refusal is not None else None

    def invited(self, action: str, payload: dict[str, Any]) -> tuple[str, ...]:
        """Which requests a CALL asks the station for: those are welcome before it is accepted (B02.FR.09).

        More than the clause names: what a station reports because of a request of ours was asked for too.
        """
        if action in self.triggers:
            named = str(payload.get("requestedMessage"))
            return (SIGNING if named.startswith("Sign") else named,)
        return self.invites.get(action, ())

    def is_billing(self, action: str) -> bool:
        """Whether requests of this action may not get lost (reliability §0)."""
        return action in self.billing
