"""Who is let in: tokens and passwords as the database keeps them, each change with who made it."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from access.control import AccessControl, TokenFileUnwritable
from access.organisations import NotThere
from access.principals import AccountKind, Role, member
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database

PASSWORD = "tarte au sucre"


@pytest.fixture
async def access(database: Database, clock: ManualClock, chance: SeededChance) -> AccessControl:
    """Access with a manager who has a password."""
    opened = AccessControl(database, clock, chance)
    await opened.add_person("Maude", PASSWORD, Role.MANAGER, by="root")
    return opened


async def acts(database: Database) -> list[tuple[str, str, str]]:
    """What was kept of what was done, first to last."""
    rows = await database.fetch_all(text("SELECT subject, done_by, what FROM acts ORDER BY act_id"))
    return [(row.subject, row.done_by, row.what) for row in rows]


def bytes_of(database: Database) -> bytes:
    """All that is on disk of a SQLite file; nothing of a server's."""
    if "://" in database.place:
        return b""
    return b"".join(Path(f"{database.place}{suffix}").read_bytes() for suffix in ("", "-wal"))


async def test_the_first_token_is_private_and_stays(
    database: Database, clock: ManualClock, chance: SeededChance, tmp_path: Path
) -> None:
    """Mode 0600; the same after a restart; a lost file gives a new one, and the lost one opens nothing."""
    path = tmp_path / "var" / "token"
    access = AccessControl(database, clock, chance)
    token = await access.first_token(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = AccessControl(database, clock, chance)
    assert await again.first_token(path) == token
    path.unlink()
    renewed = await again.first_token(path)
    assert renewed != token
    assert await again.by_token(token) is None
    assert await again.by_token(renewed) == member("first", Role.ADMIN)
    assert renewed.encode() not in bytes_of(database)
    assert set(await acts(database)) == {("program/first", "server", "program-saved")}


async def test_a_second_folder_without_a_token_leaves_the_first_token_of_the_other(
    access: AccessControl, tmp_path: Path
) -> None:
    """Two servers that used one database, one after the other: programs of the first go on. What each loses
    it replaces alone.
    """
    first = await access.first_token(tmp_path / "a" / "token", "host-a")
    second = await access.first_token(tmp_path / "b" / "token", "host-b")
    assert await access.by_token(first) == member("first", Role.ADMIN)
    assert await access.by_token(second) == member("first-host-b", Role.ADMIN)
    assert await access.first_token(tmp_path / "b" / "token", "host-b") == second
    (tmp_path / "b" / "token").unlink()
    third = await access.first_token(tmp_path / "b" / "token", "host-b")
    assert await access.by_token(second) is None
    assert await access.by_token(third) == member("first-host-b", Role.ADMIN)
    assert await access.by_token(first) == member("first", Role.ADMIN)


async def test_a_token_file_that_others_could_read_is_made_private(
    access: AccessControl, tmp_path: Path
) -> None:
    """What stood in it, or how it was written, is no matter."""
    path = tmp_path / "token"
    path.write_bytes(b"borne_\xff")
    path.chmod(0o644)
    token = await access.first_token(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == f"{token}\n"


async def test_a_token_file_that_cannot_be_written(access: AccessControl, tmp_path: Path) -> None:
    """One line that says what to do."""
    with pytest.raises(TokenFileUnwritable, match="--var"):
        await access.first_token(tmp_path)


async def test_people_are_kept_as_argon2id(access: AccessControl, database: Database) -> None:
    """No password in the database; unknown names and removed people do not pass."""
    row = await database.fetch_one(text("SELECT password_hash FROM people"))
    assert row is not None
    assert row.password_hash.startswith("$argon2id$")
    begun = await access.log_in("Maude", PASSWORD)
    assert begun is not None
    assert begun[0] == member("Maude", Role.MANAGER)
    assert await access.log_in("Maude", "tarte au citron") is None
    assert await access.log_in("Nobody", PASSWORD) is None
    await access.remove_person("Maude")
    assert await access.log_in("Maude", PASSWORD) is None
    assert await access.by_session(begun[1]) is None


async def test_a_wrong_password_begins_no_session(
    access: AccessControl, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the right one of somebody who is not there. Without the hashing, whose refusal in a thread
    ends the tracing of lines (`make coverage`).
    """

    async def verify(_: str, password: str) -> bool:
        return password == PASSWORD

    monkeypatch.setattr(access, "_verify", verify)
    assert await access.log_in("Maude", "guess") is None
    assert await access.log_in("Nobody", PASSWORD) is None
    assert await database.scalar(text("SELECT count(*) FROM sessions")) == 0


async def test_a_hash_that_is_none_lets_nobody_in(access: AccessControl, database: Database) -> None:
    """Whoever wrote it there: it is no error, it is a wrong password."""
    await database.execute(text("UPDATE people SET password_hash = 'plain'"))
    assert await access.log_in("Maude", "plain") is None


async def test_a_token_takes_the_place_of_the_one_of_its_name(access: AccessControl) -> None:
    """It is listed by its name, and can begin a session, which ends with it."""
    first = await access.add_token("ci", Role.VIEWER)
    second = await access.add_token("ci", Role.INSTALLER)
    assert await access.by_token(first) is None
    assert await access.by_token(second) == member("ci", Role.INSTALLER)
    assert await access.programs() == [member("ci", Role.INSTALLER)]
    begun = await access.log_in("", second)
    assert begun is not None
    assert await access.by_session(begun[1]) == member("ci", Role.INSTALLER)
    assert await access.log_in("", first) is None
    await access.remove_token("ci")
    assert await access.by_token(second) is None
    assert await access.by_session(begun[1]) is None
    assert await access.programs() == []


async def test_a_session_that_was_ended_is_nobodys(access: AccessControl, clock: ManualClock) -> None:
    """Nor is one without a secret; one that is used a minute later goes on."""
    begun = await access.log_in("Maude", PASSWORD)
    assert begun is not None
    await clock.advance(60)
    assert await access.by_session(begun[1]) == member("Maude", Role.MANAGER)
    assert await access.by_session("") is None
    await access.end_session(begun[1])
    assert await access.by_session(begun[1]) is None


async def test_each_change_is_kept_with_who_made_it(access: AccessControl, database: Database) -> None:
    """Whoever is removed that is not there has not changed anything; nor who would go nowhere."""
    await access.add_token("ci", Role.VIEWER, by="Maude")
    await access.remove_token("ci")
    await access.remove_token("ci", by="Maude")
    with pytest.raises(NotThere, match="organisation"):
        await access.add_person("Sam", PASSWORD, Role.VIEWER, "nowhere", by="Maude")
    assert await access.people() == [member("Maude", Role.MANAGER)]
    await access.remove_person("Maude", by="root")
    assert await access.people() == []
    assert await acts(database) == [
        ("person/Maude", "root", "person-saved"),
        ("program/ci", "Maude", "program-saved"),
        ("program/ci", "server", "program-removed"),
        ("person/Maude", "root", "person-removed"),
    ]


async def test_a_password_is_hashed_and_compared_for_others_too(access: AccessControl) -> None:
    """For who lets people in elsewhere: two at a time, never as it was typed."""
    hashed = await access.hashed("a dark garage")
    assert "garage" not in hashed
    assert await access.is_right(hashed, "a dark garage")
    assert not await access.is_right(hashed, "a light garage")


async def test_a_session_is_begun_for_who_has_proved_already_who_they_are(access: AccessControl) -> None:
    """What is done in their name goes by it, until it ends."""
    who = replace(member("Maude", Role.MANAGER), kind=AccountKind.PERSON)
    secret = await access.begin_session(who)
    found = await access.by_session(secret)
    assert found is not None
    assert found.name == "Maude"
