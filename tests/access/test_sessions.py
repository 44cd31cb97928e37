"""Sessions are rows: they outlive the process, and end with their time and with their account."""

import pytest
from sqlalchemy import text

from access import sessions
from access.control import AccessControl
from access.principals import Role, member
from access.sessions import NOTED_EVERY_S, SESSION_IDLE_S, SESSION_LIFE_S
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.errors import DatabaseRefused
from runtime.wording import Phrase

MAUDE = member("Maude", Role.MANAGER)
PASSWORD = "tarte au sucre"


@pytest.fixture
async def access(database: Database, clock: ManualClock, chance: SeededChance) -> AccessControl:
    """With somebody who can log in."""
    opened = AccessControl(database, clock, chance)
    await opened.add_person("Maude", PASSWORD, Role.MANAGER)
    return opened


async def begun(access: AccessControl, name: str = "Maude", password: str = PASSWORD) -> str:
    """The secret of a new session."""
    found = await access.log_in(name, password)
    assert found is not None
    return found[1]


async def test_a_restart_logs_nobody_out(access: AccessControl, database: Database) -> None:
    """Another process on the same database knows the session; only its digest is stored."""
    secret = await begun(access)
    after = AccessControl(database, access.clock, SeededChance(9))
    assert await after.by_session(secret) == MAUDE
    row = await database.fetch_one(text("SELECT digest FROM sessions"))
    assert row is not None
    assert secret.encode() not in bytes(row.digest)
    await after.end_session(secret)
    assert await access.by_session(secret) is None
    assert await access.by_session("") is None


async def test_use_is_noted_once_a_minute(
    access: AccessControl, database: Database, clock: ManualClock
) -> None:
    """A page that is looked at writes nothing each time, and stays open as long as it is looked at."""

    async def seen() -> object:
        return await database.scalar(text("SELECT seen_at FROM sessions"))

    secret = await begun(access)
    first = await seen()
    await clock.advance(NOTED_EVERY_S - 1)
    assert await access.by_session(secret) == MAUDE
    assert await seen() == first
    await clock.advance(1)
    assert await access.by_session(secret) == MAUDE
    assert await seen() != first


async def test_a_session_is_used_while_nothing_can_be_written(
    access: AccessControl, clock: ManualClock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes room on the disk must not be logged out by its being full."""
    secret = await begun(access)
    await clock.advance(NOTED_EVERY_S)

    async def refused(_: object) -> None:
        raise DatabaseRefused(Phrase("plein", "full"))

    monkeypatch.setattr(database, "run_write", refused)
    assert await access.by_session(secret) == MAUDE


async def test_what_is_over_is_forgotten(
    access: AccessControl, database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By idleness, by age, and beyond the limit by who used theirs longest ago."""
    count = text("SELECT count(*) FROM sessions")
    await begun(access)
    await clock.advance(SESSION_IDLE_S + 1)
    kept = await begun(access)
    assert await database.scalar(count) == 1
    for _ in range(int(SESSION_LIFE_S // SESSION_IDLE_S)):
        await clock.advance(SESSION_IDLE_S - 1)
        assert await access.by_session(kept) == MAUDE
    await clock.advance(60)
    assert await access.by_session(kept) is None
    monkeypatch.setattr(sessions, "SESSIONS_LIMIT", 2)
    secrets = []
    for _ in range(3):
        secrets.append(await begun(access))
        await clock.advance(1)
    assert await database.scalar(count) == 2
    assert [await access.by_session(each) for each in secrets] == [None, MAUDE, MAUDE]


async def test_an_account_has_so_many_sessions_and_no_more(
    access: AccessControl, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever logs in everywhere ends their own oldest one, nobody else's; what is in use stays."""
    monkeypatch.setattr(sessions, "SESSIONS_EACH", 2)
    await access.add_person("Sam", "pouding chômeur", Role.VIEWER)
    token = await access.add_token("Maude", Role.ADMIN)
    others = [await begun(access, "Sam", "pouding chômeur"), await begun(access, "", token)]
    secrets = [await begun(access), await begun(access)]
    await clock.advance(NOTED_EVERY_S)
    assert await access.by_session(secrets[0]) == MAUDE, "used since, though it began first"
    await clock.advance(1)
    secrets.append(await begun(access))
    assert [await access.by_session(each) for each in secrets] == [MAUDE, None, MAUDE]
    assert None not in [await access.by_session(each) for each in others]


async def test_sessions_end_with_their_account(access: AccessControl, database: Database) -> None:
    """A person's with another password or without access, a program's with its token; others' go on."""
    await access.add_person("Sam", "pouding chômeur", Role.VIEWER)
    token = await access.add_token("Sam", Role.ADMIN)
    of_maude, of_sam = await begun(access), await begun(access, "Sam", "pouding chômeur")
    of_token = await begun(access, "", token)
    assert await access.by_session(of_token) == member("Sam", Role.ADMIN)
    await access.add_person("Sam", "grands-pères", Role.VIEWER)
    assert await access.by_session(of_sam) is None
    assert await access.by_session(of_token) is not None
    await access.add_token("Sam", Role.ADMIN)
    assert await access.by_session(of_token) is None
    assert await access.by_token(token) is None
    await access.remove_person("Maude")
    assert await access.by_session(of_maude) is None
    assert await database.scalar(text("SELECT count(*) FROM sessions")) == 0


@pytest.mark.parametrize("failing", ["people", "sessions"])
async def test_a_person_is_replaced_or_nothing_happens(
    access: AccessControl, database: Database, failing: str
) -> None:
    """Password, role and sessions in one transaction: half of it would lock somebody out or leave them in."""
    secret = await begun(access)
    await database.execute(text(f"ALTER TABLE {failing} RENAME TO elsewhere"))
    with pytest.raises(Exception, match=failing):
        await access.add_person("Maude", "another password", Role.ADMIN)
    await database.execute(text(f"ALTER TABLE elsewhere RENAME TO {failing}"))
    assert await access.by_session(secret) == MAUDE
    assert await access.log_in("Maude", PASSWORD) is not None


async def test_a_token_is_replaced_or_nothing_happens(access: AccessControl, database: Database) -> None:
    """A program whose new token could not be stored goes on with the one it has."""
    token = await access.add_token("ci", Role.VIEWER)
    await database.execute(text("ALTER TABLE sessions RENAME TO elsewhere"))
    with pytest.raises(Exception, match="sessions"):
        await access.add_token("ci", Role.ADMIN)
    assert await access.by_token(token) == member("ci", Role.VIEWER)


async def test_a_password_that_was_changed_meanwhile_begins_no_session(
    access: AccessControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking at a password takes a while: it must still be the right one when the session begins."""
    verified = access._verified

    async def changed_meanwhile(name: str, password: str) -> str | None:
        found = await verified(name, password)
        await access.add_person(name, "another password", Role.MANAGER)
        return found

    monkeypatch.setattr(access, "_verified", changed_meanwhile)
    assert await access.log_in("Maude", PASSWORD) is None
