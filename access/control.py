"""Who may use the API and the console: programs with tokens, people with passwords, sessions of either.

Tokens are 256 random bits, kept as SHA-256 and shown once. Passwords are kept as argon2id. All of it is rows,
read anew for each request: what one process takes away, no other still gives.
"""

import asyncio
import contextlib
import hashlib
import os
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select

from access.login_limit import LoginLimit
from access.memberships import accounts, end_memberships, principal_of, save_membership
from access.organisations import (
    AccessChange,
    NotThere,
    access_act,
    account_subject,
    has_organisation,
)
from access.principals import DEFAULT, Account, AccountKind, Membership, Principal, Role
from access.sessions import (
    NOTED_EVERY_S,
    add_session,
    end_session,
    end_sessions,
    note_use,
    session_account,
)
from access.tables import ACCOUNTS, api_tokens, people
from runtime.audit import record_acts
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.errors import DatabaseProblem, RuntimeProblem
from runtime.wording import Phrase

FIRST_TOKEN = "first"  # noqa: S105 - its name, not its value
log = structlog.get_logger("access.control")

SELF = "server"
"""Who makes the first token."""
_SAVED = {
    AccountKind.PERSON: AccessChange.PERSON_SAVED,
    AccountKind.PROGRAM: AccessChange.PROGRAM_SAVED,
}
_REMOVED = {
    AccountKind.PERSON: AccessChange.PERSON_REMOVED,
    AccountKind.PROGRAM: AccessChange.PROGRAM_REMOVED,
}


_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's floor


class TokenFileUnwritable(RuntimeProblem):
    """The file of the first token cannot be written."""


