"""An invitation is sent to who is invited; what is revoked or made anew is told to nobody any more."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from runtime.database import Database
from runtime.mail.letters import Letter, LetterState
from runtime.mail.storage import load_letters
from tests.support.inviting import BODY, Inviting, serving_invitations

MAILED = BODY | {"email": "sam@volta.example"}


@dataclass
class Post:
    """A server, and the letters that it wrote."""

    served: Inviting
    database: Database

    async def letters(self) -> list[Letter]:
        """All that there are."""
        return await self.database.run_read(lambda connection: load_letters(connection, 10))


@pytest.fixture
async def post(database: Database) -> AsyncIterator[Post]:
    """One server a test."""
    async with serving_invitations(database) as inviting:
        yield Post(inviting, database)


@pytest.mark.requirement("R6", "passes")
async def test_a_link_is_sent_to_who_is_invited(post: Post) -> None:
    """It lets them in, once."""
    made = (await post.served.manager.post("/invitations", json=MAILED)).json()
    (letter,) = await post.letters()
    assert (letter.recipient, letter.about) == ("sam@volta.example", f"invitation/{made['invitation_id']}")
    assert made["link"] in letter.text
    assert "Sam of Volta" in letter.text
    assert (made["email"], made["secret"] in repr(letter)) == ("sam@volta.example", False)
    assert (await post.served.accept(made["secret"])).status_code == 201


async def test_who_gave_no_address_hands_the_link_over(post: Post) -> None:
    """As before; and an address that is none is refused."""
    made = (await post.served.manager.post("/invitations", json=BODY)).json()
    assert made["email"] is None
    assert await post.letters() == []
    for wrong in ("sam", "sam@a b", "sam@volta.example\r\nBcc: x@y.example"):
        refused = await post.served.manager.post("/invitations", json=BODY | {"email": wrong})
        assert refused.status_code == 422, wrong


async def test_a_link_that_is_made_anew_is_sent_anew(post: Post) -> None:
    """The letter with the one before is withdrawn, and so is the last with the invitation."""
    made = (await post.served.manager.post("/invitations", json=MAILED)).json()
    path = f"/invitations/{made['invitation_id']}"
    again = (await post.served.manager.post(f"{path}/link")).json()
    states = {each.state: each for each in await post.letters()}
    assert states[LetterState.FAILED].text == ""
    assert again["link"] in states[LetterState.KEPT].text
    assert (await post.served.manager.delete(path)).status_code == 200
    assert [(each.state, each.text) for each in await post.letters()] == [(LetterState.FAILED, "")] * 2
