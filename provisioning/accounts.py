"""What is known of the set-up of an organisation's account, as frozen records: four steps, each with who did
it when. An organisation without a set-up is asked for none of them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from runtime.wording import Phrase


class SetUpStep(StrEnum):
    """The steps in the order in which they are shown; they may be done in any."""

    ACCOUNT = "account"
    ORGANISATION = "organisation"
    BILLING = "billing"
    CONTACTS = "contacts"


class ContactRole(StrEnum):
    """What somebody is rung for."""

    RECEIVING = "receiving"
    ADMINISTRATION = "administration"
    RENEWAL = "renewal"
    ON_SITE = "on-site"
    BILLING = "billing"


CONTACT_WORDS: dict[ContactRole, Phrase] = {
    ContactRole.RECEIVING: Phrase("réception", "receiving"),
    ContactRole.ADMINISTRATION: Phrase("administration courante", "day-to-day administration"),
    ContactRole.RENEWAL: Phrase("renouvellement du service", "service renewal"),
    ContactRole.ON_SITE: Phrase("assistance sur place", "on-site support"),
    ContactRole.BILLING: Phrase("facturation", "billing"),
}
REQUIRED_CONTACTS = (ContactRole.ADMINISTRATION, ContactRole.RENEWAL, ContactRole.ON_SITE)
"""Without whom no station is activated; the others are for who needs them."""


class BillingState(StrEnum):
    """How far Flex billing is; nothing of a bank is kept."""

    NONE = "none"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


OF_THE_TEAM = frozenset({BillingState.APPROVED, BillingState.REJECTED})
"""What the team alone says of billing, and takes back."""


@dataclass(frozen=True, slots=True)
class DoneBy:
    """Who did something, and when."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ring for something."""

    role: ContactRole
    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSetUp:
    """How far an organisation's account is."""

    organisation_id: str
    opened: DoneBy
    account: DoneBy | None = None
    """Somebody has a manager's account, and said so."""
    legal_name: str | None = None
    address: str | None = None
    stations: int | None = None
    """How many stations were confirmed."""
    confirmed: DoneBy | None = None
    billing: BillingState = BillingState.NONE
    billed: DoneBy | None = None
    """Who moved the state of billing last."""
    contacts: tuple[Contact, ...] = ()
    named: DoneBy | None = None
    """Who named the contacts last."""

    @property
    def lacking_contacts(self) -> tuple[ContactRole, ...]:
        """The required ones that nobody named."""
        found = {each.role for each in self.contacts}
        return tuple(each for each in REQUIRED_CONTACTS if each not in found)

    @property
    def done(self) -> dict[SetUpStep, DoneBy | None]:
        """Each step with who did it; None for one that is open."""
        is_approved = self.billing is BillingState.APPROVED
        return {
            SetUpStep.ACCOUNT: self.account,
            SetUpStep.ORGANISATION: self.confirmed,
            SetUpStep.BILLING: self.billed if is_approved else None,
            SetUpStep.CONTACTS: self.named if not self.lacking_contacts else None,
        }
