"""What the preparation of a site comes to, and what its stations are asked for. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ocppj.vocabulary import StationId
from provisioning.accounts import DoneBy
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.gates.facts import PreparedFacts
from provisioning.gates.site_prepared import site_blocker
from provisioning.preparation import (
    GuideReceipt,
    InstallPath,
    ItemFinding,
    PreparedProduct,
    SitePreparation,
    SiteSignal,
    SiteVerdict,
)
from provisioning.products.product import Guide, GuideKind, Product, SiteItem
from provisioning.records import Site
from runtime.audit import Act
from runtime.wording import Phrase

ProductNamed = Callable[[str], Product | None]
"""A product by its id; None where its file is gone: nothing is asked for it then."""


class PreparationChange(StrEnum):
    """What is done to a preparation, as it is kept."""

    CHOSEN = "site-path-chosen"
    ANSWERED = "site-item-answered"
    MEASURED = "site-signal-measured"
    READ = "site-guide-read"
    DECIDED = "site-decided"
    ENDED = "site-preparation-ended"


@dataclass(frozen=True, slots=True)
class PreparingFacts:
    """What is stored of a site, and whether a service on it was bought. `stations` are at its places."""

    site: Site
    preparation: SitePreparation | None
    product_named: ProductNamed
    stations: Collection[StationId] = ()


def path_chosen(
    facts: PreparingFacts, path: InstallPath, products: Collection[str], done: DoneBy
) -> ChangeSet:
    """Who installs what. What was answered before stays, of products that stay; an approval was of what was
    chosen then. Raises ProvisioningProblem: E_PRODUCT_UNKNOWN.
    """
    before = facts.preparation
    chosen = tuple(_prepared(each, facts.product_named) for each in dict.fromkeys(products))
    names = {each.product for each in chosen}
    known = before or SitePreparation(site_id=facts.site.site_id, path=path, opened=done)
    is_same = before is not None and (before.path, before.products) == (path, chosen)
    after = replace(
        known,
        path=path,
        products=chosen,
        answers=tuple(each for each in known.answers if each.product in names),
        signals=tuple(each for each in known.signals if each.product in names),
        receipts=tuple(each for each in known.receipts if each.product in names),
        is_approved=known.is_approved and is_same,
    )
    return _kept(facts, after, done, PreparationChange.CHOSEN, path.value)


def item_answered(  # noqa: PLR0917 - what there is to say of it
    facts: PreparingFacts, product: str, item: str, verdict: SiteVerdict, note: str | None, done: DoneBy
) -> ChangeSet:
    """What somebody found. Raises ProvisioningProblem: E_PREPARATION_UNKNOWN, E_SITE_ITEM_UNKNOWN."""
    preparation = _open(facts)
    known = [each.item for each in _product_of(facts, preparation, product).site]
    if item not in known:
        raise _unknown_item(facts, item, known)
    others = tuple(each for each in preparation.answers if (each.product, each.item) != (product, item))
    after = replace(preparation, answers=(*others, ItemFinding(product, item, verdict, note, done)))
    return _kept(facts, after, done, PreparationChange.ANSWERED, f"{item} {verdict.value}")


def signal_measured(facts: PreparingFacts, signal: SiteSignal) -> ChangeSet:
    """What was measured; one that is too weak is kept too, and in the way.

    Raises ProvisioningProblem: E_PREPARATION_UNKNOWN, E_SITE_ITEM_UNKNOWN.
    """
    preparation = _open(facts)
    _product_of(facts, preparation, signal.product)
    others = tuple(each for each in preparation.signals if each.product != signal.product)
    after = replace(preparation, signals=(*others, signal))
    return _kept(facts, after, signal.done, PreparationChange.MEASURED, f"{signal.dbm} dBm")


def guide_read(facts: PreparingFacts, receipt: GuideReceipt) -> ChangeSet:
    """Somebody read a guide as the product has it now.

    Raises ProvisioningProblem: E_PREPARATION_UNKNOWN, E_SITE_ITEM_UNKNOWN, E_GUIDE_UNKNOWN.
    """
    preparation = _open(facts)
    guide = guide_of(_product_of(facts, preparation, receipt.product), receipt.guide)
    if guide is None or guide.version != receipt.version:
        kind, version = receipt.guide.value, receipt.version
        raise ProvisioningProblem(Code.GUIDE_UNKNOWN, product=receipt.product, guide=kind, version=version)
    theirs = (receipt.product, receipt.guide, receipt.done.by)
    others = tuple(
        each for each in preparation.receipts if (each.product, each.guide, each.done.by) != theirs
    )
    after = replace(preparation, receipts=(*others, receipt))
    result = f"{receipt.product} {receipt.guide.value} {receipt.version}"
    return _kept(facts, after, receipt.done, PreparationChange.READ, result)


def site_decided(
    facts: PreparingFacts, *, is_approved: bool, note: str | None, done: DoneBy, is_team: bool
) -> ChangeSet:
    """The team says whether the site is ready.

    Raises ProvisioningProblem: E_PREPARATION_UNKNOWN, E_PREPARATION_OF_THE_TEAM; what is not ready is not
    approved: E_SITE_UNSAFE, E_SIGNAL_BELOW_MIN, E_SITE_UNPREPARED.
    """
    preparation = _open(facts)
    if not is_team:
        raise ProvisioningProblem(Code.PREPARATION_OF_THE_TEAM)
    found = prepared_facts(facts.site, preparation, facts.product_named)
    if is_approved and (in_the_way := site_blocker(found)) is not None:
        raise ProvisioningProblem(
            in_the_way.code,
            site=found.name,
            site_id=found.site_id,
            items=found.unsafe,
            signal=found.weak_signal,
            left=found.left,
        )
    after = replace(preparation, decided=done, is_approved=is_approved, decision_note=note)
    word = "approved" if is_approved else "rejected"
    return _kept(facts, after, done, PreparationChange.DECIDED, word, note)


def preparation_ended(facts: PreparingFacts, done: DoneBy, *, is_team: bool) -> ChangeSet:
    """Nothing is asked for any more. Raises ProvisioningProblem: E_PREPARATION_UNKNOWN,
    E_PREPARATION_OF_THE_TEAM.
    """
    _open(facts)
    if not is_team:
        raise ProvisioningProblem(Code.PREPARATION_OF_THE_TEAM)
    change = _recorded(facts, done, PreparationChange.ENDED)
    change.ended_preparations.add(facts.site.site_id)
    return change


def site_facts(
    site: Site, preparation: SitePreparation | None, product_named: ProductNamed, *, is_serviced: bool
) -> PreparedFacts | None:
    """What a station at the site is asked for; None where nobody prepares it and no service was bought."""
    if preparation is None:
        return PreparedFacts(site.site_id, site.name, is_unapproved=True) if is_serviced else None
    needs_approval = is_serviced or preparation.path is InstallPath.SERVICES
    found = prepared_facts(site, preparation, product_named)
    return replace(found, is_unapproved=needs_approval and not preparation.is_approved)


def prepared_facts(site: Site, preparation: SitePreparation, product_named: ProductNamed) -> PreparedFacts:
    """The same without the approval."""
    products = _products(preparation, product_named)
    return PreparedFacts(
        site.site_id,
        site.name,
        unsafe=_listed(_unsafe(preparation, products)),
        weak_signal=_listed(_weak(preparation, products)),
        left=_listed(_left(preparation, products)),
    )


def failed_items(preparation: SitePreparation, product_named: ProductNamed) -> Phrase | None:
    """All items that were found to be otherwise, for who looks for the reason of a fault."""
    products = _products(preparation, product_named)
    found = (
        each.name
        for product in products
        for each in product.site
        if _verdict(preparation, product, each) is SiteVerdict.FAILED
    )
    return _listed(Phrase(each.fr, each.en) for each in found)


def unread_guides(preparation: SitePreparation, products: Iterable[Product], account: str) -> Phrase | None:
    """The guides that the account has not read as they are now: how it is mounted and, for who is new to it,
    how a site is laid out.
    """
    asked = {each.product for each in preparation.products}
    is_new_to_it = preparation.path is InstallPath.CONTRACTOR
    kinds = (GuideKind.DESIGN, GuideKind.INSTALL) if is_new_to_it else (GuideKind.INSTALL,)
    found = (
        _guide_name(product, guide)
        for product in products
        for guide in product.guides
        if product.product in asked and guide.guide in kinds
        if not preparation.has_read(product.product, guide.guide, guide.version, account)
    )
    return _listed(dict.fromkeys(found))


def guide_of(product: Product, kind: GuideKind) -> Guide | None:
    """The product's guide of that kind."""
    return next((each for each in product.guides if each.guide is kind), None)


