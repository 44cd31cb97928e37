"""What the demo's manager prepares through the REST API; what is there already is left as it is."""

from collections.abc import Iterable
from typing import Any

from borne.demo.plan import DRIVERS, INSTALLER, ORDER, ORDERED, SITE, TARIFF, DemoStation
from runtime.client import ApiClient


class Seeding:
    """Makes the order, the site, the tokens and the tariff exist, once."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api

    async def order(self) -> bool:
        """Order the two boxes; False if they were ordered already."""
        if _named(await self._api.get_all("/orders"), "reference", ORDER):
            return False
        lines = [{"mac": box.mac, "claim_code": box.claim_code} for box in ORDERED]
        await self._api.post("/orders", {"reference": ORDER, "lines": lines})
        return True

    async def site(self) -> str:
        """The site with its tariff and authorization list; its id."""
        found = _named(await self._api.get_all("/sites"), "name", SITE["name"])
        if found is None:
            found = await self._api.post("/sites", SITE | {"tariff_id": await self._tariff()})
        if not found["tokens"]:
            await self._list_tokens(found["site_id"])
        return str(found["site_id"])

    async def installer(self, account: str) -> None:
        """Register the person who claims under `account`."""
        if _named(await self._api.get_all("/installers"), "account", account) is None:
            await self._api.post("/installers", {"name": INSTALLER, "account": account})

    async def place(self, site_id: str, box: DemoStation) -> str:
        """The place of a box; its id."""
        found = _named(await self._api.get_all("/places", site=site_id), "name", box.place)
        if found is None:
            position = {"name": box.place, "latitude": box.latitude, "longitude": box.longitude}
            found = await self._api.post("/places", {"site_id": site_id, **position})
        return str(found["place_id"])

    async def _tariff(self) -> str:
        found = _named(await self._api.get_all("/tariffs"), "name", TARIFF["name"])
        if found is None:
            found = await self._api.post("/tariffs", TARIFF)
        return str(found["tariff_id"])

    async def _list_tokens(self, site_id: str) -> None:
        known = {each["value"] for each in await self._api.get_all("/tokens")}
        for driver in DRIVERS:
            if driver.id_token not in known:
                await self._api.post("/tokens", {"value": driver.id_token, "note": driver.name})
        listed = [{"value": driver.id_token} for driver in DRIVERS]
        await self._api.put(f"/sites/{site_id}/tokens", {"tokens": listed})


def _named(found: Iterable[dict[str, Any]], key: str, name: str) -> dict[str, Any] | None:
    return next((each for each in found if each[key] == name), None)
