"""The manager confirmed the organisation and its stations."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    if facts.account is None or facts.account.is_confirmed:
        return None
    return blocker(Code.ORG_UNCONFIRMED, organisation=facts.account.organisation_id)


ORGANISATION = Gate(
    name="organisation",
    title=Phrase("Organisation et bornes confirmées", "Organisation and stations confirmed"),
    state=Lifecycle.LOCALIZED,
    holds_when="booted and at a place, its account not set up or activation not asked for",
    codes=(Code.ORG_UNCONFIRMED,),
    check=_check,
    after=("ordered", "localized"),
    is_armed=lambda facts: facts.account is not None,
)
