"""Orders, tariffs, installers, claims and adoptions."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from access.principals import SERVER, AccessScope
from access.scopes import in_scope
from charging.tariff.stored import tariff_from_json, tariff_json
from provisioning.records import AdoptionRecord, ClaimAttempt, Installer, NamedTariff, Order
from provisioning.storage.tables import (
    adoptions,
    assignments,
    claims,
    installers,
    orders,
    places,
    sites,
    tariffs,
)

Moment = tuple[datetime, str]
"""Where a list in order of time goes on: the instant and the id of the last row shown."""


def load_orders(
    connection: Connection, limit: int, after: Moment | None = None, *, without_manager: bool = False
) -> list[Order]:
    """Orders, newest first; or those that nobody said a manager of."""
    query = _newest(select(orders), orders.c.created_at, orders.c.order_id, after)
    if without_manager:
        query = query.where(orders.c.manager_contact.is_(None))
    return [_order(row) for row in connection.execute(query.limit(limit))]


def find_order(connection: Connection, name: str) -> Order | None:
    """One order, by its id or its reference."""
    for column in (orders.c.order_id, orders.c.reference):
        row = connection.execute(select(orders).where(column == name)).first()
        if row is not None:
            return _order(row)
    return None


def count_orders(connection: Connection, *, without_manager: bool = False) -> int:
    """How many there are."""
    query = select(func.count()).select_from(orders)
    if without_manager:
        query = query.where(orders.c.manager_contact.is_(None))
    return int(connection.execute(query).scalar_one())


def _order(row: Row[Any]) -> Order:
    return Order(
        row.order_id,
        row.reference,
        row.contact,
        row.created_at,
        row.created_by,
        row.manager_contact,
        row.receiving_contact,
    )


def _newest(query: Select[Any], at: Column[Any], name: Column[Any], after: Moment | None) -> Select[Any]:
    """Newest first. Rows of one instant come by their id."""
    query = query.order_by(at.desc(), name.desc())
    if after is None:
        return query
    return query.where(at <= after[0], or_(at < after[0], name < after[1]))


def save_order(connection: Connection, order: Order) -> None:
    """Insert an order."""
    connection.execute(insert(orders).values(**asdict(order)))


def change_order(connection: Connection, order: Order) -> None:
    """Whom to ring about it."""
    values = {name: getattr(order, name) for name in ("contact", "manager_contact", "receiving_contact")}
    connection.execute(update(orders).where(orders.c.order_id == order.order_id).values(**values))


def is_reference_taken(connection: Connection, reference: str) -> bool:
    """Whether an order has this reference."""
    found = connection.execute(select(orders.c.order_id).where(orders.c.reference == reference))
    return found.first() is not None


def load_tariffs(connection: Connection, tariff_ids: Iterable[str] | None = None) -> list[NamedTariff]:
    """All tariffs, or those named, oldest first."""
    rows = select(tariffs).order_by(tariffs.c.created_at)
    if tariff_ids is not None:
        rows = rows.where(tariffs.c.tariff_id.in_(list(tariff_ids)))
    return [
        NamedTariff(
            row.name,
            tariff_from_json(json.loads(row.content) | {"tariff_id": row.tariff_id}),
            row.organisation_id,
            row.created_at,
        )
        for row in connection.execute(rows)
    ]


def is_tariff_name_taken(connection: Connection, name: str) -> bool:
    """Whether a tariff has this name, whatever the case of its letters."""
    rows = connection.execute(select(tariffs.c.name))
    return any(row.name.casefold() == name.casefold() for row in rows)


def save_tariff(connection: Connection, named: NamedTariff, at: datetime) -> None:
    """Insert a tariff; a changed price is a new tariff (OCPP 2.1 I08.FR.08)."""
    content = tariff_json(named.tariff)
    tariff_id = content.pop("tariff_id")
    connection.execute(
        insert(tariffs).values(
            tariff_id=tariff_id,
            name=named.name,
            content=json.dumps(content),
            created_at=at,
            organisation_id=named.organisation_id,
        )
    )


def load_installers(connection: Connection) -> list[Installer]:
    """All installers."""
    rows = connection.execute(select(installers).order_by(installers.c.name))
    return [Installer(row.installer_id, row.name, row.account, row.email, row.company) for row in rows]


def save_installer(connection: Connection, installer: Installer, at: datetime) -> None:
    """Insert an installer."""
    connection.execute(insert(installers).values(**asdict(installer), created_at=at))


def installer_of(connection: Connection, account: str) -> str | None:
    """The installer who logs in with `account`."""
    return connection.execute(
        select(installers.c.installer_id).where(installers.c.account == account)
    ).scalar()


def failed_claims(
    connection: Connection, *, target: str, account: str, since: datetime
) -> list[tuple[int, datetime | None]]:
    """Failed attempts since `since`: (count, last) for the target, then for the account."""
    found = []
    for column, value in ((claims.c.target, target), (claims.c.account, account)):
        row = connection.execute(
            select(func.count(), func.max(claims.c.at)).where(
                column == value, claims.c.at > since, claims.c.is_granted.is_(False)
            )
        ).one()
        found.append((row[0], row[1]))
    return found


def record_claim(connection: Connection, values: dict[str, Any]) -> None:
    """Keep an attempt; failures older than a week are of no use and go."""
    stale = values["at"] - timedelta(days=7)
    connection.execute(delete(claims).where(claims.c.at < stale, claims.c.is_granted.is_(False)))
    connection.execute(insert(claims).values(**values))


def forget_failures(connection: Connection, *, target: str, account: str) -> int:
    """Unlock a station or an account; the number of failures forgotten."""
    statement = delete(claims).where(
        claims.c.is_granted.is_(False), or_(claims.c.target == target, claims.c.account == account)
    )
    return connection.execute(statement).rowcount


def load_claims(
    connection: Connection, scope: AccessScope, limit: int, after: Moment | None = None
) -> list[ClaimAttempt]:
    """Attempts to claim, newest first: what was granted at places of these, and the rest for who runs it."""
    query = _newest(select(claims), claims.c.at, claims.c.claim_id, after)
    rows = connection.execute(query.where(_at_places_of(claims.c.place_id, scope)).limit(limit))
    return [ClaimAttempt(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented name


def record_adoption(connection: Connection, values: dict[str, Any]) -> None:
    """Keep who adopted a station."""
    connection.execute(insert(adoptions).values(**values))


def load_adoptions(
    connection: Connection, scope: AccessScope, limit: int, after: Moment | None = None
) -> list[AdoptionRecord]:
    """Adoptions, newest first: of stations that are at places of these now, and the rest for who runs it."""
    query = _newest(select(adoptions), adoptions.c.at, adoptions.c.adoption_id, after)
    is_there = (assignments.c.station_id == adoptions.c.station_id, assignments.c.ends_at.is_(None))
    place_id = select(assignments.c.place_id).where(*is_there).correlate(adoptions).scalar_subquery()
    rows = connection.execute(query.where(_at_places_of(place_id, scope)).limit(limit))
    return [AdoptionRecord(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented name


def _at_places_of(place_id: ColumnElement[Any], scope: AccessScope) -> ColumnElement[bool]:
    """Whether a place is of these organisations and sites; no place is the default organisation's."""
    of_site = (places.c.place_id == place_id, sites.c.site_id == places.c.site_id)
    is_theirs = exists().where(*of_site, in_scope(scope, sites.c.organisation_id, sites.c.site_id))
    return or_(is_theirs, place_id.is_(None)) if scope.covers(SERVER) else is_theirs
