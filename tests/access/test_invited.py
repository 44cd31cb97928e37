"""Who is invited, over HTTP, without a login."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from runtime.database import Database
from tests.support.inviting import SITE, SITE_NAME, Inviting, serving_invitations


@pytest.fixture
async def served(database: Database) -> AsyncIterator[Inviting]:
    """One server a test."""
    async with serving_invitations(database) as inviting:
        yield inviting


async def test_an_account_is_not_taken_over(served: Inviting) -> None:
    """A name that exists needs its own password."""
    assert (await served.accept((await served.made())["secret"])).status_code == 201
    other = (await served.made())["secret"]
    refused = await served.accept(other, "sam", "another password")
    assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")
    assert (await served.accept(other)).status_code == 201


async def test_guessing_is_slow(served: Inviting) -> None:
    """And no page of another host sends anything."""
    guesses = [served.nobody.post("/invitation/open", json={"secret": "x" * 43}) for _ in range(16)]
    answers = asyncio.gather(*guesses)
    while not answers.done():
        await served.clock.advance(1)
        await asyncio.sleep(0)
    codes = [each.status_code for each in await answers]
    assert set(codes) == {404, 429}
    foreign = await served.nobody.post(
        "/invitation/open", json={"secret": "x" * 43}, headers={"Origin": "https://elsewhere.example"}
    )
    assert foreign.json()["code"] == "foreign_origin"


async def test_a_link_says_what_it_is_for(served: Inviting) -> None:
    """The site by its name, which says more than its id."""
    made = await served.made(site_id=SITE)
    opened = await served.nobody.post("/invitation/open", json={"secret": made["secret"]})
    assert (opened.json()["site"], opened.json()["made_by"]) == (SITE_NAME, "manager")
    elsewhere = await served.nobody.post("/invitation/open", json={"secret": (await served.made())["secret"]})
    assert elsewhere.json()["site"] is None


async def test_who_came_already_is_told_to_log_in(served: Inviting) -> None:
    """And whose link has run out, to ask for another."""
    used, old = await served.made(), await served.made(valid_hours=1)
    assert (await served.accept(used["secret"])).status_code == 201
    refused = (await served.accept(used["secret"])).json()
    assert "log in" in refused["way_out"]
    await served.clock.advance(3600)
    refused = (await served.accept(old["secret"])).json()
    assert ("expired" in refused["detail"], "another link" in refused["way_out"]) == (True, True)
