"""How sites are prepared: who installs what, what was found, measured and read."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, delete, insert, select

from provisioning.accounts import DoneBy
from provisioning.preparation import (
    GuideReceipt,
    InstallPath,
    ItemFinding,
    PreparedProduct,
    SitePreparation,
    SiteSignal,
    SiteVerdict,
)
from provisioning.products.product import GuideKind
from provisioning.shipping import ON_SITE
from provisioning.storage.delivery_tables import entitlements
from provisioning.storage.preparation_tables import (
    guide_receipts,
    prepared_products,
    site_answers,
    site_preparations,
    site_signals,
)
from runtime.database.rows import save_row
from runtime.rows import execute_many

T = TypeVar("T")


def load_preparations(connection: Connection, site_id: str | None = None) -> list[SitePreparation]:
    """All, by site, or the one."""
    query = select(site_preparations).order_by(site_preparations.c.site_id)
    if site_id is not None:
        query = query.where(site_preparations.c.site_id == site_id)
    products = _parts(connection, prepared_products, _product, site_id)
    answers = _parts(connection, site_answers, _answer, site_id)
    signals = _parts(connection, site_signals, _signal, site_id)
    receipts = _parts(connection, guide_receipts, _receipt, site_id)
    return [
        SitePreparation(
            site_id=row.site_id,
            path=InstallPath(row.path),
            opened=DoneBy(row.opened_at, row.opened_by),
            products=products.get(row.site_id, ()),
            answers=answers.get(row.site_id, ()),
            signals=signals.get(row.site_id, ()),
            receipts=receipts.get(row.site_id, ()),
            decided=DoneBy(row.decided_at, row.decided_by) if row.decided_at is not None else None,
            is_approved=row.is_approved,
            decision_note=row.decision_note,
        )
        for row in connection.execute(query)
    ]


def load_preparation(connection: Connection, site_id: str) -> SitePreparation | None:
    """That of a site."""
    return next(iter(load_preparations(connection, site_id)), None)


def save_preparation(connection: Connection, preparation: SitePreparation) -> None:
    """Insert a preparation or change it, with all that belongs to it."""
    decided = preparation.decided
    values = {
        "site_id": preparation.site_id,
        "path": preparation.path.value,
        "opened_at": preparation.opened.at,
        "opened_by": preparation.opened.by,
        "decided_at": decided.at if decided is not None else None,
        "decided_by": decided.by if decided is not None else None,
        "is_approved": preparation.is_approved,
        "decision_note": preparation.decision_note,
    }
    save_row(connection, site_preparations, values)
    _replace(
        connection,
        prepared_products,
        preparation.site_id,
        [
            {"product": each.product, "position": position, "version": each.version}
            for position, each in enumerate(preparation.products)
        ],
    )
    _replace(
        connection,
        site_answers,
        preparation.site_id,
        [
            {"product": each.product, "item": each.item, "verdict": each.verdict.value, "note": each.note}
            | _done(each.done)
            for each in preparation.answers
        ],
    )
    _replace(
        connection,
        site_signals,
        preparation.site_id,
        [
            {"product": each.product, "dbm": each.dbm, "carrier": each.carrier, "band": each.band}
            | _done(each.done)
            for each in preparation.signals
        ],
    )
    _replace(
        connection,
        guide_receipts,
        preparation.site_id,
        [
            {"product": each.product, "guide": each.guide.value, "version": each.version} | _done(each.done)
            for each in preparation.receipts
        ],
    )


def delete_preparation(connection: Connection, site_id: str) -> None:
    """Nobody prepares the site any more; what belongs to it goes with it."""
    connection.execute(delete(site_preparations).where(site_preparations.c.site_id == site_id))


def serviced_orders(connection: Connection) -> set[str]:
    """The orders with which a service on site was bought."""
    kinds = [each.value for each in ON_SITE]
    query = select(entitlements.c.order_id).where(entitlements.c.kind.in_(kinds)).distinct()
    return {row.order_id for row in connection.execute(query)}


def _parts(
    connection: Connection, table: Table, part: Callable[[Row[Any]], T], site_id: str | None
) -> Mapping[str, tuple[T, ...]]:
    """By site, in their order: that of the list of products, else that in which they came."""
    order = table.c.position if "position" in table.c else table.c.done_at
    query = select(table).order_by(table.c.site_id, order, *table.primary_key.columns)
    if site_id is not None:
        query = query.where(table.c.site_id == site_id)
    found: dict[str, list[T]] = {}
    for row in connection.execute(query):
        found.setdefault(row.site_id, []).append(part(row))
    return {key: tuple(each) for key, each in found.items()}


def _replace(connection: Connection, table: Table, site_id: str, rows: list[dict[str, Any]]) -> None:
    connection.execute(delete(table).where(table.c.site_id == site_id))
    execute_many(connection, insert(table), [{"site_id": site_id} | each for each in rows])


def _done(done: DoneBy) -> dict[str, Any]:
    return {"done_at": done.at, "done_by": done.by}


def _product(row: Row[Any]) -> PreparedProduct:
    return PreparedProduct(row.product, row.version)


def _answer(row: Row[Any]) -> ItemFinding:
    done = DoneBy(row.done_at, row.done_by)
    return ItemFinding(row.product, row.item, SiteVerdict(row.verdict), row.note, done)


def _signal(row: Row[Any]) -> SiteSignal:
    return SiteSignal(row.product, row.dbm, row.carrier, row.band, DoneBy(row.done_at, row.done_by))


def _receipt(row: Row[Any]) -> GuideReceipt:
    return GuideReceipt(row.product, GuideKind(row.guide), row.version, DoneBy(row.done_at, row.done_by))
