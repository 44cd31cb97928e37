"""What is asked for of the account, step organisation: where a set-up was opened."""

import pytest

from provisioning.blockers import Code
from provisioning.gates.facts import AccountFacts, GateFacts
from provisioning.gates.organisation import ORGANISATION
from provisioning.lifecycle import Lifecycle


def test_it_exists_where_a_set_up_was_opened() -> None:
    """Nobody else is asked for it, and a station in service is not held up."""
    assert not ORGANISATION.is_armed(GateFacts())
    assert ORGANISATION.is_armed(GateFacts(account=AccountFacts("une")))
    assert not ORGANISATION.holds_active
    assert ORGANISATION.check(GateFacts()) is None


@pytest.mark.requirement("R9", "refuses")
def test_it_names_what_is_left() -> None:
    """With whose account it is."""
    blocked = ORGANISATION.check(GateFacts(account=AccountFacts("une")))
    assert blocked is not None
    assert (blocked.code,) == ORGANISATION.codes == (Code.ORG_UNCONFIRMED,)
    assert "une" in blocked.text.en


@pytest.mark.requirement("R9", "passes")
def test_it_is_passed_once_that_is_done() -> None:
    """The station is as far as it was before; what comes after waits for it."""
    assert ORGANISATION.check(GateFacts(account=AccountFacts("une", is_confirmed=True))) is None
    assert ORGANISATION.state is Lifecycle.LOCALIZED
    assert ORGANISATION.after == ("ordered", "localized")
