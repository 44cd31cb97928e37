"""Who asks, and as what."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person or program may do; `access.guard.require` lists the roles a route takes. `ADMIN` passes
    everywhere.
    """

    ADMIN = "admin"
    MANAGER = "manager"
    INSTALLER = "installer"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `name` is a person's login or a token's name, for the audit trail."""

    name: str
    role: Role