def _unsafe(preparation: SitePreparation, products: Iterable[Product]) -> Iterator[Phrase]:
    for product in products:
        for item in product.site:
            if item.is_safety and _verdict(preparation, product, item) is SiteVerdict.FAILED:
                yield Phrase(item.name.fr, item.name.en)


def _weak(preparation: SitePreparation, products: Iterable[Product]) -> Iterator[Phrase]:
    for product in products:
        signal, least = preparation.signal_for(product.product), product.cellular.weakest_dbm
        if product.cellular.is_required and signal and least is not None and signal.dbm < least:
            carrier = f" ({signal.carrier})" if signal.carrier else ""
            text = f"{signal.dbm} dBm < {least} dBm{carrier}"
            yield Phrase(text, text)


def _left(preparation: SitePreparation, products: Iterable[Product]) -> Iterator[Phrase]:
    for product in products:
        guide = guide_of(product, GuideKind.DESIGN)
        if guide is not None and not preparation.has_read(product.product, guide.guide, guide.version):
            yield _guide_name(product, guide)
        for item in product.site:
            verdict = _verdict(preparation, product, item)
            if verdict is None or (item.is_safety and verdict is SiteVerdict.NOT_APPLICABLE):
                yield Phrase(item.name.fr, item.name.en)
        if product.cellular.is_required and preparation.signal_for(product.product) is None:
            name = product.name
            yield Phrase(f"signal cellulaire pour {name.fr}", f"cellular signal for {name.en}")


