"""Who may use the API and the console: programs with tokens, people with passwords, sessions of browsers.

Tokens are 256 random bits, kept as SHA-256 and shown once. Passwords are kept as argon2id. Sessions live in
memory: they end with the process, after 30 minutes without a request, and after 12 hours.
"""

import asyncio
import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Column, LargeBinary, String, Table, delete, insert, select

from access.login_limit import LoginLimit
from access.principals import Principal, Role
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database, UtcDateTime, metadata
from runtime.errors import RuntimeProblem
from runtime.wording import Phrase

SESSION_IDLE_S = 30 * 60.0
SESSION_LIFE_S = 12 * 3600.0
SESSIONS_LIMIT = 10_000
FIRST_TOKEN = "first"  # noqa: S105 - its name, not its value

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
people = Table(
    "people",
    metadata,
    Column("name", String, primary_key=True),
    Column("password_hash", String, nullable=False),
    Column("role", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)


class TokenFileUnwritable(RuntimeProblem):
    """The file of the first token cannot be written."""


@dataclass(slots=True)
class _Session:
    who: Principal
    began: float
    seen: float


class AccessControl:
    """Knows every token and person, and the sessions of this process. Make one with `open`."""

    def __init__(self, database: Database, clock: Clock, chance: Chance) -> None:
        self._database = database
        self.clock = clock
        self._chance = chance
        self._tokens: dict[bytes, Principal] = {}
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's floor
        self._hashing = asyncio.Semaphore(2)  # 19 MiB each: many at once would be a way to exhaust memory
        self._dummy_hash = self._hasher.hash(chance.token())
        self.limit = LoginLimit(clock)

    @classmethod
    async def open(cls, database: Database, clock: Clock, chance: Chance) -> "AccessControl":
        """Read the tokens of `database`."""
        access = cls(database, clock, chance)
        for row in await database.fetch_all(select(api_tokens)):
            access._tokens[row.digest] = Principal(row.name, Role(row.role))
        return access

    async def first_token(self, path: Path) -> str:
        """The administrator's token in `path`, made on the first run (mode 0600) and when the file is gone or
        stale.

        Raises TokenFileUnwritable.
        """
        try:
            token = _read_private(path)
            if self.by_token(token) is None:
                _write_private(
                    path, ""
                )  # before the old token goes: a file that cannot be written changes nothing
                token = await self.add_token(FIRST_TOKEN, Role.ADMIN)
                _write_private(path, token + "\n")
        except OSError as error:
            raise TokenFileUnwritable(
                Phrase(
                    f"Impossible d'écrire le premier jeton de l'API dans {path} : {error.strerror}. Vérifiez "
                    "le propriétaire et les droits du dossier, ou choisissez-en un autre avec --var.",
                    f"Cannot write the first API token to {path}: {error.strerror}. Check the folder's owner "
                    "and permissions, or choose another folder with --var.",
                )
            ) from error
        return token

    async def add_token(self, name: str, role: Role) -> str:
        """Make a token for a program, replacing the one of the same name. The value is never shown again."""
        token = f"borne_{self._chance.token(32)}"
        await self.remove_token(name)
        digest = _digest(token)
        row = {"name": name, "digest": digest, "role": role.value, "created_at": self.clock.now()}
        await self._database.execute(insert(api_tokens), row)
        self._tokens[digest] = Principal(name, role)
        return token

    async def remove_token(self, name: str) -> None:
        """Revoke at once; harmless when there is none."""
        await self._database.execute(delete(api_tokens).where(api_tokens.c.name == name))
        self._tokens = {digest: who for digest, who in self._tokens.items() if who.name != name}

    def by_token(self, token: str) -> Principal | None:
        """Whose token it is. Looking up a digest tells nothing about the token through its timing."""
        return self._tokens.get(_digest(token))

    def programs(self) -> list[Principal]:
        """Who has a token, by name."""
        return sorted(self._tokens.values(), key=lambda who: who.name)

    async def people(self) -> list[Principal]:
        """Who can log in, by name."""
        rows = await self._database.fetch_all(select(people.c.name, people.c.role).order_by(people.c.name))
        return [Principal(row.name, Role(row.role)) for row in rows]

    async def add_person(self, name: str, password: str, role: Role) -> None:
        """Let a person log in, replacing their password and role; their sessions end."""
        hashed = await self._hash(password)
        row = {"name": name, "password_hash": hashed, "role": role.value, "created_at": self.clock.now()}
        await self.remove_person(name)
        await self._database.execute(insert(people), row)

    async def remove_person(self, name: str) -> None:
        """End a person's access and sessions at once."""
        await self._database.execute(delete(people).where(people.c.name == name))
        for key in [key for key, session in self._sessions.items() if session.who.name == name]:
            del self._sessions[key]

    async def by_password(self, name: str, password: str) -> Principal | None:
        """Who logs in; takes as long for a name nobody has. Without a name, `password` is a token."""
        if not name:
            return self.by_token(password)
        row = await self._database.fetch_one(select(people).where(people.c.name == name))
        is_right = await self._verify(row.password_hash if row else self._dummy_hash, password)
        return Principal(row.name, Role(row.role)) if row and is_right else None

    def begin_session(self, who: Principal) -> str:
        """A new session's secret, for a cookie."""
        secret = self._chance.token(32)
        now = self.clock.monotonic()
        self._sessions[_digest(secret)] = _Session(who, now, now)
        if len(self._sessions) > SESSIONS_LIMIT:
            self._sessions.popitem(last=False)
        return secret

    def by_session(self, secret: str) -> Principal | None:
        """Whose session it is, if it has not ended; counts as use."""
        key = _digest(secret)
        session = self._sessions.get(key)
        if session is None:
            return None
        now = self.clock.monotonic()
        if now - session.seen > SESSION_IDLE_S or now - session.began > SESSION_LIFE_S:
            del self._sessions[key]
            return None
        session.seen = now
        return session.who

    def end_session(self, secret: str) -> None:
        """Log out."""
        self._sessions.pop(_digest(secret), None)

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _verify(self, hashed: str, password: str) -> bool:
        try:
            async with self._hashing:
                return await asyncio.to_thread(self._hasher.verify, hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def _read_private(path: Path) -> str:
    return path.read_text(encoding="ascii", errors="replace").strip() if path.exists() else ""


def _write_private(path: Path, text: str) -> None:
    """Write for the owner's eyes only, also where the file was there with other permissions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
    ) as file:
        path.chmod(0o600)
        file.write(text)
