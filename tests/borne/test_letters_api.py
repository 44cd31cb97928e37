"""Letters over the API of a server without a mail server: administrators read them."""

import pytest

from tests.support.server import LiveServer, server

__all__ = ["server"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_was_written_is_read_here(server: LiveServer) -> None:
    """With the link, which is a path where nobody said where the server is; newest first, and paged."""
    made = [
        await server.post("/invitations", {"label": label, "email": f"{label}@volta.example"}, 201)
        for label in ("sam", "kim")
    ]
    letters = await server.get("/letters")
    assert {each["recipient"] for each in letters} == {"sam@volta.example", "kim@volta.example"}
    texts = {each["about"]: each["text"] for each in letters}
    for each in made:
        assert f"/invitation#{each['secret']}" in texts[f"invitation/{each['invitation_id']}"]
    assert {each["state"] for each in letters} == {"kept"}
    assert len(await server.get("/letters", limit=1)) == 1
    assert await server.get("/letters", state="sent") == []
