"""/leases and /bench on a real server with simulated stations: begun, guarded, renewed, ended, restored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ocppj.vocabulary import VariableRef
from runtime.clock import ManualClock
from simulator.station.station import Station
from tests.support.bench_station import TEMPLATES, on_bench
from tests.support.server import LiveServer, live_server
from tests.support.waiting import patient_http, until

INTERVAL = VariableRef("SampledDataCtrlr", "TxUpdatedInterval")


async def set_interval(api: httpx.AsyncClient, station: str, value: str) -> httpx.Response:
    """Change the configuration of a station, as its holder would."""
    body = {"variables": [{"component": INTERVAL.component, "variable": INTERVAL.variable, "value": value}]}
    return await api.post(f"/stations/{station}/commands/set-variables", json=body)


@asynccontextmanager
async def somebody(server: LiveServer, name: str, role: str = "manager") -> AsyncIterator[httpx.AsyncClient]:
    """A client of another program."""
    made = await server.api.put(f"/access/programs/{name}", json={"role": role})
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    url = f"{server.running.http_url}/api/v1"
    async with patient_http(base_url=url, headers=headers) as api:
        yield api


async def lease(server: LiveServer, api: httpx.AsyncClient | None = None, **body: Any) -> dict[str, Any]:
    """POST; the lease."""
    answer = await (api or server.api).post("/leases", json={"purpose": "a test"} | body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


def interval(station: Station) -> str | None:
    """What it is in the station."""
    return station.variables.value(INTERVAL)


async def until_over(server: LiveServer, lease_id: str) -> dict[str, Any]:
    """The lease once it is over."""
    while (now := await server.get(f"/leases/{lease_id}"))["is_open"]:
        await until(lambda: True)  # the question itself waits for the server
    return dict(now)


@pytest.mark.parametrize("version", TEMPLATES)
async def test_what_its_holder_changed_is_set_back_when_its_time_is_up(version: str, tmp_path: Path) -> None:
    """Nobody renews it; the server ends it and sets back what had changed, and nothing else."""
    clock = ManualClock()
    async with (
        live_server(tmp_path, clock=clock) as server,
        on_bench(server.ocpp_url, TEMPLATES[version], "bench-1") as station,
    ):
        before = interval(station)
        made = await lease(server, station="BENCH-1", lasts_s=10)
        assert (made["state"], made["baseline"], made["holder"]) == ("held", "read", "first")
        changed = await set_interval(server.api, "bench-1", "7")
        assert changed.json()["answer"]["is_accepted"], changed.text
        assert interval(station) == "7" != before
        await clock.advance(9)
        assert (await server.get("/bench"))[0]["lease"]["state"] == "held"
        await clock.advance(1)
        over = await until_over(server, made["lease_id"])
        assert interval(station) == before
        assert (over["end"], over["ended_by"]) == ("expired", None)
        assert over["restoration"]["set_back"] == [str(INTERVAL)]
        assert over["restoration"]["reason"] is None
        answer = await server.api.post(f"/leases/{made['lease_id']}/renewal")
        assert refused(answer) == (409, "lease_over")
        kinds = {(each["kind"], each["state"]) for each in await server.get("/work", station="bench-1")}
        assert {("lease-begun", "done"), ("lease-ending", "done"), ("lease-restoring", "done")} <= kinds


async def test_nobody_else_commands_a_leased_station(tmp_path: Path) -> None:
    """An administrator neither, who can take it away, saying why; its holder can go on until then."""
    async with (
        live_server(tmp_path) as server,
        on_bench(server.ocpp_url, "ac-16", "bench-1"),
        somebody(server, "rig") as rig,
        somebody(server, "other") as other,
        somebody(server, "looker", "viewer") as viewer,
    ):
        made = await lease(server, rig, station="bench-1")
        path, calls = f"/leases/{made['lease_id']}", "/stations/bench-1/calls"
        for api in (server.api, other):
            answer = await set_interval(api, "bench-1", "7")
            assert refused(answer) == (409, "lease_held")
            problem = answer.json()
            assert (problem["holder"], problem["since"], problem["until"]) == (
                "rig",
                made["since"],
                made["expires_at"],
            )
            assert refused(await api.post(calls, json={"action": "ClearCache"})) == (409, "lease_held")
        assert (await rig.post(calls, json={"action": "ClearCache"})).status_code == 200
        assert refused(await rig.post("/leases", json={"station": "bench-1", "purpose": "x"})) == (
            409,
            "lease_held",
        )
        for method, where in (("POST", f"{path}/renewal"), ("DELETE", path)):
            assert refused(await other.request(method, where)) == (403, "lease_of_another")
        assert refused(await viewer.delete(path)) == (403, "role_required")
        assert refused(await server.api.delete(path)) == (422, "invalid_request")
        taken = (await server.api.delete(path, params={"reason": "a demo"})).json()
        assert (taken["end"], taken["reason"], taken["state"]) == ("taken-away", "a demo", "restoring")
        await until_over(server, made["lease_id"])
        assert refused(await rig.post(f"{path}/renewal")) == (409, "lease_over")
        assert (await server.command("bench-1", "clear-cache"))["outcome"] == "result"
        acts = [(each["what"], each["by"]) for each in await server.get("/stations/bench-1/audit")]
        assert {("leased", "rig"), ("lease-taken-away", "first")} <= set(acts)


async def test_any_station_with_these_tags_as_soon_as_one_is_free(tmp_path: Path) -> None:
    """Who waits gets it when it is given back; who does not is answered who has it."""
    async with (
        live_server(tmp_path) as server,
        on_bench(server.ocpp_url, "ac-16", "bench-1"),
        on_bench(server.ocpp_url, "ac-16", "bench-2"),
        somebody(server, "rig") as rig,
    ):
        for station, tags in (("bench-1", ["ac", "left"]), ("bench-2", ["ac"])):
            answer = await server.api.put(f"/stations/{station}/tags", json={"tags": tags})
            assert answer.json() == {"station_id": station, "tags": tags}
        first = await lease(server, tags=["ac"], lasts_s=3600)
        assert first["tags"] == ["ac"]
        wish: dict[str, Any] = {"tags": ["ac"], "purpose": "nightly"}
        second = await lease(server, rig, **wish)
        assert {first["station_id"], second["station_id"]} == {"bench-1", "bench-2"}
        nothing = await rig.post("/leases", json=wish)
        assert refused(nothing) == (409, "no_station_free")
        assert {each["holder"] for each in nothing.json()["held"]} == {"first", "rig"}
        assert refused(await rig.post("/leases", json=wish | {"tags": ["dc"]})) == (409, "no_station_fits")
        waiting = asyncio.create_task(lease(server, rig, **wish, wait_s=600))
        await until(lambda: server.running.parts is not None and server.running.parts.leases.waiting == 1)
        ended = await server.api.delete(f"/leases/{first['lease_id']}")
        assert ended.json()["end"] == "given-back"
        assert (await waiting)["station_id"] == first["station_id"]
        assert [each["station_id"] for each in await server.get("/bench", tag=["ac", "left"])] == ["bench-1"]
        shown = await server.get("/bench", limit=1)
        assert [(each["station_id"], each["is_online"], each["is_free"]) for each in shown] == [
            ("bench-1", True, False)
        ]
        assert len(await server.get("/leases", open=True)) == 2
        assert len(await server.get("/leases", station=first["station_id"])) == 2


async def test_a_station_that_is_away_is_restored_when_it_is_back(tmp_path: Path) -> None:
    """The network was lost: nobody can have the station before, and it is restored at its next connection."""
    async with live_server(tmp_path) as server, somebody(server, "rig") as rig:
        async with on_bench(server.ocpp_url, "ac-201", "bench-1") as station:
            before = interval(station)
            made = await lease(server, station="bench-1")
            await set_interval(server.api, "bench-1", "9")
            kept = station.variables.changed()
        await server.until_offline("bench-1")
        await server.api.delete(f"/leases/{made['lease_id']}")
        answer = await rig.post("/leases", json={"station": "bench-1", "purpose": "x"})
        assert refused(answer) == (409, "lease_held")
        async with on_bench(server.ocpp_url, "ac-201", "bench-1", values=kept) as station:
            over = await until_over(server, made["lease_id"])
            assert interval(station) == before
        assert over["restoration"]["set_back"] == [str(INTERVAL)]


async def test_a_wish_says_what_it_is_for(tmp_path: Path) -> None:
    """A station or tags, one of them; in bounds; known to the server."""
    async with live_server(tmp_path) as server:
        for body, problem in (
            ({"purpose": "x"}, (422, "invalid_request")),
            ({"purpose": "x", "station": "a", "tags": ["b"]}, (422, "invalid_request")),
            ({"station": "a"}, (422, "invalid_request")),
            ({"purpose": "x", "tags": ["Not A Tag"]}, (422, "invalid_request")),
            ({"purpose": "x", "station": "a", "lasts_s": 1}, (422, "invalid_request")),
            ({"purpose": "x", "station": "a"}, (404, "station_unknown")),
        ):
            assert refused(await server.api.post("/leases", json=body)) == problem
        assert refused(await server.api.get("/leases/none")) == (404, "lease_unknown")
