"""A real server is killed while somebody has a station and has changed its configuration: it is restored."""

from pathlib import Path
from typing import Any

import pytest

from ocppj.vocabulary import VariableRef
from tests.support.bench_station import TEMPLATES, on_bench
from tests.support.process import ServerProcess
from tests.support.sources import ROOT
from tests.support.waiting import patient_http, until

INTERVAL = VariableRef("SampledDataCtrlr", "TxUpdatedInterval")
LATER = '''
"""Sets the wall clock of the process ahead: the server was away for so long."""
import os
from datetime import timedelta

from runtime.clock import SystemClock

now = SystemClock.now
ahead = timedelta(seconds=float(os.environ.get("CLOCK_AHEAD_S", "0")))
SystemClock.now = lambda self: now(self) + ahead
'''


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_a_lease_that_its_server_did_not_outlive_ends_and_is_restored(
    version: str, tmp_path: Path
) -> None:
    """Killed with a lease of an hour under way, and started again an hour later: nobody renewed it."""
    (tmp_path / "sitecustomize.py").write_text(LATER)
    env = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    server, template = ServerProcess(tmp_path / "var", "--unknown", "accept", env=env), TEMPLATES[version]
    async with server, patient_http() as http:

        async def api(method: str, path: str, body: Any = None) -> Any:
            headers = {"Authorization": f"Bearer {server.token}"}
            url = f"{server.http_url}/api/v1{path}"
            answer = await http.request(method, url, json=body, headers=headers)
            assert answer.is_success, answer.text
            return answer.json()

        async with on_bench(server.ocpp_url, template, "bench-1") as station:
            before = station.variables.value(INTERVAL)
            wish = {"station": "bench-1", "purpose": "a nightly run", "lasts_s": 3600}
            lease = await api("POST", "/leases", wish)
            assert lease["baseline"] == "read"
            variable = {"component": INTERVAL.component, "variable": INTERVAL.variable, "value": "7"}
            await api("POST", "/stations/bench-1/commands/set-variables", {"variables": [variable]})
            assert station.variables.value(INTERVAL) == "7"
            await server.kill()
            kept = station.variables.changed()
        env["CLOCK_AHEAD_S"] = "3600"
        await server.start()
        async with on_bench(server.ocpp_url, template, "bench-1", values=kept) as station:
            assert station.variables.value(INTERVAL) in {"7", before}
            await until(lambda: station.variables.value(INTERVAL) == before)
            while (now := await api("GET", f"/leases/{lease['lease_id']}"))["is_open"]:
                pass  # the question itself waits for the server
            assert (now["end"], now["restoration"]["set_back"]) == ("expired", [str(INTERVAL)])
