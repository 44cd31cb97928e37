"""What the gates are asked over: facts about one station, in whatever order they came to be."""

from dataclasses import dataclass
from enum import StrEnum

from provisioning.blockers import Blocker
from runtime.wording import Phrase


class Commissioning(StrEnum):
    """What has to come before the activation."""

    NONE = "none"
    MANAGED = "managed"
    """The team, or a partner, commissions it."""
    UNKNOWN = "unknown"
    """Third-party hardware: nobody knows yet what it needs."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """How far the account is of the organisation on whose site a station is, where a set-up was opened."""

    organisation_id: str
    has_account: bool = False
    is_confirmed: bool = False
    is_unbilled: bool = False
    """The site's tariff has a price, and billing is not approved."""
    lacking_contacts: Phrase | None = None


@dataclass(frozen=True, slots=True)
class PreparedFacts:
    """How far the site is prepared on which a station is, where somebody prepares it, or bought a service."""

    site_id: str
    name: str
    unsafe: Phrase | None = None
    """Safety items that are not as they have to be."""
    weak_signal: Phrase | None = None
    left: Phrase | None = None
    """What nobody has answered yet."""
    is_unapproved: bool = False
    """A service on site was bought, and its team has not approved the site."""


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that a lifecycle status depends on. The last five are for people only: no state depends on them.

    `progress` is what the activation is at, `is_paused` that nothing of it is sent because the station is
    under test, `pending` names what was changed and is not proved at the station yet, `remarks` are what it
    refused or lacks.
    """

    is_ours: bool = False
    is_seen: bool = False
    tested_until: str = ""
    """Until when a test window is open, for people; empty: none is."""
    is_assigned: bool = False
    account: AccountFacts | None = None
    """None: nobody opened a set-up, and nothing is asked for."""
    site: PreparedFacts | None = None
    """None: nobody prepares the site, and no service on it was bought."""
    commissioning: Commissioning = Commissioning.NONE
    is_commissioned: bool = False
    is_requested: bool = False
    is_released: bool = False
    is_activated: bool = False
    is_suspended: bool = False
    suspend_reason: str = ""
    is_online: bool = True
    progress: Blocker | None = None
    is_paused: bool = False
    pending: Phrase | None = None
    remarks: tuple[Blocker, ...] = ()
