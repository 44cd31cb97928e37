"""Administration, renewal and help on site have each somebody to ring."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    if facts.account is None or facts.account.lacking_contacts is None:
        return None
    return blocker(
        Code.CONTACTS_MISSING,
        organisation=facts.account.organisation_id,
        roles=facts.account.lacking_contacts,
    )


CONTACTS = Gate(
    name="contacts",
    title=Phrase("Personnes-ressources désignées", "Contacts named"),
    state=Lifecycle.LOCALIZED,
    holds_when="booted and at a place, its account not set up or activation not asked for",
    codes=(Code.CONTACTS_MISSING,),
    check=_check,
    after=("ordered", "localized"),
    is_armed=lambda facts: facts.account is not None,
)
