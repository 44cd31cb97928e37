"""Somebody manages the account of the organisation whose station it is: before that nothing is charged."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    if facts.account is None or facts.account.has_account:
        return None
    return blocker(Code.ACCT_BEFORE_CHARGE, organisation=facts.account.organisation_id)


ACCOUNT = Gate(
    name="account",
    title=Phrase("Compte de gestionnaire configuré", "Manager account set up"),
    state=Lifecycle.LOCALIZED,
    holds_when="booted and at a place, its account not set up or activation not asked for",
    codes=(Code.ACCT_BEFORE_CHARGE,),
    check=_check,
    after=("ordered", "localized"),
    is_armed=lambda facts: facts.account is not None,
)
