"""Field cases of blocks that were refused as a whole: S13 smart charging and reservations, S14 and cost."""

from typing import Any

import pytest

from simulator.station.charging import TokenOutcome
from simulator.station.cost_display import ShownCost
from simulator.station.snapshot import StationSnapshot
from simulator.station.station import Station
from tests.field.cases import CASES
from tests.field.test_simulator import station_at
from tests.support.server import LiveServer
from tests.support.waiting import until
from tests.support.websocket import WAIT_S

pytestmark = pytest.mark.asyncio(loop_scope="module")
LATER = "2099-01-01T00:00:00Z"


def composite(template: str, evse_id: int = 1, duration_s: int = 0) -> dict[str, Any]:
    """The request's payload."""
    place = "connectorId" if template == "ac-16" else "evseId"
    return {place: evse_id, "duration": duration_s}


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_s13_a_schedule_of_no_length(server: LiveServer, template: str) -> None:
    """With a limit and without one: the block answers, and the station charges on."""
    assert "breaks nothing" in CASES["S13"]["right"]
    name = f"field-s13-{template}"
    async with station_at(server, template, name) as station:
        bare = await server.call(name, "GetCompositeSchedule", composite(template))
        assert bare["payload"] == {"status": "Rejected"}
        limit = {
            "purpose": "TxDefaultProfile",
            "schedules": [{"starts_at": "2026-01-01T00:00:00Z", "unit": "A", "periods": [{"limit": 16}]}],
        }
        limited = await server.command(name, "set-charging-profile", evse_id=1, profile=limit)
        assert limited["is_accepted"], limited
        again = await server.call(name, "GetCompositeSchedule", composite(template))
        assert again["payload"] == {"status": "Rejected"}
        longer = await server.call(name, "GetCompositeSchedule", composite(template, duration_s=60))
        assert longer["payload"]["status"] == "Accepted"
        assert station.snapshot().is_accepted


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_s13_a_reservation_holds_and_is_given_up_once(server: LiveServer, template: str) -> None:
    """Given up a second time, there is none."""
    name = f"field-s13-reserved-{template}"
    async with station_at(server, template, name):
        asked = {"station": name, "id_token": "04S13", "evse_id": 1, "expires_at": LATER}
        held = await server.post("/reservations", asked, 201)
        assert held["state"] == "active"
        first = await server.command(name, "cancel-reservation", reservation_id=held["number"])
        again = await server.command(name, "cancel-reservation", reservation_id=held["number"])
        assert (first["is_accepted"], again["answer"]["status"]) == (True, "Rejected")


async def charging(server: LiveServer, station: Station, token: str) -> str:
    """A driver charges; the transaction's id."""
    await server.add_token(token)
    station.plug()
    assert (await station.present(token)).outcome is TokenOutcome.STARTED
    now = await station.wait_until(lambda now: now.queued == 0, WAIT_S)
    transaction_id = now.evse().transaction_id
    assert transaction_id is not None
    return transaction_id


async def test_s14_the_display_shows_what_it_is_told(server: LiveServer) -> None:
    """CostUpdated of what runs (I02.FR.03), and the transaction goes on (E14.FR.02)."""
    assert "I02.FR.03" in CASES["S14"]["right"]
    async with station_at(server, "ac-201", "field-s14") as station:
        transaction_id = await charging(server, station, "04FIELDS14")
        cost = {"transaction_id": transaction_id, "cost_micro": 4_500_000}
        assert (await server.command("field-s14", "cost-updated", **cost))["is_accepted"]
        assert station.snapshot().evse().cost == ShownCost(4_500_000, "$4.50 so far")
        status = await server.command("field-s14", "get-transaction-status", transaction_id=transaction_id)
        assert status["answer"]["is_ongoing"] is True


async def test_s14_a_report_of_a_component_arrives(server: LiveServer) -> None:
    """MaxEnergyOnInvalidId is a variable, and the report has it (B08)."""
    async with station_at(server, "ac-201", "field-s14-report"):
        asked = await server.command("field-s14-report", "get-report", variables=[{"component": "TxCtrlr"}])
        assert asked["is_accepted"], asked

        query = "SELECT 1 FROM variables WHERE station_id = ? AND variable = 'MaxEnergyOnInvalidId'"
        await until(lambda: server.rows(query, "field-s14-report"))


def is_paused(now: StationSnapshot) -> bool:
    """Nothing flows at the first EVSE."""
    return now.evse().power_w == 0


async def test_s14_a_token_that_is_refused_gets_what_it_may(server: LiveServer) -> None:
    """E05.FR.03: the list let it start; the transaction goes on, with MaxEnergyOnInvalidId and no more."""
    name = "field-s14-refused"
    values = {"TxCtrlr.MaxEnergyOnInvalidId": "1", "TxCtrlr.StopTxOnInvalidId": "false"}
    values["AuthCtrlr.LocalPreAuthorize"] = "true"
    await server.add_token("04FIELDS14B", "Blocked")
    async with station_at(server, "ac-201", name) as station:
        variables = [
            dict(zip(("component", "variable"), path.split("."), strict=True)) | {"value": value}
            for path, value in values.items()
        ]
        assert (await server.command(name, "set-variables", variables=variables))["is_accepted"]
        entry = {"id_token": "04FIELDS14B"}
        assert (await server.command(name, "send-local-list", version=1, entries=[entry]))["is_accepted"]
        station.plug()
        assert (await station.present("04FIELDS14B")).outcome is TokenOutcome.STARTED
        now = await station.wait_until(
            lambda now: now.evse().energy_wh >= 1 and not now.evse().power_w, WAIT_S
        )
        assert now.evse().transaction_id is not None
        assert now.evse().energy_wh == pytest.approx(1, abs=0.1)
