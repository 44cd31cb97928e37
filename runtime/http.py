"""HTTP for any program of ours: problem answers, authentication around everything, a server that stops when
told.

Wiring (borne/app.py)::

    access = AccessControl(database, clock, chance, public=…)      # tokens, people, sessions
    app = FastAPI(); install_problems(app); app.include_router(build_login_router(access))
    served = await serve(Authentication(app, access), host, port)  # wraps API, console and their sockets
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from starlette.requests import Request


class Role(StrEnum):
    """What a person or program may do; `require` lists the roles a route takes. `ADMIN` passes everywhere."""

    ADMIN = "admin"
    MANAGER = "manager"
    INSTALLER = "installer"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `name` is a person's login or a token's name, for the audit trail."""

    name: str
    role: Role


class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """An answer that says what is wrong (RFC 9457 `application/problem+json`).

    `code` is a stable slug or catalogue code (documented in docs/reference/errors.md), `detail` what happened
    and where, `way_out` what to do about it; `extra` members (JSON values) go along.
    """

    def __init__(self, status: int, code: str, detail: str, way_out: str, **extra: Any) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.way_out = way_out
        self.extra = extra


def require(*roles: Role) -> Callable[[Request], Principal]:
    """A FastAPI dependency: `who: Annotated[Principal, Depends(require(Role.MANAGER))]`; 403 for
    other roles.
    """
    raise NotImplementedError


def principal(request: Request) -> Principal:
    """Who asks; a FastAPI dependency for routes open to every role. 401 without authentication."""
    raise NotImplementedError
