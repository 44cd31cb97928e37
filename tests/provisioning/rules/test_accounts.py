"""The four steps of an account, and what its stations are asked for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from charging.tariff import Tariff
from ocppj.vocabulary import StationId
from provisioning.accounts import (
    REQUIRED_CONTACTS,
    AccountSetUp,
    BillingState,
    Contact,
    ContactRole,
    DoneBy,
    SetUpStep,
)
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.gates.facts import AccountFacts
from provisioning.rules.accounts import (
    SetUpFacts,
    account_confirmed,
    account_facts,
    billing_moved,
    closed,
    contacts_named,
    needs_billing,
    opened,
    organisation_confirmed,
)
from runtime.wording import Phrase

DONE = DoneBy(datetime(2026, 1, 5, 12, tzinfo=UTC), "ann")
EMPTY = AccountSetUp(organisation_id="une", opened=DONE)
OPEN = SetUpFacts("une", EMPTY, has_manager=True, stations=[StationId("a"), StationId("b")])
ALL = tuple(Contact(role, "Ann", phone="514 555-0100") for role in REQUIRED_CONTACTS)
PAID = Tariff("t", "CAD", energy_micro_per_kwh=1)


def after(change: ChangeSet) -> AccountSetUp:
    """The set-up that a change makes."""
    return change.set_ups["une"].after


def test_a_set_up_is_opened_once() -> None:
    """With who did it; its stations are looked at anew."""
    change = opened(SetUpFacts("une", stations=[StationId("a")]), DONE)
    assert after(change) == EMPTY
    assert change.about == {"a"}
    (act,) = change.acts
    assert (act.subject, act.what, act.by) == ("organisation/une", "set-up-opened", "ann")
    again = opened(OPEN, DONE)
    assert not again.set_ups
    assert not again.acts


def test_steps_are_done_in_any_order() -> None:
    """And end in the same account."""
    steps: list[Callable[[SetUpFacts], ChangeSet]] = [
        lambda facts: account_confirmed(facts, DONE),
        lambda facts: organisation_confirmed(facts, "Une inc.", "1 rue Une", DONE),
        lambda facts: billing_moved(facts, BillingState.APPROVED, DONE, is_team=True),
        lambda facts: contacts_named(facts, ALL, DONE),
    ]
    ends = []
    for order in (steps, steps[::-1]):
        facts = OPEN
        for step in order:
            assert not all(EMPTY.done.values())
            facts = replace(facts, set_up=after(step(facts)))
        ends.append(facts.set_up)
    assert ends[0] == ends[1]
    assert ends[0] is not None
    assert ends[0].done == dict.fromkeys(SetUpStep, DONE)
    assert (ends[0].legal_name, ends[0].address, ends[0].stations) == ("Une inc.", "1 rue Une", 2)


def test_each_step_is_kept_with_what_it_came_to() -> None:
    """For the audit."""
    moved = billing_moved(OPEN, BillingState.SUBMITTED, DONE, is_team=False)
    named = contacts_named(OPEN, ALL, DONE)
    confirmed = organisation_confirmed(OPEN, "Une inc.", "1 rue Une", DONE)
    acts = [(each.acts[0].what, each.acts[0].result) for each in (moved, named, confirmed)]
    assert acts == [
        ("billing-moved", "submitted"),
        ("contacts-named", "administration renewal on-site"),
        ("organisation-confirmed", None),
    ]
    assert moved.about == {"a", "b"}


def refused(step: Callable[[], ChangeSet]) -> Code:
    """Why a step is refused."""
    with pytest.raises(ProvisioningProblem) as raised:
        step()
    return raised.value.code


@pytest.mark.requirement("R8", "refuses")
def test_nothing_is_set_up_that_nobody_opened() -> None:
    """Nor an account that nobody has."""
    none = SetUpFacts("une", has_manager=True)
    assert refused(lambda: account_confirmed(none, DONE)) is Code.SET_UP_UNKNOWN
    assert refused(lambda: closed(none, DONE, is_team=True)) is Code.SET_UP_UNKNOWN
    nobody = replace(OPEN, has_manager=False)
    assert refused(lambda: account_confirmed(nobody, DONE)) is Code.NO_MANAGER


@pytest.mark.requirement("R10", "refuses")
def test_billing_is_approved_by_the_team_alone() -> None:
    """Who is billed submits it, and takes nothing back that was approved."""
    approved = replace(OPEN, set_up=replace(EMPTY, billing=BillingState.APPROVED))
    for state in (BillingState.APPROVED, BillingState.REJECTED):
        assert refused(lambda state=state: billing_moved(OPEN, state, DONE, is_team=False)) is (  # type: ignore[misc] # bound now
            Code.SET_UP_OF_THE_TEAM
        )
        assert after(billing_moved(OPEN, state, DONE, is_team=True)).billing is state
    back = BillingState.NONE
    assert refused(lambda: billing_moved(approved, back, DONE, is_team=False)) is Code.SET_UP_OF_THE_TEAM
    assert after(billing_moved(approved, back, DONE, is_team=True)).billing is back
    assert after(billing_moved(OPEN, BillingState.SUBMITTED, DONE, is_team=False)).billed == DONE


def test_a_set_up_is_closed_by_the_team_alone() -> None:
    """Nobody gets around it."""
    assert refused(lambda: closed(OPEN, DONE, is_team=False)) is Code.SET_UP_OF_THE_TEAM
    change = closed(OPEN, DONE, is_team=True)
    assert change.ended_set_ups == {"une"}
    assert (change.acts[0].what, change.about) == ("set-up-closed", {"a", "b"})


def test_who_opened_nothing_is_asked_for_nothing() -> None:
    """Whatever the tariff."""
    assert account_facts(None, PAID) is None
    assert not needs_billing(None, PAID)
    assert not needs_billing(EMPTY, None)


def test_what_is_asked_for_follows_from_the_steps() -> None:
    """A contact that is missing by its words; billing where there is a price."""
    lacking = Phrase(
        "administration courante, renouvellement du service, assistance sur place",
        "day-to-day administration, service renewal, on-site support",
    )
    assert account_facts(EMPTY, None) == AccountFacts("une", lacking_contacts=lacking)
    done = replace(EMPTY, account=DONE, confirmed=DONE, contacts=ALL, named=DONE)
    assert account_facts(done, Tariff("f", "CAD")) == AccountFacts("une", has_account=True, is_confirmed=True)
    paid = account_facts(done, PAID)
    assert paid is not None
    assert paid.is_unbilled
    assert not needs_billing(replace(done, billing=BillingState.APPROVED), PAID)


@pytest.mark.requirement("R37", "refuses")
def test_a_required_contact_that_is_missing_is_named() -> None:
    """One for receiving takes the place of none."""
    some = replace(EMPTY, contacts=(*ALL[:2], Contact(ContactRole.RECEIVING, "Bo", email="bo@une.example")))
    assert some.lacking_contacts == (ContactRole.ON_SITE,)
    assert some.done[SetUpStep.CONTACTS] is None


@pytest.mark.requirement("R37", "passes")
def test_three_contacts_are_enough() -> None:
    """Receiving and billing are for who needs them."""
    named = after(contacts_named(OPEN, ALL, DONE))
    assert named.lacking_contacts == ()
    assert named.done[SetUpStep.CONTACTS] == DONE
