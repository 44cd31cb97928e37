"""The login page: in both languages, without a script, and no quicker for who guesses."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Message

from access.control import AccessControl
from access.login import FORM_WITHIN_S, PLAIN_PAGE, LoginPages
from access.principals import Role
from runtime.chance import SeededChance
from runtime.clock import ManualClock, settle
from runtime.database import Database
from runtime.logins import SESSION_COOKIE
from tests.support.waiting import until

PASSWORD = "tarte au sucre"


@pytest.fixture
async def access(database: Database, clock: ManualClock, chance: SeededChance) -> AccessControl:
    """Access with a manager who has a password."""
    opened = AccessControl(database, clock, chance)
    await opened.add_person("Maude", PASSWORD, Role.MANAGER)
    return opened


@pytest.fixture
async def client(access: AccessControl) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a session."""
    transport = httpx.ASGITransport(LoginPages(access, PLAIN_PAGE))
    async with httpx.AsyncClient(transport=transport, base_url="http://borne.test") as made:
        yield made


async def log_in(client: httpx.AsyncClient, name: str, password: str, **options: str) -> httpx.Response:
    """Post the login form."""
    return await client.post("/login", data={"name": name, "password": password}, headers=options)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fr-CA,en;q=0.5", "fr-CA"),
        ("FR", "fr-CA"),
        ("de, fr;q=0.8, en;q=0.5", "fr-CA"),
        ("en-CA,fr;q=0.5", "en"),
        ("de", "en"),
        ("", "en"),
    ],
)
async def test_the_form_is_in_the_language_that_the_browser_prefers(
    client: httpx.AsyncClient, accepted: str, language: str
) -> None:
    """The first of French and English. No other page may show it, no cache keep it."""
    form = await client.get("/login", headers={"Accept-Language": accepted})
    assert form.status_code == 200
    assert f'<html lang="{language}">' in form.text
    assert ("Se connecter" in form.text) is (language == "fr-CA")
    assert 'role="alert"' not in form.text
    assert "frame-ancestors 'none'" in form.headers["content-security-policy"]
    assert form.headers["cache-control"] == "no-store"


async def test_who_is_let_in_gets_a_cookie_and_goes_where_they_wanted(client: httpx.AsyncClient) -> None:
    """No script reads it, no other site sends it, and over TLS nothing else carries it."""
    form = {"name": " Maude ", "password": f" {PASSWORD}\n"}
    done = await client.post("/login?next=/who%3Fa%3D1", data=form)
    assert (done.status_code, done.headers["location"]) == (303, "/who?a=1")
    assert {"HttpOnly", "SameSite=lax"} <= set(done.headers["set-cookie"].split("; "))
    assert "Secure" not in done.headers["set-cookie"]
    safely = await client.post("https://borne.test/login", data=form)
    assert safely.headers["location"] == "/"
    assert "Secure" in safely.headers["set-cookie"].split("; ")


async def test_a_session_ends_by_a_post_alone(client: httpx.AsyncClient, access: AccessControl) -> None:
    """A link on another site logs nobody out of the server, though the browser forgets its cookie."""
    await log_in(client, "Maude", PASSWORD)
    secret = client.cookies[SESSION_COOKIE]
    left = await client.get("/logout")
    assert (left.status_code, left.headers["location"]) == (303, "/login")
    assert await access.by_session(secret) is not None
    await client.post("/logout", headers={"Cookie": f"{SESSION_COOKIE}={secret}"})
    assert await access.by_session(secret) is None


@pytest.mark.parametrize(
    ("name", "password"), [("Maude", "guess"), ("<b>", PASSWORD), ("", "guess"), ("Maude", "")]
)
async def test_who_is_not_let_in_is_told_so(client: httpx.AsyncClient, name: str, password: str) -> None:
    """Not what was wrong; nothing that was typed comes back."""
    refused = await log_in(client, name, password)
    assert refused.status_code == 401
    assert "Unknown name, password or token." in refused.text
    assert "set-cookie" not in refused.headers
    assert "<b>" not in refused.text
    assert (await client.post("/login")).status_code == 401


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\nb"]
)
async def test_the_login_leads_nowhere_else(client: httpx.AsyncClient, elsewhere: str) -> None:
    """`next` stays on this host."""
    form = {"name": "Maude", "password": PASSWORD}
    answer = await client.post("/login", params={"next": elsewhere}, data=form)
    assert answer.headers["location"] == "/"


async def test_wrong_passwords_are_slowed_down(client: httpx.AsyncClient, clock: ManualClock) -> None:
    """Ten wrong tries at once from one address; then one waits its turn, and the right one gets in."""
    for _ in range(10):
        assert (await log_in(client, "Maude", "guess")).status_code == 401
    right = asyncio.create_task(log_in(client, "Maude", PASSWORD))
    await until(lambda: clock.waiting)
    await clock.advance(61)
    assert (await right).status_code == 303


async def test_guesses_at_the_same_time_count(client: httpx.AsyncClient, clock: ManualClock) -> None:
    """Three hundred at once are a few that are looked at, some of them later, and not three hundred."""
    guesses = [asyncio.create_task(log_in(client, "Maude", f"guess {n}")) for n in range(40)]
    await until(lambda: sum(each.done() for each in guesses) == 40 - clock.waiting and clock.waiting)
    await clock.advance(61)
    answers = [await each for each in guesses]
    assert sorted(each.status_code for each in answers) == [401] * 13 + [429] * 27
    slowed = next(each for each in answers if each.status_code == 429)
    assert int(slowed.headers["retry-after"]) >= 1
    assert "Too many attempts" in slowed.text


async def test_who_logs_in_has_not_failed(client: httpx.AsyncClient) -> None:
    """However often in a minute."""
    for _ in range(12):
        assert (await log_in(client, "Maude", PASSWORD)).status_code == 303


async def posted(access: AccessControl, *messages: Message) -> asyncio.Task[int]:
    """The status that a form gets whose body comes in these pieces, and no further; of a client unknown."""
    sent: list[Message] = []
    coming = list(messages)

    async def receive() -> Message:
        if not coming:
            await asyncio.Event().wait()
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/login", "query_string": b"", "headers": []}

    async def status() -> int:
        await LoginPages(access, PLAIN_PAGE)(scope | {"server": ("borne.test", 80)}, receive, send)
        return int(sent[0]["status"])

    task = asyncio.create_task(status())
    await settle()
    return task


async def test_a_form_that_never_comes_is_not_waited_for(access: AccessControl, clock: ManualClock) -> None:
    """Nor one that ends half-way."""
    half = {"type": "http.request", "body": b"name=Maude&pass", "more_body": True}
    waiting = await posted(access, half)
    await clock.advance(FORM_WITHIN_S)
    assert await waiting == 408
    assert await (await posted(access, half, {"type": "http.disconnect"})) == 413
    whole = {"type": "http.request", "body": b"name=Maude&password=guess\xff"}
    assert await (await posted(access, whole)) == 401


async def test_blanks_around_a_password_count_nowhere(
    access: AccessControl, client: httpx.AsyncClient
) -> None:
    """Neither where it is chosen nor where it is typed: phones add them."""
    await access.add_person("Zoe", f" {PASSWORD}\n", Role.VIEWER)
    for typed in (PASSWORD, f"{PASSWORD} "):
        assert (await log_in(client, "Zoe", typed)).status_code == 303