def _verdict(preparation: SitePreparation, product: Product, item: SiteItem) -> SiteVerdict | None:
    answer = preparation.answer_to(product.product, item.item)
    return answer.verdict if answer is not None else None


def _guide_name(product: Product, guide: Guide) -> Phrase:
    return Phrase(f"{guide.name.fr} ({product.name.fr})", f"{guide.name.en} ({product.name.en})")


def _products(preparation: SitePreparation, product_named: ProductNamed) -> list[Product]:
    found = (product_named(each.product) for each in preparation.products)
    return [each for each in found if each is not None]


def _listed(phrases: Iterable[Phrase]) -> Phrase | None:
    found = list(phrases)
    if not found:
        return None
    return Phrase(", ".join(each.fr for each in found), ", ".join(each.en for each in found))


def _prepared(name: str, product_named: ProductNamed) -> PreparedProduct:
    product = product_named(name)
    if product is None:
        raise ProvisioningProblem(Code.PRODUCT_UNKNOWN, id=name)
    return PreparedProduct(name, product.version)


def _open(facts: PreparingFacts) -> SitePreparation:
    if facts.preparation is None:
        site = facts.site
        raise ProvisioningProblem(Code.PREPARATION_UNKNOWN, site=site.name, site_id=site.site_id)
    return facts.preparation


def _product_of(facts: PreparingFacts, preparation: SitePreparation, name: str) -> Product:
    chosen = {each.product: each for each in _products(preparation, facts.product_named)}
    if name not in chosen:
        raise _unknown_item(facts, name, sorted(chosen))
    return chosen[name]


def _unknown_item(facts: PreparingFacts, name: str, known: Collection[str]) -> ProvisioningProblem:
    listed = ", ".join(known) or "–"
    return ProvisioningProblem(Code.SITE_ITEM_UNKNOWN, item=name, known=listed, site_id=facts.site.site_id)


def _kept(  # noqa: PLR0917 - what there is to say of it
    facts: PreparingFacts,
    after: SitePreparation,
    done: DoneBy,
    what: PreparationChange,
    result: str,
    reason: str | None = None,
) -> ChangeSet:
    change = _recorded(facts, done, what, result, reason)
    change.put_preparation(facts.preparation, after)
    return change


def _recorded(
    facts: PreparingFacts,
    done: DoneBy,
    what: PreparationChange,
    result: str | None = None,
    reason: str | None = None,
) -> ChangeSet:
    act = Act(f"site/{facts.site.site_id}", done.at, done.by, what.value, result, reason)
    return ChangeSet(act.cause, acts=[act], about=set(facts.stations))
