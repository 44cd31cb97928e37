"""Its owner has not suspended a station that is active."""

from ocppj.vocabulary import RegistrationStatus
from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    return blocker(Code.SUSPENDED, reason=facts.suspend_reason) if facts.is_suspended else None


SERVING = Gate(
    name="in-service",
    title=Phrase("En service", "In service"),
    state=Lifecycle.SUSPENDED,
    holds_when="active, and suspended by its owner",
    codes=(Code.SUSPENDED,),
    check=_check,
    after=("ordered", "configured"),
    is_armed=lambda facts: facts.is_activated,
    # Its telemetry and the transactions that it has queued are still wanted: it stays Accepted, inoperative.
    boot_answer=RegistrationStatus.ACCEPTED,
    holds_active=True,
)
