"""The site is ready for what is mounted there: safe, with signal, gone through, and approved where that was
bought.
"""

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts, PreparedFacts
from provisioning.gates.gate import Gate
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def _check(facts: GateFacts) -> Blocker | None:
    return site_blocker(facts.site)


def site_blocker(site: PreparedFacts | None) -> Blocker | None:
    """What is in the way of an installation there, what is dangerous first."""
    if site is None:
        return None
    names = {"site": site.name, "site_id": site.site_id}
    if site.unsafe is not None:
        return blocker(Code.SITE_UNSAFE, items=site.unsafe, **names)
    if site.weak_signal is not None:
        return blocker(Code.SIGNAL_BELOW_MIN, signal=site.weak_signal, **names)
    if site.left is not None:
        return blocker(Code.SITE_UNPREPARED, left=site.left, **names)
    return blocker(Code.SITE_NOT_APPROVED, **names) if site.is_unapproved else None


SITE_PREPARED = Gate(
    name="site-prepared",
    title=Phrase("Site préparé", "Site prepared"),
    state=Lifecycle.LOCALIZED,
    holds_when="booted and at a place, its account not set up or activation not asked for",
    codes=(Code.SITE_UNSAFE, Code.SIGNAL_BELOW_MIN, Code.SITE_UNPREPARED, Code.SITE_NOT_APPROVED),
    check=_check,
    after=("ordered", "localized"),
    is_armed=lambda facts: facts.site is not None,
)
