"""Invitations over HTTP: a manager makes a link, makes it anew, revokes it."""

from collections.abc import AsyncIterator

import pytest

from runtime.database import Database
from tests.support.inviting import BODY, Inviting, serving_invitations


@pytest.fixture
async def served(database: Database) -> AsyncIterator[Inviting]:
    """One server a test."""
    async with serving_invitations(database) as inviting:
        yield inviting


async def test_a_link_is_told_once_and_lets_in_once(served: Inviting) -> None:
    """Its secret stands behind the hash, where no server's log has it."""
    made = await served.made()
    assert made["link"] == f"https://borne.example/invitation#{made['secret']}"
    opened = await served.nobody.post("/invitation/open", json={"secret": made["secret"]})
    assert opened.json()["label"] == "Sam of Volta"
    accepted = await served.accept(made["secret"])
    assert (accepted.status_code, accepted.json()["name"]) == (201, "sam")
    (listed,) = (await served.manager.get("/invitations")).json()
    assert (listed["state"], listed["used_by"]) == ("used", "sam")
    assert "secret" not in listed
    again = await served.accept(made["secret"], "kim")
    assert (again.status_code, again.json()["code"]) == (410, "invitation_over")
    opened = await served.nobody.post("/invitation/open", json={"secret": made["secret"]})
    assert opened.status_code == 410


async def test_a_link_is_made_anew_and_revoked(served: Inviting) -> None:
    """The one before lets nobody in."""
    made = await served.made()
    path = f"/invitations/{made['invitation_id']}"
    again = (await served.manager.post(f"{path}/link")).json()
    assert (await served.accept(made["secret"])).json()["code"] == "invitation_unknown"
    assert (await served.manager.delete(path)).json()["state"] == "revoked"
    refused = await served.accept(again["secret"])
    assert "revoked" in refused.json()["detail"]
    assert (await served.manager.delete("/invitations/none")).status_code == 404
    assert (await served.manager.post("/invitations/none/link")).status_code == 404
    final = (await served.manager.post(f"{path}/link")).json()
    assert (await served.accept(final["secret"])).status_code == 201
    for refused in (await served.manager.delete(path), await served.manager.post(f"{path}/link")):
        assert refused.json()["code"] == "invitation_over"


async def test_who_may_invite_gives_no_more_than_an_installers_role(served: Inviting) -> None:
    """Managers do; installers do not, and nowhere else than where they are."""
    assert (await served.installer.post("/invitations", json=BODY)).status_code == 403
    assert (await served.manager.post("/invitations", json=BODY | {"role": "manager"})).status_code == 422
    elsewhere = await served.manager.post("/invitations", json=BODY | {"organisation_id": "autre"})
    assert elsewhere.json()["code"] == "organisation_unknown"
    no_site = await served.manager.post("/invitations", json=BODY | {"site_id": "none"})
    assert no_site.json()["code"] == "site_unknown"
    assert (await served.nobody.get("/invitations")).status_code == 401
