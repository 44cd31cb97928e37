"""The power-up checklist, as the phone asks for it."""

import json
from dataclasses import replace

from tests.provisioning.api.conftest import Api
from tests.support.provisioning import ID, MAC

PATH = f"/stations/{MAC}/power-up"


async def test_a_station_that_never_came_is_told_what_to_type(api: Api) -> None:
    """The whole URL and the fields, by the name under which the server was reached; no run is needed."""
    await api.order()
    found = (await api.installer.get(PATH)).json()
    assert (found["station_id"], found["run"], found["verdict"]) == (ID, None, "waiting")
    assert found["items"][0]["item"] == "link"
    assert found["product"]["product_id"] == "generic"
    assert found["to_type"][0]["value_en"] == f"ws://127.0.0.1:9000/ocpp/{ID}"


async def test_a_run_is_begun_measured_and_ends_with_a_record(api: Api) -> None:
    """What stays open is open in it; after its end nothing more is typed into it."""
    await api.order()
    assert (await api.installer.put(f"{PATH}/readings", json={"readings": {"pe": 1}})).status_code == 422
    await api.world.provisioning.station_cache.change_device(
        ID, lambda known: replace(known, vendor="Rivebleue", model="RB-22"), cause="boot"
    )
    body = {"readings": {"pe": 0.3, "touch-voltage": 70}}
    assert (await api.installer.put(f"{PATH}/readings", json=body)).json()["code"] == "E_NO_POWER_UP"
    run = (await api.made(PATH, {}))["run"]
    assert (run["product_id"], run["product_version"], run["record"]) == ("rivebleue-rb22", 2, None)
    items = {
        each["item"]: each
        for each in (await api.installer.put(f"{PATH}/readings", json=body)).json()["items"]
    }
    assert [items[f"reading-{name}"]["verdict"] for name in ("pe", "touch-voltage", "rcd-time")] == [
        "passed",
        "failed",
        "waiting",
    ]
    wrong = await api.installer.put(f"{PATH}/readings", json={"readings": {"rcd-tme": 1}})
    assert (wrong.json()["code"], wrong.json()["nearest"]) == ("E_READING_UNKNOWN", ["rcd-time"])
    done = (await api.installer.post(f"{PATH}/finish")).json()["run"]
    record = json.loads(done["record"])
    assert (record["run_id"], record["verdict"]) == (run["run_id"], "failed")
    assert record["finished_by"] == "installer"
    assert done["record"] == json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (await api.installer.post(f"{PATH}/finish")).json()["code"] == "E_NO_POWER_UP"
