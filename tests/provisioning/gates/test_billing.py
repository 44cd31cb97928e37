"""What is asked for of the account, step billing: where a set-up was opened."""

import pytest

from provisioning.blockers import Code
from provisioning.gates.billing import BILLING
from provisioning.gates.facts import AccountFacts, GateFacts
from provisioning.lifecycle import Lifecycle


def test_it_exists_where_a_set_up_was_opened() -> None:
    """Nobody else is asked for it, and a station in service is not held up."""
    assert not BILLING.is_armed(GateFacts())
    assert BILLING.is_armed(GateFacts(account=AccountFacts("une")))
    assert not BILLING.holds_active
    assert BILLING.check(GateFacts()) is None


@pytest.mark.requirement("R43", "refuses")
def test_it_names_what_is_left() -> None:
    """With whose account it is."""
    blocked = BILLING.check(GateFacts(account=AccountFacts("une", is_unbilled=True)))
    assert blocked is not None
    assert (blocked.code,) == BILLING.codes == (Code.FLEX_REQUIRED,)
    assert "une" in blocked.text.en


@pytest.mark.requirement("R43", "passes")
def test_it_is_passed_once_that_is_done() -> None:
    """The station is as far as it was before; what comes after waits for it."""
    assert BILLING.check(GateFacts(account=AccountFacts("une"))) is None
    assert BILLING.state is Lifecycle.LOCALIZED
    assert BILLING.after == ("ordered", "localized")
