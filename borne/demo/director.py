"""The demo's installer, manager and administrator: they act through the REST API on what they see there.

What is to be done with a box follows from its lifecycle alone: a demo that was stopped goes on where it was.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from access.control import FIRST_TOKEN
from borne.demo.opening import Opening
from borne.demo.plan import BOXES, INSTALLER, SITE, DemoStation
from borne.demo.seeding import Seeding
from borne.demo.stage import Stage
from runtime.client import ApiRefused

PEOPLE_S = 3.0
"""How long people take to see what is next; and whoever watches, to read what was."""
POWERED, LOCALIZED = "powered", "localized"
TURNING_POINTS = frozenset({POWERED, LOCALIZED, "active", "suspended"})
"""States in which somebody has to act, or nobody any more."""


class Director:
    """Leads the boxes to active. `prepare` comes before their power-up; `run` goes on until cancelled."""

    def __init__(self, stage: Stage, opening: Opening) -> None:
        self._api, self._live, self._story, self._clock = stage.api, stage.live, stage.story, stage.clock
        self._opening = opening
        self._seeding = Seeding(stage.api)
        self._site_id = ""

    async def prepare(self) -> bool:
        """What must exist before a box is opened; False if it was there already. Raises ApiError."""
        is_new = await self._seeding.order()
        self._site_id = await self._seeding.site()
        await self._seeding.installer(FIRST_TOKEN)  # claims are made with the first token
        if is_new:
            self._story.write("seeded", site=SITE["name"])
        return is_new

    async def run(self) -> None:
        """Lead every box and keep the hours."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._opening.run(self._site_id), name="demo hours")
            for box in BOXES:
                group.create_task(self._lead(box), name=f"demo {box.mac}")

    async def _lead(self, box: DemoStation) -> None:
        """Act on each state until the box is active; afterwards it is left to whoever watches."""
        has_acted = False
        while True:
            state = await self._live.until(lambda stations: lifecycle_of(stations, box, TURNING_POINTS))
            if state not in (POWERED, LOCALIZED):
                break
            await self._clock.sleep(PEOPLE_S)
            await self._act(box, state)
            has_acted = True
            await self._left(box, state)
        if has_acted:
            self._story.write("active", mac=box.mac)

    async def _left(self, box: DemoStation, state: str) -> None:
        await self._live.until(lambda stations: lifecycle_of(stations, box) != state or None)

    async def _act(self, box: DemoStation, state: str) -> None:
        try:
            if state == LOCALIZED:
                self._story.write("activated", mac=box.mac)
                await self._api.post(f"/stations/{box.station_id}/activation")
            elif box.claim_code is None:
                await self._put(box)
            else:
                await self._claim(box, box.claim_code)
        except ApiRefused as refused:
            self._story.write("problem", reason=refused)  # somebody else may have acted meanwhile

    async def _claim(self, box: DemoStation, code: str) -> None:
        """The installer, at the station."""
        place_id = await self._seeding.place(self._site_id, box)
        self._story.write("claimed", who=INSTALLER, mac=box.mac, place=box.place)
        await self._api.post("/claims", {"mac": box.mac, "claim_code": code, "place_id": place_id})

    async def _put(self, box: DemoStation) -> None:
        """The administrator who has adopted a box says where it is."""
        place_id = await self._seeding.place(self._site_id, box)
        self._story.write("adopted", mac=box.mac, place=box.place)
        await self._api.post("/adoptions", {"station_id": box.mac, "position": {"place_id": place_id}})


def lifecycle_of(
    stations: Mapping[str, dict[str, Any]], box: DemoStation, among: frozenset[str] | None = None
) -> str | None:
    """The lifecycle state of a box; None before the server has seen it, or if it is not `among` these."""
    state = stations.get(box.station_id, {}).get("lifecycle")
    return str(state) if state is not None and (among is None or state in among) else None
