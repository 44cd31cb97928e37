"""A station is at a place; it may be claimed there before it is powered."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    return None if facts.is_assigned else blocker(Code.NOT_LOCALIZED)


LOCALIZED = Gate(
    name="localized",
    title=Phrase("Localisée sur le plan", "Localized at its place"),
    state=Lifecycle.POWERED,
    holds_when="booted, at no place",
    codes=(Code.NOT_LOCALIZED,),
    check=_check,
    after=("ordered",),
)
