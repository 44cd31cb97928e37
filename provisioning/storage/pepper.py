"""With which pepper the secrets in the database are sealed: a keyed digest, never the pepper itself."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from provisioning.storage.tables import devices, pepper_checks
from runtime.database.rows import save_row

_ONE = "pepper"
_SEALED = select(
    func.count().filter(
        or_(devices.c.credential_current.is_not(None), devices.c.credential_offered.is_not(None))
    ),
    func.count().filter(devices.c.claim_hash.is_not(None)),
).select_from(devices)


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many stations have a secret, and how many labels a claim code."""

    secrets: int
    claim_codes: int

    def __bool__(self) -> bool:
        return bool(self.secrets or self.claim_codes)


def load_check(connection: Connection) -> bytes | None:
    """The digest of the pepper that was used last; None where none was used yet."""
    return connection.execute(
        select(pepper_checks.c.digest).where(pepper_checks.c.name == _ONE)
    ).scalar_one_or_none()


def save_check(connection: Connection, digest: bytes) -> None:
    """From now on this pepper is the one."""
    save_row(connection, pepper_checks, {"name": _ONE, "digest": digest})


def count_sealed(connection: Connection) -> Sealed:
    """What would be worth nothing with another pepper."""
    secrets, claim_codes = connection.execute(_SEALED).one()
    return Sealed(secrets, claim_codes)