class AccessControl:
    """Knows every token, person and session of a database."""

    def __init__(self, database: Database, clock: Clock, chance: Chance) -> None:
        self._database = database
        self.clock = clock
        self._chance = chance
        self._hashing = asyncio.Semaphore(2)  # 19 MiB each: many at once would be a way to exhaust memory
        self._dummy_hash = _hash_of_nobody()
        self.limit = LoginLimit(clock)

    async def first_token(self, path: Path, server: str | None = None) -> str:
        """The administrator's token in `path`, made on the first run (mode 0600) and when the file is gone or
        stale.

        It takes the place of the one before; where several servers may have used the database, this one goes
        by the name of `server`, and the first token of another one stays. Raises TokenFileUnwritable.
        """
        try:
            token = _read_private(path)
            if await self.by_token(token) is None:
                _write_private(
                    path, ""
                )  # before the old token goes: a file that cannot be written changes nothing
                token = await self.add_token(await self._first_name(server), Role.ADMIN)
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

    async def _first_name(self, server: str | None) -> str:
        if server is None or FIRST_TOKEN not in {each.name for each in await self.programs()}:
            return FIRST_TOKEN
        log.warning("other_first_token", kept=FIRST_TOKEN, made=f"{FIRST_TOKEN}-{server}")
        return f"{FIRST_TOKEN}-{server}"

    async def add_token(
        self, name: str, role: Role, organisation_id: str = DEFAULT, *, by: str | None = None
    ) -> str:
        """Make a token for a program, replacing the one of the same name, with a role in an organisation. The
        value is never shown again. Raises NotThere.
        """
        token = f"borne_{self._chance.token(32)}"
        row = {"name": name, "digest": _digest(token), "created_at": self.clock.now()}
        await self._replace(Account(AccountKind.PROGRAM, name), row, Membership(role, organisation_id), by)
        return token

    async def remove_token(self, name: str, *, by: str | None = None) -> None:
        """Revoke at once; harmless when there is none."""
        await self._remove(Account(AccountKind.PROGRAM, name), by)

    async def by_token(self, token: str) -> Principal | None:
        """Whose token it is. Looking up a digest tells nothing about the token through its timing."""
        digest = _digest(token)
        return await self._database.run_read(lambda connection: _token_owner(connection, digest))

    async def programs(self) -> list[Principal]:
        """Who has a token, by name."""
        return await self._database.run_read(lambda connection: accounts(connection, AccountKind.PROGRAM))

    async def people(self) -> list[Principal]:
        """Who can log in, by name."""
        return await self._database.run_read(lambda connection: accounts(connection, AccountKind.PERSON))

    async def add_person(
        self, name: str, password: str, role: Role, organisation_id: str = DEFAULT, *, by: str | None = None
    ) -> None:
        """Let a person log in, replacing their password, with a role in an organisation; what they are in
        others stays, their sessions end. Raises NotThere.
        """
        hashed = await self._hash(password)
        row = {"name": name, "password_hash": hashed, "created_at": self.clock.now()}
        await self._replace(Account(AccountKind.PERSON, name), row, Membership(role, organisation_id), by)

    async def remove_person(self, name: str, *, by: str | None = None) -> None:
        """End a person's access and sessions at once."""
        await self._remove(Account(AccountKind.PERSON, name), by)

    async def log_in(self, name: str, password: str) -> tuple[Principal, str] | None:
        """Who logs in, and the secret of their new session; takes as long for a name nobody has.

        Without a name, `password` is a program's token.
        """
        hashed = await self._verified(name, password) if name else None
        if name and hashed is None:
            return None
        secret, now, digest = self._chance.token(32), self.clock.now(), _digest(without_blanks(password))

        def begin(connection: Connection) -> Principal | None:
            if hashed is None:
                kind, who = AccountKind.PROGRAM, _token_owner(connection, digest)
            else:  # as it was verified: there may be another password by now, or nobody
                kind, who = AccountKind.PERSON, _person(connection, name, hashed)
            if who is not None:
                add_session(connection, _digest(secret), Account(kind, who.name), now)
            return who

        who = await self._database.run_write(begin)
        return (who, secret) if who is not None else None

    async def begin_session(self, who: Principal) -> str:
        """The secret of a session of somebody who has proved already who they are: with it something is done
        in their name.
        """
        secret, now, account = self._chance.token(32), self.clock.now(), Account(who.kind, who.name)
        await self._database.run_write(
            lambda connection: add_session(connection, _digest(secret), account, now)
        )
        return secret

    async def by_session(self, secret: str) -> Principal | None:
        """Whose session it is, if it has not ended; counts as use."""
        if not secret:
            return None
        digest, now = _digest(secret), self.clock.now()

        def read(connection: Connection) -> tuple[Principal, datetime] | None:
            found = session_account(connection, digest, now)
            who = principal_of(connection, found[0]) if found is not None else None
            return (who, found[1]) if found is not None and who is not None else None

        found = await self._database.run_read(read)
        if found is None:
            return None
        if now - found[1] >= timedelta(seconds=NOTED_EVERY_S):
            with contextlib.suppress(DatabaseProblem):  # a full disk must not log out who makes room
                await self._database.run_write(lambda connection: note_use(connection, digest, now))
        return found[0]

    async def end_session(self, secret: str) -> None:
        """Log out."""
        digest = _digest(secret)
        await self._database.run_write(lambda connection: end_session(connection, digest))

    async def _replace(
        self, account: Account, row: dict[str, object], given: Membership, by: str | None
    ) -> None:
        what = _SAVED[account.kind]
        act = access_act(account_subject(account), self.clock.now(), by or SELF, what, given)

        def write(connection: Connection) -> None:
            _forget(connection, account)
            connection.execute(insert(ACCOUNTS[account.kind]), row)
            if not has_organisation(connection, given.organisation_id):
                raise NotThere("organisation")
            save_membership(connection, account, given)
            record_acts(connection, [act])

        await self._database.run_write(write)

    async def _remove(self, account: Account, by: str | None) -> None:
        what = _REMOVED[account.kind]
        act = access_act(account_subject(account), self.clock.now(), by or SELF, what)

        def write(connection: Connection) -> None:
            if _forget(connection, account):
                end_memberships(connection, account)
                record_acts(connection, [act])

        await self._database.run_write(write)

    async def _verified(self, name: str, password: str) -> str | None:
        """The hash that the password of a person was right for."""
        row = await self._database.fetch_one(select(people).where(people.c.name == name))
        hashed: str = row.password_hash if row is not None else self._dummy_hash
        is_right = await self._verify(hashed, password)
        return hashed if row is not None and is_right else None

    async def hashed(self, password: str) -> str:
        """What is kept of a password; two at a time."""
        return await self._hash(password)

    async def is_right(self, hashed: str, password: str) -> bool:
        """Whether a password is the one."""
        return await self._verify(hashed, password)

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(_HASHER.hash, without_blanks(password))

    async def _verify(self, hashed: str, password: str) -> bool:
        try:
            async with self._hashing:
                return await asyncio.to_thread(_HASHER.verify, hashed, without_blanks(password))
        except (VerificationError, InvalidHashError):
            return False


def without_blanks(secret: str) -> str:
    """What counts of a password or a token that was typed: phones and copies put blanks around it."""
    return secret.strip()


@cache
def _hash_of_nobody() -> str:
    """What the password of an unknown name is held against, which then takes as long as a wrong one."""
    return _HASHER.hash("nobody")


def _forget(connection: Connection, account: Account) -> bool:
    """The account and its sessions; False where it is not there. What it may stays until it is ended too."""
    table = ACCOUNTS[account.kind]
    end_sessions(connection, account)
    return connection.execute(delete(table).where(table.c.name == account.name)).rowcount > 0


def _person(connection: Connection, name: str, hashed: str) -> Principal | None:
    is_it = (people.c.name == name, people.c.password_hash == hashed)
    is_there = connection.execute(select(people.c.name).where(*is_it)).first() is not None
    return principal_of(connection, Account(AccountKind.PERSON, name)) if is_there else None


def _token_owner(connection: Connection, digest: bytes) -> Principal | None:
    row = connection.execute(select(api_tokens.c.name).where(api_tokens.c.digest == digest)).first()
    return principal_of(connection, Account(AccountKind.PROGRAM, row.name)) if row is not None else None


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
