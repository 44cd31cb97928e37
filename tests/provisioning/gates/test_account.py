"""What is asked for of the account, step account: where a set-up was opened."""

import pytest

from provisioning.blockers import Code
from provisioning.gates.account import ACCOUNT
from provisioning.gates.facts import AccountFacts, GateFacts
from provisioning.lifecycle import Lifecycle


def test_it_exists_where_a_set_up_was_opened() -> None:
    """Nobody else is asked for it, and a station in service is not held up."""
    assert not ACCOUNT.is_armed(GateFacts())
    assert ACCOUNT.is_armed(GateFacts(account=AccountFacts("une")))
    assert not ACCOUNT.holds_active
    assert ACCOUNT.check(GateFacts()) is None


@pytest.mark.requirement("R7", "refuses")
def test_it_names_what_is_left() -> None:
    """With whose account it is."""
    blocked = ACCOUNT.check(GateFacts(account=AccountFacts("une")))
    assert blocked is not None
    assert (blocked.code,) == ACCOUNT.codes == (Code.ACCT_BEFORE_CHARGE,)
    assert "une" in blocked.text.en


@pytest.mark.requirement("R7", "passes")
def test_it_is_passed_once_that_is_done() -> None:
    """The station is as far as it was before; what comes after waits for it."""
    assert ACCOUNT.check(GateFacts(account=AccountFacts("une", has_account=True))) is None
    assert ACCOUNT.state is Lifecycle.LOCALIZED
    assert ACCOUNT.after == ("ordered", "localized")
