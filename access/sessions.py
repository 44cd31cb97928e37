"""Sessions of browsers and terminals, as rows: a restart logs nobody out, and any process serves any request.

A session ends after half an hour without a request, after twelve hours, and with the account that it belongs
to. Use is noted once a minute, so that reading a page is no write each time.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, delete, insert, or_, select, update

from access.principals import Account, AccountKind
from access.tables import sessions

SESSION_IDLE_S = 30 * 60.0
SESSION_LIFE_S = 12 * 3600.0
SESSIONS_LIMIT = 10_000
"""Of all accounts; the ones that were used longest ago go."""
SESSIONS_EACH = 20
"""Of one account: its devices; the ones that were used longest ago go."""
NOTED_EVERY_S = 60.0
"""The time of the last request is exact to this."""

_LATEST_FIRST = select(sessions.c.digest).order_by(sessions.c.seen_at.desc(), sessions.c.digest)


def add_session(connection: Connection, digest: bytes, account: Account, at: datetime) -> None:
    """A session begins; those that are over are forgotten, and those that are too many."""
    row = {"digest": digest, "kind": account.kind, "name": account.name, "began_at": at, "seen_at": at}
    connection.execute(insert(sessions), row)
    is_over = or_(sessions.c.began_at < _life_began(at), sessions.c.seen_at < _idle_began(at))
    connection.execute(delete(sessions).where(is_over))
    for beyond in (_of(account).offset(SESSIONS_EACH), _LATEST_FIRST.offset(SESSIONS_LIMIT)):
        connection.execute(delete(sessions).where(sessions.c.digest.in_(beyond)))


def session_account(connection: Connection, digest: bytes, at: datetime) -> tuple[Account, datetime] | None:
    """Whose session it is, if it has not ended, and when it was noted to be used."""
    row = connection.execute(select(sessions).where(sessions.c.digest == digest)).first()
    if row is None or row.began_at < _life_began(at) or row.seen_at < _idle_began(at):
        return None
    return Account(AccountKind(row.kind), row.name), row.seen_at


def note_use(connection: Connection, digest: bytes, at: datetime) -> None:
    """The session was used."""
    connection.execute(update(sessions).where(sessions.c.digest == digest).values(seen_at=at))


def end_session(connection: Connection, digest: bytes) -> None:
    """Log out."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest))


def end_sessions(connection: Connection, account: Account) -> None:
    """All of an account."""
    connection.execute(delete(sessions).where(sessions.c.digest.in_(_of(account))))


def _of(account: Account) -> Select[bytes]:
    """The sessions of an account, the one that was used last first."""
    return _LATEST_FIRST.where(sessions.c.kind == account.kind, sessions.c.name == account.name)


def _life_began(at: datetime) -> datetime:
    """What began before is over."""
    return at - timedelta(seconds=SESSION_LIFE_S)


def _idle_began(at: datetime) -> datetime:
    """What was last used before is over."""
    return at - timedelta(seconds=SESSION_IDLE_S)
