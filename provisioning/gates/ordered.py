"""A station is led only if somebody ordered or adopted it."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    return None if facts.is_ours else blocker(Code.NOT_ORDERED)


ORDERED = Gate(
    name="ordered",
    title=Phrase("Commandée ou adoptée", "Ordered or adopted"),
    state=Lifecycle.QUARANTINE,
    holds_when="neither ordered nor adopted",
    codes=(Code.NOT_ORDERED,),
    check=_check,
    holds_active=True,
)
