"""Set-ups of accounts, with their contacts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select

from access.principals import AccountKind, Role
from access.tables import memberships
from provisioning.accounts import AccountSetUp, BillingState, Contact, ContactRole, DoneBy
from provisioning.storage.delivery_tables import account_contacts, account_set_ups
from runtime.database.rows import save_row
from runtime.rows import execute_many

_STEPS = ("opened", "account", "confirmed", "billed", "named")
_MANAGES = (Role.MANAGER.value, Role.ADMIN.value)


def load_set_ups(connection: Connection, organisation_id: str | None = None) -> list[AccountSetUp]:
    """All, by organisation, or the one."""
    rows = select(account_set_ups).order_by(account_set_ups.c.organisation_id)
    named = select(account_contacts).order_by(account_contacts.c.organisation_id, account_contacts.c.role)
    if organisation_id is not None:
        rows = rows.where(account_set_ups.c.organisation_id == organisation_id)
        named = named.where(account_contacts.c.organisation_id == organisation_id)
    contacts: dict[str, list[Contact]] = {}
    for row in connection.execute(named):
        contact = Contact(ContactRole(row.role), row.name, row.email, row.phone)
        contacts.setdefault(row.organisation_id, []).append(contact)
    return [
        AccountSetUp(
            organisation_id=row.organisation_id,
            legal_name=row.legal_name,
            address=row.address,
            stations=row.stations,
            billing=BillingState(row.billing),
            contacts=tuple(contacts.get(row.organisation_id, ())),
            **_steps(row),
        )
        for row in connection.execute(rows)
    ]


def load_set_up(connection: Connection, organisation_id: str) -> AccountSetUp | None:
    """That of an organisation."""
    return next(iter(load_set_ups(connection, organisation_id)), None)


def save_set_up(connection: Connection, set_up: AccountSetUp) -> None:
    """Insert a set-up or change it, with its contacts."""
    values: dict[str, Any] = {
        "organisation_id": set_up.organisation_id,
        "legal_name": set_up.legal_name,
        "address": set_up.address,
        "stations": set_up.stations,
        "billing": set_up.billing.value,
    }
    for step in _STEPS:
        done: DoneBy | None = getattr(set_up, step)
        values |= {f"{step}_at": done.at if done else None, f"{step}_by": done.by if done else None}
    save_row(connection, account_set_ups, values)
    is_theirs = account_contacts.c.organisation_id == set_up.organisation_id
    connection.execute(delete(account_contacts).where(is_theirs))
    rows = [
        {
            "organisation_id": set_up.organisation_id,
            "role": each.role.value,
            "name": each.name,
            "email": each.email,
            "phone": each.phone,
        }
        for each in set_up.contacts
    ]
    execute_many(connection, insert(account_contacts), rows)


def delete_set_up(connection: Connection, organisation_id: str) -> None:
    """The organisation has none any more; its contacts go with it."""
    is_theirs = account_set_ups.c.organisation_id == organisation_id
    connection.execute(delete(account_set_ups).where(is_theirs))


def is_managed(connection: Connection, organisation_id: str) -> bool:
    """Whether a person manages all of an organisation."""
    is_one = (
        memberships.c.kind == AccountKind.PERSON.value,
        memberships.c.organisation_id == organisation_id,
        memberships.c.site_id == "",
        memberships.c.role.in_(_MANAGES),
    )
    return bool(connection.execute(select(exists().where(*is_one))).scalar())


def _steps(row: Any) -> Mapping[str, Any]:
    found: dict[str, DoneBy | None] = {}
    for step in _STEPS:
        at: datetime | None = getattr(row, f"{step}_at")
        found[step] = DoneBy(at, getattr(row, f"{step}_by")) if at is not None else None
    return found
