"""A station has been heard of once it booted."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    return None if facts.is_seen else blocker(Code.NOT_SEEN)


POWERED = Gate(
    name="powered",
    title=Phrase("Mise sous tension et connectée", "Powered up and connected"),
    state=Lifecycle.ORDERED,
    holds_when="ordered or adopted, never booted",
    codes=(Code.NOT_SEEN,),
    check=_check,
    after=("ordered",),
)
