"""Somebody responsible asked for the activation of a station that is powered and at its place."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    return None if facts.is_requested else blocker(Code.NOT_ACTIVATED)


REQUESTED = Gate(
    name="requested",
    title=Phrase("Activation demandée", "Activation asked for"),
    state=Lifecycle.LOCALIZED,
    holds_when="booted and at a place, its account not set up or activation not asked for",
    codes=(Code.NOT_ACTIVATED,),
    check=_check,
    after=("ordered", "powered", "localized"),
)
