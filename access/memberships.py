"""Which account has which role where, as rows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, delete, select

from access.principals import Account, AccountKind, Membership, Principal, Resource, Role
from access.tables import ACCOUNTS, memberships
from runtime.database.rows import save_row

_EVERYWHERE = ""
"""The site of a membership that counts in all of its organisation."""
_columns = memberships.c


def principal_of(connection: Connection, account: Account) -> Principal | None:
    """Who it is, if the account is there."""
    table = ACCOUNTS[account.kind]
    if connection.execute(select(table.c.name).where(table.c.name == account.name)).first() is None:
        return None
    is_theirs = (_columns.kind == account.kind, _columns.name == account.name)
    found = _memberships(connection.execute(_ordered().where(*is_theirs)))
    return Principal(account.name, found, account.kind)


def accounts(connection: Connection, kind: AccountKind) -> list[Principal]:
    """All of a kind, by name."""
    table = ACCOUNTS[kind]
    found: dict[str, list[Any]] = {
        row.name: [] for row in connection.execute(select(table.c.name).order_by(table.c.name))
    }
    for row in connection.execute(_ordered().where(_columns.kind == kind)):
        if row.name in found:
            found[row.name].append(row)
    return [Principal(name, _memberships(rows), kind) for name, rows in found.items()]


def members(connection: Connection, organisation_id: str) -> list[tuple[Account, Membership]]:
    """Who has a role in an organisation, or on a site of it, by name."""
    rows = connection.execute(_ordered().where(_columns.organisation_id == organisation_id))
    return [(Account(AccountKind(row.kind), row.name), _membership(row)) for row in rows]


def save_membership(connection: Connection, account: Account, membership: Membership) -> None:
    """The role there, in place of the one they had there."""
    values = {
        "kind": account.kind.value,
        "name": account.name,
        "organisation_id": membership.organisation_id,
        "site_id": membership.site_id or _EVERYWHERE,
        "role": membership.role.value,
    }
    save_row(connection, memberships, values)


def end_membership(connection: Connection, account: Account, place: Resource) -> bool:
    """No role there any more; False where there was none."""
    where = (
        _columns.kind == account.kind,
        _columns.name == account.name,
        _columns.organisation_id == place.organisation_id,
        _columns.site_id == (place.site_id or _EVERYWHERE),
    )
    return connection.execute(delete(memberships).where(*where)).rowcount > 0


def end_memberships(connection: Connection, account: Account) -> None:
    """All of an account."""
    is_theirs = (_columns.kind == account.kind, _columns.name == account.name)
    connection.execute(delete(memberships).where(*is_theirs))


def _ordered() -> Select[Any]:
    return select(memberships).order_by(
        _columns.kind, _columns.name, _columns.organisation_id, _columns.site_id
    )


def _memberships(rows: Iterable[Any]) -> tuple[Membership, ...]:
    return tuple(_membership(row) for row in rows)


def _membership(row: Any) -> Membership:
    return Membership(Role(row.role), row.organisation_id, row.site_id or None)
