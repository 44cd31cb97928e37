"""What is known of how a site is made ready for the stations that are to be mounted there, as frozen records.

Somebody says which products go there and who sees to the installation; each product brings its checklist, its
guides and the signal that it needs. A site of which nobody said that is asked for none of it.
"""

from dataclasses import dataclass
from enum import StrEnum

from provisioning.accounts import DoneBy
from provisioning.products.product import GuideKind
from runtime.wording import Phrase


class InstallPath(StrEnum):
    """Who sees to the installation."""

    SERVICES = "vendor-services"
    """The vendor's own services on site: they say first that the site is ready."""
    PARTNER = "partner"
    CERTIFIED = "certified-installer"
    CONTRACTOR = "contractor"
    """An electrician who has not installed such products before."""


PATH_WORDS: dict[InstallPath, Phrase] = {
    InstallPath.SERVICES: Phrase("services du fournisseur", "the vendor's services"),
    InstallPath.PARTNER: Phrase("partenaire", "partner"),
    InstallPath.CERTIFIED: Phrase("installateur certifié", "certified installer"),
    InstallPath.CONTRACTOR: Phrase("entrepreneur nouveau venu", "contractor new to it"),
}


class SiteVerdict(StrEnum):
    """What somebody found of an item of a site's checklist."""

    OK = "ok"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    """It does not exist there; a safety item always does."""


@dataclass(frozen=True, slots=True)
class PreparedProduct:
    """A product that is to be mounted, and the version of its file when that was said."""

    product: str
    version: int


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """What was found of an item, the last that somebody said."""

    product: str
    item: str
    verdict: SiteVerdict
    note: str | None
    done: DoneBy


@dataclass(frozen=True, slots=True)
class SiteSignal:
    """What was measured where the product is to be mounted."""

    product: str
    dbm: int
    carrier: str | None
    band: str | None
    done: DoneBy


@dataclass(frozen=True, slots=True)
class GuideReceipt:
    """Somebody read a guide in a version; `done.by` is who."""

    product: str
    guide: GuideKind
    version: int
    done: DoneBy


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePreparation:
    """How far a site is prepared."""

    site_id: str
    path: InstallPath
    opened: DoneBy
    products: tuple[PreparedProduct, ...] = ()
    answers: tuple[ItemFinding, ...] = ()
    signals: tuple[SiteSignal, ...] = ()
    receipts: tuple[GuideReceipt, ...] = ()
    decided: DoneBy | None = None
    """When the team said whether the site is ready."""
    is_approved: bool = False
    decision_note: str | None = None

    def answer_to(self, product: str, item: str) -> ItemFinding | None:
        """The one to an item."""
        return next((each for each in self.answers if (each.product, each.item) == (product, item)), None)

    def signal_for(self, product: str) -> SiteSignal | None:
        """What was measured for a product."""
        return next((each for each in self.signals if each.product == product), None)

    def has_read(self, product: str, guide: GuideKind, version: int, account: str | None = None) -> bool:
        """Whether somebody, or the account, read that version or a later one."""
        return any(
            (each.product, each.guide) == (product, guide)
            and each.version >= version
            and account in (None, each.done.by)
            for each in self.receipts
        )
