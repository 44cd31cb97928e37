"""The page of an invitation, with forms alone: what the script adds is that the link need not be pasted."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from access.control import AccessControl
from access.invited import InvitedAccess
from console.assets import all_assets
from console.invitation_page import InvitationPage
from runtime.database import Database
from runtime.logins import SESSION_COOKIE
from tests.support.html import Html
from tests.support.inviting import PASSWORD, SITE, SITE_NAME, Inviting, serving_invitations
from tests.support.pseudo import PseudoWords, without_marked

ENGLISH = {"Accept-Language": "en"}
FRENCH = {"Accept-Language": "fr-CA"}


def add_page(app: FastAPI, invited: InvitedAccess, access: AccessControl) -> None:
    """As the server does."""
    InvitationPage(invited, access).serve_in(app)


def add_marked_page(app: FastAPI, invited: InvitedAccess, access: AccessControl) -> None:
    """In a language whose texts stand between marks."""
    InvitationPage(invited, access, PseudoWords("en")).serve_in(app)


@pytest.fixture
async def inviting(database: Database) -> AsyncIterator[Inviting]:
    """One server a test."""
    async with serving_invitations(database, add_page) as running:
        yield running


async def sent(inviting: Inviting, headers: dict[str, str] = ENGLISH, **fields: str) -> httpx.Response:
    """The form, by who has no login."""
    return await inviting.nobody.post("/invitation", data=fields, headers=headers)


async def test_anybody_sees_the_page_and_may_paste_a_link(inviting: Inviting) -> None:
    """Without a login, under the policy of all pages; nothing of it is kept or compressed."""
    answer = await inviting.nobody.get("/invitation", headers=ENGLISH)
    page = Html(answer)
    assert (answer.status_code, page.heading) == (200, "borne – Invitation")
    assert page.all("form[data-invitation] input[name=link]")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in answer.headers


async def test_a_link_shows_who_invites_to_what(inviting: Inviting) -> None:
    """Whole or its secret alone, in the reader's language."""
    made = await inviting.made(site_id=SITE)
    for link in (made["link"], made["secret"], f" {made['link']} "):
        page = Html(await sent(inviting, link=link))
        assert "Sam of Volta: you are invited by manager." in page.text
        assert (SITE_NAME in page.text, "installer" in page.text) == (True, True)
    french = Html(await sent(inviting, FRENCH, link=made["link"]))
    assert "manager vous invite." in french.text
    everywhere = Html(await sent(inviting, link=(await inviting.made())["link"]))
    assert "all sites" in everywhere.text


async def test_who_accepts_is_logged_in_and_installs(inviting: Inviting) -> None:
    """The first page is where the role begins."""
    made = await inviting.made()
    answer = await sent(inviting, link=made["secret"], name=" sam ", password=f"{PASSWORD} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/install")
    assert answer.cookies[SESSION_COOKIE]
    reader = await inviting.made(role="viewer")
    answer = await sent(inviting, link=reader["secret"], name="kim", password=PASSWORD)
    assert answer.headers["location"] == "/"


async def test_what_is_typed_wrong_is_said_and_the_link_is_kept(inviting: Inviting) -> None:
    """Nothing is used up by it."""
    made = await inviting.made()
    for name, password, said in (
        ("a/b", PASSWORD, "This name cannot be used"),
        ("sam", "poutine", "too short"),
    ):
        answer = await sent(inviting, link=made["secret"], name=name, password=password)
        page = Html(answer)
        assert (answer.status_code, said in page.text) == (422, True)
        assert page.all(f"input[name=link][value='{made['secret']}']")
        assert page.all(f"input[name=name][value='{name}']")
        assert password not in answer.text
    assert (await sent(inviting, link=made["secret"], name="sam", password=PASSWORD)).status_code == 303


async def test_a_name_that_somebody_has_needs_their_password(inviting: Inviting) -> None:
    """The page says so, and the link is still good."""
    first, second = await inviting.made(), await inviting.made()
    await sent(inviting, link=first["secret"], name="sam", password=PASSWORD)
    answer = await sent(inviting, link=second["secret"], name="sam", password="not their own")
    assert answer.status_code == 409
    assert "Choose another name" in Html(answer).text
    assert (await sent(inviting, link=second["secret"], name="sam", password=PASSWORD)).status_code == 303


async def test_a_link_that_lets_nobody_in_says_what_to_do(inviting: Inviting) -> None:
    """Used: log in. Revoked, expired or unknown: ask for another. No link at all: paste it whole."""
    used, revoked, old = await inviting.made(), await inviting.made(), await inviting.made(valid_hours=1)
    await sent(inviting, link=used["secret"], name="sam", password=PASSWORD)
    await inviting.manager.delete(f"/invitations/{revoked['invitation_id']}")
    await inviting.clock.advance(3600)
    for secret, status, said, ways in (
        (used["secret"], 410, "This invitation was used", ["/login"]),
        (revoked["secret"], 410, "This invitation was revoked", []),
        (old["secret"], 410, "This invitation has expired", []),
        ("x" * 43, 404, "There is no such invitation", []),
        ("https://borne.example/invitation", 422, "Paste it whole", []),
        ("", 422, "Paste it whole", []),
    ):
        answer = await sent(inviting, link=secret)
        page = Html(answer)
        assert (answer.status_code, said in page.text) == (status, True), page.text
        assert page.links() == ways
        assert page.all("form[data-invitation]")
    again = await sent(inviting, link=used["secret"], name="kim", password=PASSWORD)
    assert again.status_code == 410


async def test_the_language_is_changed_without_losing_the_link(inviting: Inviting) -> None:
    """It is remembered for the pages that follow."""
    made = await inviting.made()
    answer = await sent(inviting, link=made["secret"], language="fr")
    page = Html(answer)
    assert (page.language, "manager vous invite." in page.text) == ("fr-CA", True)
    assert page.all(f"form.language input[value='{made['secret']}']")
    assert answer.cookies["borne_language"] == "fr"
    assert Html(await sent(inviting, link="", language="fr")).language == "fr-CA"


async def test_a_page_of_another_host_sends_nothing(inviting: Inviting) -> None:
    """Else somebody could be logged in as somebody else without noticing."""
    made = await inviting.made()
    foreign = ENGLISH | {"Origin": "https://elsewhere.example"}
    answer = await sent(inviting, foreign, link=made["secret"], name="sam", password=PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


async def test_no_text_stands_outside_the_catalogues(database: Database) -> None:
    """What is not between marks is data."""
    async with serving_invitations(database, add_marked_page) as inviting:
        made = await inviting.made()
        for link in ("", "x", made["secret"]):
            page = Html(await sent(inviting, link=link))
            left = re.sub(r"Sam of Volta|manager|Français|UTC", "", without_marked(page.text))
            assert re.sub(r"[\d\W_]+", "", left) == "", left


def test_the_script_takes_the_secret_out_of_the_address() -> None:
    """So that no history keeps it."""
    script = all_assets()["invitation.js"].decode()
    assert script.index("replaceState") < script.index("requestSubmit")
