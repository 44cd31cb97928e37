"""What the steps of an account's set-up come to, and what its stations are asked for. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from access.organisations import organisation_subject
from charging.tariff import Tariff
from ocppj.vocabulary import StationId
from provisioning.accounts import (
    CONTACT_WORDS,
    OF_THE_TEAM,
    AccountSetUp,
    BillingState,
    Contact,
    ContactRole,
    DoneBy,
)
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.gates.facts import AccountFacts
from runtime.audit import Act
from runtime.wording import Phrase


class SetUpChange(StrEnum):
    """What is done to a set-up, as it is kept."""

    OPENED = "set-up-opened"
    ACCOUNT = "account-confirmed"
    ORGANISATION = "organisation-confirmed"
    BILLING = "billing-moved"
    CONTACTS = "contacts-named"
    CLOSED = "set-up-closed"


@dataclass(frozen=True, slots=True)
class SetUpFacts:
    """What is stored of an organisation: its set-up, and whether anybody manages it. `stations` are at its
    sites.
    """

    organisation_id: str
    set_up: AccountSetUp | None = None
    has_manager: bool = False
    stations: Collection[StationId] = ()


def opened(facts: SetUpFacts, done: DoneBy) -> ChangeSet:
    """A set-up begins; one that is open stays as it is."""
    if facts.set_up is not None:
        return ChangeSet("set-up asked for again")
    made = AccountSetUp(organisation_id=facts.organisation_id, opened=done)
    return _kept(facts, made, done, SetUpChange.OPENED)


def account_confirmed(facts: SetUpFacts, done: DoneBy) -> ChangeSet:
    """Step 1: somebody has a manager's account.

    Raises ProvisioningProblem: E_SET_UP_UNKNOWN, E_NO_MANAGER.
    """
    set_up = _open(facts)
    if not facts.has_manager:
        raise ProvisioningProblem(Code.NO_MANAGER, organisation=facts.organisation_id)
    return _kept(facts, replace(set_up, account=done), done, SetUpChange.ACCOUNT)


def organisation_confirmed(facts: SetUpFacts, legal_name: str, address: str, done: DoneBy) -> ChangeSet:
    """Step 2: what the organisation is called, where it is, and that these are its stations.

    Raises ProvisioningProblem: E_SET_UP_UNKNOWN.
    """
    after = replace(
        _open(facts), legal_name=legal_name, address=address, stations=len(facts.stations), confirmed=done
    )
    return _kept(facts, after, done, SetUpChange.ORGANISATION)


def billing_moved(facts: SetUpFacts, state: BillingState, done: DoneBy, *, is_team: bool) -> ChangeSet:
    """Step 3. Raises ProvisioningProblem: E_SET_UP_UNKNOWN, E_SET_UP_OF_THE_TEAM."""
    set_up = _open(facts)
    takes_back = set_up.billing is BillingState.APPROVED and state is not BillingState.APPROVED
    if not is_team and (state in OF_THE_TEAM or takes_back):
        raise ProvisioningProblem(Code.SET_UP_OF_THE_TEAM)
    after = replace(set_up, billing=state, billed=done)
    return _kept(facts, after, done, SetUpChange.BILLING, state.value)


def contacts_named(facts: SetUpFacts, contacts: tuple[Contact, ...], done: DoneBy) -> ChangeSet:
    """Step 4: these instead of those before. Raises ProvisioningProblem: E_SET_UP_UNKNOWN."""
    after = replace(_open(facts), contacts=contacts, named=done)
    return _kept(facts, after, done, SetUpChange.CONTACTS, " ".join(each.role.value for each in contacts))


def closed(facts: SetUpFacts, done: DoneBy, *, is_team: bool) -> ChangeSet:
    """Nothing is asked for any more. Raises ProvisioningProblem: E_SET_UP_UNKNOWN, E_SET_UP_OF_THE_TEAM."""
    _open(facts)
    if not is_team:
        raise ProvisioningProblem(Code.SET_UP_OF_THE_TEAM)
    change = _recorded(facts, done, SetUpChange.CLOSED)
    change.ended_set_ups.add(facts.organisation_id)
    return change


def account_facts(set_up: AccountSetUp | None, tariff: Tariff | None) -> AccountFacts | None:
    """What a station on a site with this tariff is asked for; None where nobody opened a set-up."""
    if set_up is None:
        return None
    return AccountFacts(
        set_up.organisation_id,
        has_account=set_up.account is not None,
        is_confirmed=set_up.confirmed is not None,
        is_unbilled=needs_billing(set_up, tariff),
        lacking_contacts=contact_words(set_up.lacking_contacts) if set_up.lacking_contacts else None,
    )


def needs_billing(set_up: AccountSetUp | None, tariff: Tariff | None) -> bool:
    """Whether this price waits for billing to be approved."""
    if set_up is None or tariff is None:
        return False
    return set_up.billing is not BillingState.APPROVED and not tariff.is_free


def contact_words(roles: tuple[ContactRole, ...]) -> Phrase:
    """These contacts, by what they are for."""
    words = [CONTACT_WORDS[each] for each in roles]
    return Phrase(", ".join(each.fr for each in words), ", ".join(each.en for each in words))


def _open(facts: SetUpFacts) -> AccountSetUp:
    if facts.set_up is None:
        raise ProvisioningProblem(Code.SET_UP_UNKNOWN, organisation=facts.organisation_id)
    return facts.set_up


def _kept(
    facts: SetUpFacts, after: AccountSetUp, done: DoneBy, what: SetUpChange, result: str | None = None
) -> ChangeSet:
    change = _recorded(facts, done, what, result)
    change.put_set_up(facts.set_up, after)
    return change


def _recorded(facts: SetUpFacts, done: DoneBy, what: SetUpChange, result: str | None = None) -> ChangeSet:
    act = Act(organisation_subject(facts.organisation_id), done.at, done.by, what.value, result)
    return ChangeSet(act.cause, acts=[act], about=set(facts.stations))
