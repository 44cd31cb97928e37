"""Field cases of the simulated station: A4 an empty list with version 0, S9 the EVSE told once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.lifecycle import Background
from simulator.model.template import identify
from simulator.station.charging import TokenOutcome
from simulator.station.station import Station
from tests.support.server import LiveServer
from tests.support.simulated import changed_template
from tests.support.websocket import WAIT_S

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENTRY = {"id_token": "04A1B2C3"}


@asynccontextmanager
async def station_at(server: LiveServer, template: str, station_id: str) -> AsyncIterator[Station]:
    """A simulated station that the server has accepted."""
    kind = changed_template(template, start_s=0)
    station = Station(
        kind,
        identify(kind, chance=SystemChance(), station_id=station_id),
        url=server.ocpp_url,
        clock=SystemClock(),
        chance=SystemChance(),
    )
    async with Background(station_id) as tasks:
        tasks.start(station.run())
        await station.wait_until(lambda now: now.is_accepted, WAIT_S)
        yield station


async def test_a4_list_version_zero_empties_the_list(server: LiveServer) -> None:
    """1.6 §5.10: version 0 is the empty list; asked raw and as a command, and read back."""
    async with station_at(server, "ac-16", "field-a4"):
        filled = await server.command("field-a4", "send-local-list", version=3, entries=[ENTRY])
        assert filled["is_accepted"]
        emptied = await server.call(
            "field-a4",
            "SendLocalList",
            {"listVersion": 0, "updateType": "Full", "localAuthorizationList": []},
        )
        assert emptied["payload"] == {"status": "Accepted"}
        assert (await server.command("field-a4", "send-local-list", version=0))["is_accepted"]
        version = await server.command("field-a4", "get-local-list-version")
        assert version["answer"]["local_list_version"] == 0


async def test_a4_version_zero_is_no_version_of_2_0_1(server: LiveServer) -> None:
    """2.0.1 D01.FR.18: refused before the wire, and by the station itself."""
    async with station_at(server, "ac-201", "field-a4-201"):
        refused = await server.api.post(
            "/stations/field-a4-201/commands/send-local-list", json={"version": 0}
        )
        assert (refused.status_code, "version 0" in refused.json()["detail"]) == (409, True)
        raw = await server.call("field-a4-201", "SendLocalList", {"versionNumber": 0, "updateType": "Full"})
        assert raw["payload"] == {"status": "Failed"}


async def test_s9_evse_is_told_once(server: LiveServer) -> None:
    """2.0.1 E01.FR.16: in the first event, as soon as it is known; the central system knows it for all."""
    await server.add_token("04FIELDS9")
    async with station_at(server, "ac-201", "field-s9") as station:
        station.plug()
        assert (await station.present("04FIELDS9")).outcome is TokenOutcome.STARTED
        assert (await station.present("04FIELDS9")).outcome is TokenOutcome.STOPPED
        await station.wait_until(lambda now: now.queued == 0, WAIT_S)
        events = [
            each["payload"]
            for each in await server.messages("field-s9")
            if each.get("action") == "TransactionEvent" and each["direction"] == "in"
        ]
        assert ["evse" in event for event in events] == [True, False, False]
        (transaction,) = await server.get("/transactions", station="field-s9")
        assert (transaction["evse_id"], transaction["connector_id"]) == (1, 1)
