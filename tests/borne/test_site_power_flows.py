"""What flows at a site on real sockets: three simulated stations of three versions, three cars that want more
than there is. A car may follow its limit some seconds after it; simulated ones do so at once.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from borne import site_power
from runtime.chance import SystemChance
from runtime.clock import ScaledClock
from runtime.lifecycle import Background
from simulator.model.connector_states import ConnectorState
from simulator.model.template import identify
from simulator.station.station import Station
from tests.support.server import LiveServer, live_server
from tests.support.simulated import changed_template
from tests.support.waiting import PATIENCE_S, until

TEMPLATES = ["ac-16", "ac-201", "ac-21"]
TOKEN = "04A1B2C3D4E5F6"
BUDGET_W = 32 * 3 * 230
FAST = 10
BOOTED = "SELECT 1 FROM stations WHERE station_id = ? AND booted_at IS NOT NULL"
BOUNDS: dict[str, Any] = {"pending_interval_s": 1, "secret_patience_s": 0.5, "obey_within_s": 0.5}


class Flow:
    """What all stations draw, at everything that happens at any of them."""

    def __init__(self) -> None:
        self.stations: list[Station] = []
        self.peak_w = 0.0
        self.is_watched = False

    def follow(self, station: Station) -> None:
        """One more."""
        self.stations.append(station)
        station.log.listen(lambda _: self._look())

    def _look(self) -> None:
        if self.is_watched:
            self.peak_w = max(self.peak_w, self.now_w)

    @property
    def now_w(self) -> float:
        """At this instant."""
        return sum(each.snapshot().evse().power_w for each in self.stations)


def limits(server: LiveServer) -> list[float]:
    """What the stations hold, lowest first."""
    query = "SELECT profile FROM charging_profiles WHERE state = 'held' AND asked_by = 'site-power'"
    return sorted(float(text.split('"limit":')[1].split(",")[0]) for (text,) in server.rows(query))


async def test_three_cars_never_draw_more_than_the_site_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wants 11 kW of 22 kW: as they come and go, the others give way first."""
    monkeypatch.setattr(site_power, "SETTLING", timedelta(0))
    monkeypatch.setattr(site_power, "SOON", timedelta(0))
    flow = Flow()
    async with live_server(tmp_path, **BOUNDS) as server, Background("stations") as tasks:
        await server.add_token(TOKEN)
        site = await server.post("/sites", {"name": "Yard", "zone": "America/Montreal"}, 201)
        for number, template in enumerate(TEMPLATES):
            kind = changed_template(template, start_s=0.5)
            name = f"flow-{number}"
            station = Station(
                kind,
                identify(kind, chance=SystemChance(), station_id=name),
                url=server.ocpp_url,
                clock=ScaledClock(FAST),
                chance=SystemChance(),
            )
            flow.follow(station)
            position = {"site_id": site["site_id"], "name": name, "latitude": 45.5, "longitude": -73.6}
            await server.post("/adoptions", {"station_id": name, "position": position}, 201)
            tasks.start(station.run())
            await station.wait_until(lambda now: now.is_connected, PATIENCE_S)
            await until(lambda name=name: server.rows(BOOTED, name))  # type: ignore[misc] # bound now
            await server.post(f"/stations/{name}/test-window", {"id_token": TOKEN}, 201)
            await station.wait_until(lambda now: now.is_accepted, PATIENCE_S)
        for station in flow.stations:
            await station.wait_until(
                lambda now: now.connector().state is ConnectorState.AVAILABLE, PATIENCE_S
            )
        answer = await server.api.put(
            f"/sites/{site['site_id']}/budget", json={"most": BUDGET_W, "unit": "W"}
        )
        assert answer.status_code == 200
        await until(lambda: limits(server) == [6.0, 6.0, 6.0])
        flow.is_watched = True
        for station in flow.stations:
            station.plug()
            await station.present(TOKEN)
            await station.wait_until(lambda now: now.evse().power_w > 0, PATIENCE_S)
        await until(lambda: limits(server) == [10.6, 10.6, 10.6])
        await until(lambda: flow.now_w > 0.95 * BUDGET_W)
        await flow.stations[0].present(TOKEN)
        await until(lambda: limits(server) == [6.0, 13.0, 13.0])
        assert 0 < flow.peak_w <= BUDGET_W + 1
