"""Who receives the boxes of an order is told that they are on their way."""

import pytest

from runtime.chance import SeededChance
from runtime.mail.letters import Letter
from runtime.mail.postman import Postman
from runtime.mail.storage import load_letters
from runtime.work.engine import WorkEngine
from tests.provisioning.api.conftest import Api
from tests.support.provisioning import MAC

LEAVES = {"reference": "S-1", "shipped_on": "2026-05-01"}
BOXES = [{"label": "1/2", "items": [{"station": MAC}]}, {"label": "2/2", "items": [{"article": "base"}]}]


async def shipped(api: Api, contact: str | None, **more: object) -> list[Letter]:
    """The letters that a shipment comes to; no mail server is set."""
    world = api.world
    engine = WorkEngine(world.database, world.clock, node="post")
    postman = Postman(world.database, world.clock, SeededChance(5), engine, None)
    world.provisioning.use_cases.delivering.postman = postman
    await api.order(MAC)
    await api.owner.patch("/orders/PO-1", json={"receiving_contact": contact})
    answer = await api.owner.post("/orders/PO-1/shipments", json=LEAVES | {"boxes": BOXES} | more)
    assert answer.status_code == 201, answer.text
    return await world.database.run_read(lambda connection: load_letters(connection, 10))


@pytest.mark.requirement("R12", "passes")
async def test_who_receives_is_told_of_the_boxes(api: Api) -> None:
    """With what is written on them, and when they are expected."""
    (letter,) = await shipped(api, "Léa, lea@quai.example", expected_on="2026-05-04")
    assert letter.recipient == "lea@quai.example"
    assert letter.subject == "Expédition S-1, commande PO-1 / Shipment S-1, order PO-1"
    assert "2 boxes are on their way since 2026-05-01, expected on 2026-05-04:\n\n- 1/2\n- 2/2" in letter.text
    assert letter.about.startswith("order/")


@pytest.mark.requirement("R12", "refuses")
async def test_a_shipment_that_is_not_taken_is_told_to_nobody(api: Api) -> None:
    """Of a manifest with a wrong line nothing is taken: no box leaves, and no letter."""
    assert await shipped(api, None) == []
    world = api.world
    await api.owner.patch("/orders/PO-1", json={"receiving_contact": "lea@quai.example"})
    wrong = [{"label": "3/3", "items": [{"station": "0024:B100:0002:0000"}]}]
    refused = await api.owner.post("/orders/PO-1/shipments", json=LEAVES | {"boxes": wrong})
    assert refused.status_code == 422
    assert await world.database.run_read(lambda connection: load_letters(connection, 10)) == []


async def test_a_box_without_a_day_is_expected_some_time(api: Api) -> None:
    """The letter says nothing of it."""
    (letter,) = await shipped(api, "lea@quai.example")
    assert "since 2026-05-01:" in letter.text
