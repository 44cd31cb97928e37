"""Whatever the demo prepares it prepares once, however often it starts."""

from typing import Any

from borne.demo.plan import DRIVERS, ORDERED, TARIFF, UNORDERED
from borne.demo.seeding import Seeding
from tests.borne.demo.conftest import Theatre


async def seed(seeding: Seeding) -> tuple[bool, str, str]:
    """Everything there is to prepare."""
    is_new = await seeding.order()
    site_id = await seeding.site()
    await seeding.installer("first")
    return is_new, site_id, await seeding.place(site_id, UNORDERED)


async def everything(theatre: Theatre) -> dict[str, Any]:
    """What the API has of it."""
    paths = ("/orders", "/sites", "/tariffs", "/tokens", "/installers", "/places")
    return {path: await theatre.server.get(path) for path in paths}


async def test_a_second_start_adds_nothing(theatre: Theatre) -> None:
    """And gives the same ids."""
    first = await seed(Seeding(theatre.stage.api))
    before = await everything(theatre)
    second = await seed(Seeding(theatre.stage.api))
    assert await everything(theatre) == before
    assert first == (True, *second[1:])
    assert second[0] is False


async def test_the_order_names_two_boxes_and_the_site_has_price_and_tokens(theatre: Theatre) -> None:
    """The claim codes are those on the labels: the API takes them."""
    _, site_id, place_id = await seed(Seeding(theatre.stage.api))
    found = await everything(theatre)
    (order,) = found["/orders"]
    assert {line["mac"] for line in order["lines"]} == {box.mac for box in ORDERED}
    (site,) = found["/sites"]
    assert site["tariff_id"] == found["/tariffs"][0]["tariff_id"]
    assert found["/tariffs"][0]["name"] == TARIFF["name"]
    listed = await theatre.server.get(f"/sites/{site_id}/tokens")
    assert {each["value"] for each in listed["tokens"]} == {driver.id_token for driver in DRIVERS}
    assert [place["place_id"] for place in found["/places"]] == [place_id]


async def test_what_somebody_changed_stays(theatre: Theatre) -> None:
    """A list that was replaced is not replaced again."""
    seeding = Seeding(theatre.stage.api)
    site_id = await seeding.site()
    await theatre.stage.api.put(f"/sites/{site_id}/tokens", {"tokens": [{"value": "MINE"}]})
    assert await seeding.site() == site_id
    listed = await theatre.server.get(f"/sites/{site_id}/tokens")
    assert [each["value"] for each in listed["tokens"]] == ["MINE"]
