"""Who is certified for which products."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from provisioning.install_policy import Certification
from provisioning.storage.delivery_tables import certifications
from runtime.database.rows import save_row
from runtime.rows import rows_with


def load_certifications(
    connection: Connection, accounts: Collection[str] | None = None
) -> list[Certification]:
    """All, or those of these accounts; by account and family."""
    query = select(certifications).order_by(certifications.c.account, certifications.c.family)
    rows = (
        connection.execute(query).all()
        if accounts is None
        else rows_with(connection, query, certifications.c.account, accounts)
    )
    return [
        Certification(
            row.account,
            row.family,
            date.fromisoformat(row.valid_from),
            date.fromisoformat(row.valid_to) if row.valid_to else None,
        )
        for row in rows
    ]


def save_certification(connection: Connection, certification: Certification) -> None:
    """Keep one, in place of the one for the same family."""
    values = {
        "account": certification.account,
        "family": certification.family,
        "valid_from": certification.valid_from.isoformat(),
        "valid_to": certification.valid_to.isoformat() if certification.valid_to else None,
    }
    save_row(connection, certifications, values)
