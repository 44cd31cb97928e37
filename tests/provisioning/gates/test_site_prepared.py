"""What is asked for of the site, where somebody prepares it or a service on it was bought."""

import pytest

from provisioning.blockers import Code
from provisioning.gates.facts import GateFacts, PreparedFacts
from provisioning.gates.site_prepared import SITE_PREPARED, site_blocker
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase

READY = PreparedFacts("s", "Port")
BAD = Phrase("le mur", "the wall")


def test_it_exists_where_a_site_is_prepared() -> None:
    """Nobody else is asked for it, and a station in service is not held up."""
    assert not SITE_PREPARED.is_armed(GateFacts())
    assert SITE_PREPARED.is_armed(GateFacts(site=READY))
    assert not SITE_PREPARED.holds_active
    assert SITE_PREPARED.check(GateFacts()) is None
    assert (SITE_PREPARED.state, SITE_PREPARED.after) == (Lifecycle.LOCALIZED, ("ordered", "localized"))


@pytest.mark.parametrize(
    ("facts", "code", "word"),
    [
        (PreparedFacts("s", "Port", unsafe=BAD, weak_signal=BAD, left=BAD), Code.SITE_UNSAFE, "the wall"),
        (PreparedFacts("s", "Port", weak_signal=BAD, left=BAD), Code.SIGNAL_BELOW_MIN, "the wall"),
        (PreparedFacts("s", "Port", left=BAD, is_unapproved=True), Code.SITE_UNPREPARED, "the wall"),
        (PreparedFacts("s", "Port", is_unapproved=True), Code.SITE_NOT_APPROVED, "Port"),
    ],
)
def test_what_is_dangerous_is_named_first(facts: PreparedFacts, code: Code, word: str) -> None:
    """Then what would not work, what is left, and what the team says."""
    found = SITE_PREPARED.check(GateFacts(site=facts))
    assert found is not None
    assert found.code is code
    assert word in found.text.en
    assert found.code in SITE_PREPARED.codes
    assert "/sites/s/preparation" in found.way_out.route


def test_a_site_that_is_ready_holds_nobody_up() -> None:
    """The gate is passed."""
    assert site_blocker(READY) is None
