"""What is asked for of the account, step contacts: where a set-up was opened."""

import pytest

from provisioning.blockers import Code
from provisioning.gates.contacts import CONTACTS
from provisioning.gates.facts import AccountFacts, GateFacts
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase


def test_it_exists_where_a_set_up_was_opened() -> None:
    """Nobody else is asked for it, and a station in service is not held up."""
    assert not CONTACTS.is_armed(GateFacts())
    assert CONTACTS.is_armed(GateFacts(account=AccountFacts("une")))
    assert not CONTACTS.holds_active
    assert CONTACTS.check(GateFacts()) is None


@pytest.mark.requirement("R11", "refuses")
def test_it_names_what_is_left() -> None:
    """With whose account it is."""
    blocked = CONTACTS.check(
        GateFacts(account=AccountFacts("une", lacking_contacts=Phrase("facturation", "billing")))
    )
    assert blocked is not None
    assert (blocked.code,) == CONTACTS.codes == (Code.CONTACTS_MISSING,)
    assert blocked.text.en == "Contacts of une to be named: billing."


@pytest.mark.requirement("R11", "passes")
def test_it_is_passed_once_that_is_done() -> None:
    """The station is as far as it was before; what comes after waits for it."""
    assert CONTACTS.check(GateFacts(account=AccountFacts("une"))) is None
    assert CONTACTS.state is Lifecycle.LOCALIZED
    assert CONTACTS.after == ("ordered", "localized")
