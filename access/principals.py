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


class AccountKind(StrEnum):
    """Whether somebody logs in with a password, or something sends a token."""

    PERSON = "person"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Account:
    """What sessions belong to: a person by their login, a program by its token's name."""

    kind: AccountKind
    name: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `name` is a person's login or a token's name, for the audit trail."""

    name: str
    role: Role
