"""Plans of a site: sent by who manages it, seen by who is there, places on them."""

import struct
import zlib

import pytest

from access.principals import Role
from tests.provisioning.api.conftest import Api
from tests.support.pictures import picture_file

PICTURE, ANOTHER = picture_file(60, 40), picture_file(30, 30)
HUGE = PICTURE[:16] + struct.pack(">II", 9000, 9000) + PICTURE[24:29]
HUGE += struct.pack(">I", zlib.crc32(HUGE[12:29])) + PICTURE[33:]
"""Its head says 81 million pixels."""


async def test_a_plan_is_sent_seen_replaced_and_taken_away(api: Api) -> None:
    """One for each floor, byte for byte as it came."""
    path = f"/sites/{await api.site()}/plans"
    one = f"{path.removesuffix('s')}?plan_id="
    assert (await api.owner.get(path)).json() == []
    sent = await api.owner.put(f"{path}?floor=P1", content=PICTURE)
    plan = sent.json()
    assert (plan["floor"], plan["kind"], plan["width"], plan["height"]) == ("P1", "image/png", 60, 40)
    picture = await api.installer.get(plan["picture"].removeprefix("/api/v1"))
    assert (picture.content, picture.headers["content-type"]) == (PICTURE, "image/png")
    replaced = (await api.owner.put(f"{path}?floor=P1", content=ANOTHER)).json()
    assert [each["plan_id"] for each in (await api.owner.get(path)).json()] == [replaced["plan_id"]]
    gone = await api.installer.get(f"{one}{plan['plan_id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "E_PLAN_UNKNOWN")
    assert (await api.owner.delete(f"{one}{replaced['plan_id']}")).status_code == 204
    again = await api.owner.delete(f"{one}{replaced['plan_id']}")
    assert (again.status_code, (await api.owner.get(path)).json()) == (404, [])


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", PICTURE[:20], HUGE],
)
async def test_what_is_no_picture_is_refused(api: Api, content: bytes) -> None:
    """Also one of too many pixels, of which nothing is decoded."""
    path = f"/sites/{await api.site()}/plans"
    answer = await api.owner.put(path, content=content)
    assert (answer.status_code, answer.json()["code"]) == (422, "E_PLAN_REFUSED")
    assert (await api.owner.get(path)).json() == []


async def test_only_who_manages_the_site_draws_it(api: Api) -> None:
    path = f"/sites/{await api.site()}/plans"
    assert (await api.installer.put(path, content=PICTURE)).status_code == 403
    assert (await api.by(Role.VIEWER).delete(f"{path.removesuffix('s')}?plan_id=x")).status_code == 403
    assert (await api.owner.put("/sites/nowhere/plans", content=PICTURE)).status_code == 404


async def test_a_place_is_somewhere_on_its_plan(api: Api) -> None:
    """Given with it, changed, taken away; a share of the picture is between 0 and 1."""
    site_id = await api.site()
    body = {"site_id": site_id, "name": "Quai", "floor": "P1", "plan_x": 0.25, "plan_y": 0.5}
    place = await api.made("/places", body)
    assert (place["plan_x"], place["plan_y"]) == (0.25, 0.5)
    path = f"/places/{place['place_id']}"
    moved = (await api.owner.patch(path, json={"plan_x": 1, "plan_y": 0})).json()
    assert (moved["plan_x"], moved["plan_y"], moved["floor"]) == (1.0, 0.0, "P1")
    assert (await api.owner.patch(path, json={"plan_x": 1.5})).status_code == 422
    left = (await api.owner.patch(path, json={"plan_x": None, "plan_y": None})).json()
    assert (left["plan_x"], left["plan_y"]) == (None, None)
