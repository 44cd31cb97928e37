"""Is it this box? Through the API, with stations that tell what happens at them."""

from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from tests.provisioning.api.conftest import Api
from tests.support.provisioning import ID, MAC

PATH = f"/stations/{MAC}/power-up"
OTHER_MAC = "0024:B100:0002:9F82"
OTHER = StationId("0024b10000029f82")


def plugged(api: Api, station_id: StationId) -> None:
    """Somebody plugs in."""
    told = {"status": "Occupied", "evse_id": 1, "connector_id": 1}
    api.world.bus.publish(StationEvent("connector.status", station_id, api.world.clock.now(), told))


async def box_item(api: Api) -> tuple[str, str | None]:
    """How the item stands."""
    items = (await api.installer.get(PATH)).json()["items"]
    found = next(each for each in items if each["item"] == "box")
    return found["verdict"], found["detail_en"]


async def test_an_act_at_the_box_is_seen_and_noted_once(api: Api) -> None:
    """It needs a run, and a card that is named."""
    await api.order()
    assert (await api.installer.get(f"{PATH}/box")).json() == {"check": None}
    assert (await api.installer.post(f"{PATH}/box", json={"act": "plug"})).json()["code"] == "E_NO_POWER_UP"
    assert (await api.installer.post(f"{PATH}/box", json={"act": "card"})).status_code == 422
    await api.made(PATH, {})
    listeners = api.world.bus.subscribers
    begun = await api.made(f"{PATH}/box", {"act": "plug"})
    assert (begun["state"], begun["seen_on"]) == ("watching", None)
    await api.made(f"{PATH}/box", {"act": "plug"})
    assert api.world.bus.subscribers == listeners + 1
    assert await box_item(api) == ("waiting", None)
    plugged(api, ID)
    assert api.world.bus.subscribers == listeners
    for _ in range(2):
        found = (await api.installer.get(f"{PATH}/box")).json()["check"]
        assert (found["state"], found["seen_on"]) == ("seen", ID)
    assert await box_item(api) == ("passed", None)


async def test_two_exchanged_labels_are_noticed(api: Api) -> None:
    """The act is seen at the other box of the site: the list says at which."""
    await api.order(MAC, OTHER_MAC)
    await api.registered()
    site_id = await api.site(activates_on_claim=False)
    assert (await api.claim(site_id=site_id)).is_success
    assert (await api.claim(OTHER_MAC, site_id=site_id, name="P2")).is_success
    await api.made(PATH, {})
    await api.made(f"{PATH}/box", {"act": "plug"})
    plugged(api, OTHER)
    assert (await api.installer.get(f"{PATH}/box")).json()["check"]["state"] == "elsewhere"
    verdict, told = await box_item(api)
    assert verdict == "failed"
    assert told is not None
    assert OTHER in told
    answer = await api.installer.post(f"/stations/{MAC}/exchange", json={"station_id": OTHER_MAC})
    assert answer.json()["place"]["name"] == "P2"


async def test_after_a_minute_it_was_missed(api: Api) -> None:
    """And nobody listens any more."""
    await api.order()
    await api.made(PATH, {})
    listeners = api.world.bus.subscribers
    await api.made(f"{PATH}/box", {"act": "power"})
    await api.world.clock.advance(61)
    assert api.world.bus.subscribers == listeners
    assert (await api.installer.get(f"{PATH}/box")).json()["check"]["state"] == "missed"
