"""What becomes of an order, over HTTP: boxes on two dates, digital deliveries, whom to ring."""

import pytest

from tests.provisioning.api.conftest import Api
from tests.provisioning.api.test_jobs import planned
from tests.support.provisioning import ID, MAC

SHIPMENTS = "/orders/PO-1/shipments"
CSV = f"box;station;article\n1/2;{MAC};\n2/2;{MAC};cable\n2/2;;concrete base\n"
LEAVES = {"reference": "S-1", "shipped_on": "2026-05-01", "expected_on": "2026-05-04"}


@pytest.mark.requirement("R13", "refuses")
async def test_nobody_travels_before_all_boxes_are_in(api: Api) -> None:
    """Two boxes on two dates: the job says which is missing; with the last one it does not any more."""
    job = await planned(api)
    boxes = await api.owner.post(SHIPMENTS, json=LEAVES | {"csv": CSV})
    assert boxes.status_code == 201, boxes.text
    assert [each["label"] for each in boxes.json()] == ["1/2", "2/2"]
    assert boxes.json()[1]["items"][0] == {"station_id": ID, "mac": "0024:B100:0002:9F81", "article": "cable"}

    async def missing() -> list[str]:
        told = (await api.owner.get(f"/jobs/{job['job_id']}")).json()
        listed = (await api.owner.get("/jobs")).json()[0]
        assert listed["missing"] == told["missing"]
        return [each["text_en"] for each in told["missing"] if each["code"] == "E_BOXES_MISSING"]

    assert await missing() == ["Boxes of station 0024:B100:0002:9F81 not received: 1/2, 2/2."]
    assert (await api.owner.post("/orders/PO-1/receipts", json={"boxes": ["1/2"]})).status_code == 200
    assert await missing() == ["Boxes of station 0024:B100:0002:9F81 not received: 2/2."]
    received = (await api.owner.post("/orders/PO-1/receipts", json={"boxes": ["2/2"]})).json()
    assert [each["received_by"] for each in received] == ["manager", "manager"]
    assert await missing() == []
    assert (await api.owner.get(SHIPMENTS)).json() == received


async def test_a_manifest_is_taken_whole_or_not_at_all(api: Api) -> None:
    """JSON like CSV, each wrong line by its place; nothing is half taken in."""
    await api.order(MAC)
    items = [{"station": MAC}, {"station": "nobody"}, {"article": "assure"}]
    body = LEAVES | {"boxes": [{"label": "1", "items": items}]}
    answer = await api.owner.post(SHIPMENTS, json=body)
    assert answer.status_code == 422
    assert [(each["field"], each["rule"]) for each in answer.json()["errors"]] == [
        ("boxes.0.items.1", "this station is not of this order"),
        ("boxes.0.items.2", "delivered digitally: it is in no box"),
    ]
    assert (await api.owner.get(SHIPMENTS)).json() == []
    assert (await api.owner.post(SHIPMENTS, json=LEAVES | {"csv": "1,a,b,c,d"})).status_code == 422
    assert (await api.owner.post(SHIPMENTS, json=LEAVES)).status_code == 422
    many = "\n".join(f"{number},,base" for number in range(1001))
    assert (await api.owner.post(SHIPMENTS, json=LEAVES | {"csv": many})).status_code == 422
    assert (await api.owner.post("/orders/no/shipments", json=body)).json()["code"] == "E_ORDER_UNKNOWN"
    answer = await api.owner.post("/orders/PO-1/receipts", json={"boxes": ["7"]})
    assert answer.json()["code"] == "E_BOX_UNKNOWN"


async def test_digital_deliveries_run_out(api: Api) -> None:
    """They are there at once, each with its state of today."""
    await api.order(MAC)
    body = {"kind": "service-plan", "count": 2, "starts_on": "2020-01-01", "expires_on": "2020-12-31"}
    (made,) = (await api.owner.post("/orders/PO-1/entitlements", json=body)).json()
    assert (made["kind"], made["count"], made["state"]) == ("service-plan", 2, "expired")
    assert (await api.owner.get("/orders/PO-1/entitlements")).json() == [made]
    wrong = body | {"expires_on": "2019-12-31"}
    assert (await api.owner.post("/orders/PO-1/entitlements", json=wrong)).status_code == 422
    assert (await api.owner.get("/orders/no/entitlements")).json()["code"] == "E_ORDER_UNKNOWN"


@pytest.mark.requirement("R4", "refuses")
@pytest.mark.requirement("R5", "refuses")
async def test_an_order_without_a_manager_is_on_the_teams_list(api: Api) -> None:
    """Nothing else waits for it: the box may be shipped meanwhile."""
    await api.order(MAC)
    open_ones = await api.owner.get("/orders?without_manager=true")
    assert [each["reference"] for each in open_ones.json()] == ["PO-1"]
    assert open_ones.headers["x-total-count"] == "1"
    assert (await api.owner.post(SHIPMENTS, json=LEAVES | {"csv": CSV})).status_code == 201


@pytest.mark.requirement("R4", "passes")
@pytest.mark.requirement("R5", "passes")
async def test_a_manager_comes_with_the_order_or_is_found(api: Api) -> None:
    """Then nobody has to look for one."""
    body = {"reference": "PO-7", "manager_contact": "Ann", "receiving_contact": "Bo", "lines": [{"mac": MAC}]}
    made = await api.made("/orders", body)
    assert (made["manager_contact"], made["receiving_contact"]) == ("Ann", "Bo")
    assert (await api.owner.get("/orders?without_manager=true")).json() == []
    gone = (await api.owner.patch("/orders/PO-7", json={"manager_contact": None})).json()
    assert (gone["manager_contact"], gone["receiving_contact"]) == (None, "Bo")
    assert len((await api.owner.get("/orders?without_manager=true")).json()) == 1
