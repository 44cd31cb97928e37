"""The set-up of an account over HTTP."""

from access.memberships import save_membership
from access.principals import Account, AccountKind, Membership, Role
from tests.provisioning.api.conftest import Api

SET_UP = "/organisations/default/set-up"
CONTACTS = [
    {"role": role, "name": "Ann", "phone": "514 555-0100"}
    for role in ("administration", "renewal", "on-site")
]


async def test_the_four_steps(api: Api) -> None:
    """Each with who did it; what is left is told with who clears it."""
    world = api.world
    ann, manager = Account(AccountKind.PERSON, "ann"), Membership(Role.MANAGER)
    await world.database.run_write(lambda connection: save_membership(connection, ann, manager))
    made = await api.made(SET_UP, {}, by=Role.ADMIN)
    assert [each["step"] for each in made["steps"]] == ["account", "organisation", "billing", "contacts"]
    assert not made["is_done"]
    assert [each["code"] for each in made["blocked_by"]] == [
        "E_ACCT_BEFORE_CHARGE",
        "E_ORG_UNCONFIRMED",
        "E_CONTACTS_MISSING",
    ]
    assert {each["who_clears"] for each in made["blocked_by"]} == {"owner"}
    assert (await api.owner.put(f"{SET_UP}/account")).status_code == 200
    details = {"legal_name": "Une inc.", "address": "1 rue Une"}
    assert (await api.owner.put(f"{SET_UP}/organisation", json=details)).status_code == 200
    assert (await api.owner.put(f"{SET_UP}/contacts", json={"contacts": CONTACTS})).status_code == 200
    assert (await api.owner.put(f"{SET_UP}/billing", json={"state": "submitted"})).status_code == 200
    refused = await api.owner.put(f"{SET_UP}/billing", json={"state": "approved"})
    assert (refused.status_code, refused.json()["code"]) == (403, "E_SET_UP_OF_THE_TEAM")
    done = (await api.admin.put(f"{SET_UP}/billing", json={"state": "approved"})).json()
    assert done["is_done"]
    assert {each["step"]: each["done_by"] for each in done["steps"]} == {
        "account": "manager",
        "organisation": "manager",
        "billing": "admin",
        "contacts": "manager",
    }
    assert done["blocked_by"] == []
    assert done["contacts"][0] == {
        "role": "administration",
        "name": "Ann",
        "email": None,
        "phone": "514 555-0100",
    }
    (listed,) = (await api.owner.get("/set-ups")).json()
    assert listed == done


async def test_what_cannot_be_is_refused(api: Api) -> None:
    """Contacts that nobody reaches or that are named twice; organisations that there are not."""
    assert (await api.owner.get(SET_UP)).json()["code"] == "E_SET_UP_UNKNOWN"
    assert (await api.owner.put(f"{SET_UP}/account")).json()["code"] == "E_SET_UP_UNKNOWN"
    await api.made(SET_UP, {})
    assert (await api.owner.put(f"{SET_UP}/account")).json()["code"] == "E_NO_MANAGER"
    for contacts in ([{"role": "renewal", "name": "Ann"}], [CONTACTS[0], CONTACTS[0]], [{"role": "x"}]):
        answer = await api.owner.put(f"{SET_UP}/contacts", json={"contacts": contacts})
        assert answer.status_code == 422, answer.text
    assert (await api.admin.post("/organisations/nobody/set-up")).status_code == 404


async def test_the_team_closes_one(api: Api) -> None:
    """A manager does not get around it."""
    await api.made(SET_UP, {})
    assert (await api.owner.delete(SET_UP)).json()["code"] == "E_SET_UP_OF_THE_TEAM"
    assert (await api.admin.delete(SET_UP)).status_code == 204
    assert (await api.owner.get("/set-ups")).json() == []
