"""An installation that is planned: a server with a site, places, ordered boxes, an installer and a job."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from borne.app import running_server
from borne.settings import ServerSettings

MAC, OTHER_MAC = "00:24:B1:02:9F:81", "00:24:B1:02:9F:82"
INSTALLER, VIEWER = "lea", "vic"
PASSWORD = "lea-secret-1234"
FRENCH = {"Accept-Language": "fr-CA", "Accept": "text/html"}


@dataclass
class PlannedSite:
    """Who is there, and what is planned. `job` is as the API answers it; `codes` are by MAC."""

    url: str
    ocpp_url: str
    team: httpx.AsyncClient
    installer: httpx.AsyncClient
    viewer: httpx.AsyncClient
    job: dict[str, Any]
    places: list[str]
    codes: dict[str, str]
    form: dict[str, str]
    """What the job's form says already."""
    https_url: str = ""
    """The same server with TLS, where it was given a certificate."""
    folder: Path = Path()
    """What a test keeps beside it."""

    async def granted(self) -> list[str]:
        """The stations whose claim was granted, newest first; one that was claimed twice twice."""
        claims = await made(self.team, "/claims", {}, "GET")
        return [each["target"] for each in claims if each["is_granted"]]

    async def tries(self, station_id: str) -> int:
        """How many claims of it were refused."""
        claims = await made(self.team, "/claims", {}, "GET")
        return sum(each["target"] == station_id and not each["is_granted"] for each in claims)


async def made(client: httpx.AsyncClient, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    """What the API answers; it must not refuse."""
    answer = await client.request(method, f"/api/v1{path}", json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def logged_in(url: str, name: str) -> httpx.AsyncClient:
    """A browser of somebody, without a script."""
    client = httpx.AsyncClient(base_url=url, headers={**FRENCH, "Origin": url}, timeout=None)
    await client.post("/login", data={"name": name, "password": PASSWORD})
    return client


@asynccontextmanager
async def planned_site(var: Path, *macs: str, **settings: Any) -> AsyncIterator[PlannedSite]:
    """Served with pages and provisioning: a box and a place for each of `macs`; the first are planned."""
    chosen: dict[str, Any] = {
        "ocpp_port": 0,
        "http_port": 0,
        "public_url": "https://borne.example",
    } | settings
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running_server(ServerSettings(var=var, **chosen)))
        headers = {"Authorization": f"Bearer {server.token}"}
        team = httpx.AsyncClient(base_url=server.http_url, headers=headers, timeout=None)
        stack.push_async_callback(team.aclose)
        site_id = (await made(team, "/sites", {"name": "Garage Nord", "zone": "America/Montreal"}))["site_id"]
        places = [await _place(team, site_id, f"P1-{number:02}") for number, _ in enumerate(macs, 1)]
        order = await made(team, "/orders", {"reference": "BC-1", "lines": [{"mac": each} for each in macs]})
        for name, role in ((INSTALLER, "installer"), (VIEWER, "viewer")):
            await made(team, f"/access/people/{name}", {"password": PASSWORD, "role": role}, "PUT")
        stops = [{"place_id": places[0], "station_id": macs[0]}, *({"place_id": each} for each in places[1:])]
        today = datetime.now(UTC).date().isoformat()
        plan = {"site_id": site_id, "day": today, "installer": INSTALLER, "places": stops}
        job = await made(team, "/jobs", plan)
        codes = {each["mac"]: each["claim_code"] for each in order["lines"]}
        installer, viewer = [await logged_in(server.http_url, name) for name in (INSTALLER, VIEWER)]
        stack.push_async_callback(installer.aclose)
        stack.push_async_callback(viewer.aclose)
        form = {"job": job["job_id"], "site": site_id}
        yield PlannedSite(
            server.http_url,
            server.ocpp_url,
            team,
            installer,
            viewer,
            job,
            places,
            codes,
            form,
            https_url=server.https_url or "",
        )


async def _place(team: httpx.AsyncClient, site_id: str, name: str) -> str:
    return str((await made(team, "/places", {"site_id": site_id, "name": name, "floor": "P1"}))["place_id"])
