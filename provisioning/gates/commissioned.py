"""A DC station, and hardware of which nobody knows what it needs, is commissioned before it is activated."""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import Commissioning, GateFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    if facts.is_commissioned or facts.commissioning is Commissioning.NONE:
        return None
    is_unknown = facts.commissioning is Commissioning.UNKNOWN
    return blocker(Code.ONRAMP_PROFILE_UNKNOWN if is_unknown else Code.DC_MANAGED_COMMISSIONING)


COMMISSIONED = Gate(
    name="commissioned",
    title=Phrase("Mise en service par l'équipe", "Commissioned by the team"),
    state=Lifecycle.LOCALIZED,
    holds_when="booted and at a place, its account not set up or activation not asked for",
    codes=(Code.DC_MANAGED_COMMISSIONING, Code.ONRAMP_PROFILE_UNKNOWN),
    check=_check,
    after=("ordered", "powered", "localized"),
    is_armed=lambda facts: facts.commissioning is not Commissioning.NONE,
)
