"""How a site is prepared, as the API tells it."""

from csms.domain.station_details import BlockerAnswer
from provisioning.accounts import DoneBy
from provisioning.app import Provisioning
from provisioning.details import blocker_views
from provisioning.gates.site_prepared import site_blocker
from provisioning.preparation import SitePreparation
from provisioning.products.product import BothTexts, Cellular, Product, SiteItem
from runtime.texts import instant_text
from runtime.views import View


class SiteItemAnswer(View, frozen=True, kw_only=True):
    """An item of the checklist. `verdict` is null while nobody has answered it."""

    item: str
    section: str
    name: BothTexts
    is_safety: bool
    verdict: str | None
    note: str | None
    done_at: str | None
    done_by: str | None


class SiteSignalAnswer(View, frozen=True, kw_only=True):
    """What was measured where the product is to be mounted."""

    dbm: int
    carrier: str | None
    band: str | None
    done_at: str
    done_by: str


class GuideReceiptAnswer(View, frozen=True, kw_only=True):
    """Somebody read a guide."""

    guide: str
    version: int
    done_at: str
    done_by: str


class PreparedProductAnswer(View, frozen=True, kw_only=True):
    """A product that is to be mounted. `version` is that of its file when it was chosen.
    What its guides say is in `GET /products/{product_id}`.
    """

    product_id: str
    version: int
    name: BothTexts | None
    items: tuple[SiteItemAnswer, ...]
    cellular: Cellular | None
    signal: SiteSignalAnswer | None
    guides_read: tuple[GuideReceiptAnswer, ...]


class SitePreparationAnswer(View, frozen=True, kw_only=True):
    """How far a site is prepared. `blocked_by` is what holds up its stations."""

    site_id: str
    site: str
    path: str
    opened_at: str
    opened_by: str
    products: tuple[PreparedProductAnswer, ...]
    is_approved: bool
    decided_at: str | None
    decided_by: str | None
    decision_note: str | None
    is_ready: bool
    blocked_by: tuple[BlockerAnswer, ...]


def preparation_view(provisioning: Provisioning, preparation: SitePreparation) -> SitePreparationAnswer:
    """The preparation of a site."""
    in_the_way = site_blocker(provisioning.use_cases.preparing.facts(preparation))
    decided = preparation.decided
    return SitePreparationAnswer(
        site_id=preparation.site_id,
        site=provisioning.station_cache.sites[preparation.site_id].name,
        path=preparation.path.value,
        opened_at=instant_text(preparation.opened.at),
        opened_by=preparation.opened.by,
        products=tuple(
            _product(preparation, each.product, each.version, provisioning.products.by_id.get(each.product))
            for each in preparation.products
        ),
        is_approved=preparation.is_approved,
        decided_at=_at(decided),
        decided_by=decided.by if decided is not None else None,
        decision_note=preparation.decision_note,
        is_ready=in_the_way is None,
        blocked_by=blocker_views((in_the_way,) if in_the_way is not None else ()),
    )


def _product(
    preparation: SitePreparation, name: str, version: int, product: Product | None
) -> PreparedProductAnswer:
    signal = preparation.signal_for(name)
    return PreparedProductAnswer(
        product_id=name,
        version=version,
        name=product.name if product is not None else None,
        items=tuple(_item(preparation, name, each) for each in (product.site if product is not None else ())),
        cellular=product.cellular if product is not None else None,
        signal=SiteSignalAnswer(
            dbm=signal.dbm,
            carrier=signal.carrier,
            band=signal.band,
            done_at=instant_text(signal.done.at),
            done_by=signal.done.by,
        )
        if signal is not None
        else None,
        guides_read=tuple(
            GuideReceiptAnswer(
                guide=each.guide.value,
                version=each.version,
                done_at=instant_text(each.done.at),
                done_by=each.done.by,
            )
            for each in preparation.receipts
            if each.product == name
        ),
    )


def _item(preparation: SitePreparation, product: str, item: SiteItem) -> SiteItemAnswer:
    answer = preparation.answer_to(product, item.item)
    return SiteItemAnswer(
        item=item.item,
        section=item.section.value,
        name=item.name,
        is_safety=item.is_safety,
        verdict=answer.verdict.value if answer is not None else None,
        note=answer.note if answer is not None else None,
        done_at=_at(answer.done if answer is not None else None),
        done_by=answer.done.by if answer is not None else None,
    )


def _at(done: DoneBy | None) -> str | None:
    return instant_text(done.at) if done is not None else None
