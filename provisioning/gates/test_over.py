"""Nobody is trying the station out: while a test window is open it is accepted, for one token alone."""

from ocppj.vocabulary import RegistrationStatus
from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    return blocker(Code.TEST_WINDOW, until=facts.tested_until) if facts.tested_until else None


TEST_OVER = Gate(
    name="test-over",
    title=Phrase("Essai terminé", "Test over"),
    state=Lifecycle.TESTING,
    holds_when="a test window is open",
    codes=(Code.TEST_WINDOW,),
    check=_check,
    after=("ordered",),
    is_armed=lambda facts: bool(facts.tested_until),
    # Without it a station would not charge at all: what it may then is the token's matter.
    boot_answer=RegistrationStatus.ACCEPTED,
)
