"""Flex billing is approved where the site's tariff has a price; a free one needs none."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    if facts.account is None or not facts.account.is_unbilled:
        return None
    return blocker(Code.FLEX_REQUIRED, organisation=facts.account.organisation_id)


BILLING = Gate(
    name="billing",
    title=Phrase("Facturation Flex approuvée", "Flex billing approved"),
    state=Lifecycle.LOCALIZED,
    holds_when="booted and at a place, its account not set up or activation not asked for",
    codes=(Code.FLEX_REQUIRED,),
    check=_check,
    after=("ordered", "localized"),
    is_armed=lambda facts: facts.account is not None,
)
