"""Charge points made with the `ocpp` package tell the running server their whole story, in each version."""

from typing import Any

import pytest
from ocpp.v16 import call as call16

from tests.interop.charge_points import KINDS, ChargePoint16, charge_point, now
from tests.support.server import LiveServer

pytestmark = pytest.mark.asyncio(loop_scope="module")
VERSIONS = tuple(KINDS)
REGISTER = "Energy.Active.Import.Register"


@pytest.mark.parametrize("version", VERSIONS)
async def test_boot_and_heartbeat(server: LiveServer, version: str) -> None:
    """It is accepted, told its interval and the time, and known with what it said of itself."""
    station_id = f"boot-{version}"
    async with charge_point(server.ocpp_url, station_id, version) as station:
        booted = await station.boot()
        assert (booted.status, booted.interval) == ("Accepted", 300)
        assert booted.current_time.endswith("Z")
        beat = await station.call(_module(station, version).Heartbeat())
        assert beat.current_time >= booted.current_time
        seen = await server.get(f"/stations/{station_id}")
        assert (seen["vendor"], seen["registration"], seen["version"]) == ("Interop", "Accepted", version)
        assert seen["serial_number"] in ("S16", "S2x")
        assert seen["firmware_version"] in ("1.2.3", "2.0")
        assert seen["link"]["is_unauthenticated"]
        assert seen["link"]["findings"] == []
    await server.until_offline(station_id)


async def test_a_charge_of_a_1_6_station(server: LiveServer) -> None:
    """Status, Authorize, StartTransaction, MeterValues, StopTransaction with transactionData."""
    await server.add_token("CARD16")
    async with charge_point(server.ocpp_url, "charge-16", "1.6") as station:
        await station.boot()
        for connector_id in (0, 1, 2):
            await station.call(
                call16.StatusNotification(connector_id, "NoError", "Available", timestamp=now())
            )
        assert (await station.call(call16.Authorize("card16"))).id_tag_info["status"] == "Accepted"
        assert (await station.call(call16.Authorize("STRANGER"))).id_tag_info["status"] == "Invalid"
        start = await station.call(call16.StartTransaction(1, "card16", 1000, now()))
        assert start.id_tag_info["status"] == "Accepted"
        number = start.transaction_id
        values = {"value": "1500", "measurand": REGISTER, "unit": "Wh", "context": "Sample.Periodic"}
        power = {"value": "7.2", "measurand": "Power.Active.Import", "unit": "kW"}
        sample = {"timestamp": now(), "sampled_value": [values, power]}
        await station.call(call16.MeterValues(1, [sample], transaction_id=number))
        open_one = await server.get(f"/transactions/{number}", station="charge-16")
        assert (open_one["is_open"], open_one["energy_wh"], open_one["power_w"]) == (True, 500.0, 7200.0)
        end = {"timestamp": now(), "sampled_value": [{"value": "2500", "context": "Transaction.End"}]}
        stop = await station.call(
            call16.StopTransaction(
                2500, now(), number, reason="EVDisconnected", id_tag="card16", transaction_data=[end]
            )
        )
        assert stop.id_tag_info["status"] == "Accepted"
    ended = await server.get(f"/transactions/{number}", station="charge-16")
    assert (ended["is_open"], ended["energy_wh"], ended["stopped_reason"]) == (
        False,
        1500.0,
        "EVDisconnected",
    )
    assert ended["id_token"]["value"].lower() == "card16"
    assert [each["value"] for each in ended["samples"] if each["measurand"] == REGISTER] == [1500.0, 2500.0]
    assert [each["value"] for each in ended["samples"] if each["unit"] == "W"] == [7200.0]
    assert len(await server.get("/stations/charge-16/connectors")) == 3


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a_charge_of_a_2_x_station(server: LiveServer, version: str) -> None:
    """E01–E06: the full cycle of TransactionEvent, with meter values on the way."""
    await server.add_token("CARD2X")
    station_id, transaction_id = f"charge-{version}", f"t-{version}"
    token = {"id_token": "card2x", "type": "ISO14443"}
    async with charge_point(server.ocpp_url, station_id, version) as station:
        await station.boot()
        module = _module(station, version)
        await station.call(
            module.StatusNotification(timestamp=now(), connector_status="Occupied", evse_id=1, connector_id=1)
        )
        assert (await station.call(module.Authorize(token))).id_token_info["status"] == "Accepted"
        contract = await station.call(module.Authorize(token, certificate="PEM"))  # C07.FR.17
        assert (contract.id_token_info["status"], contract.certificate_status) == (
            "Invalid",
            "CertChainError",
        )

        async def event(kind: str, number: int, trigger: str, register: float, **more: Any) -> Any:
            info = {"transaction_id": transaction_id} | more.pop("info", {})
            value = [{"timestamp": now(), "sampled_value": [{"value": register, "measurand": REGISTER}]}]
            return await station.call(
                module.TransactionEvent(
                    event_type=kind,
                    timestamp=now(),
                    trigger_reason=trigger,
                    seq_no=number,
                    transaction_info=info,
                    meter_value=value,
                    **more,
                )
            )

        started = await event(
            "Started", 0, "Authorized", 100.0, id_token=token, evse={"id": 1, "connector_id": 1}
        )
        assert started.id_token_info["status"] == "Accepted"
        await event("Updated", 1, "ChargingStateChanged", 100.0, info={"charging_state": "Charging"})
        await event("Updated", 2, "MeterValuePeriodic", 600.0)
        assert (await server.get(f"/transactions/{transaction_id}"))["energy_wh"] == 500.0
        told = await server.command(station_id, "get-transaction-status", transaction_id=transaction_id)
        assert (told["answer"]["is_ongoing"], told["answer"]["has_messages_queued"]) == (True, False)
        shown = {"transaction_id": transaction_id, "cost_micro": 2_500_000}
        assert (await server.command(station_id, "cost-updated", **shown))["is_accepted"]
        assert ("CostUpdated", {"cost": 2.5, "transaction_id": transaction_id}) in station.heard
        told = await server.command(station_id, "get-transaction-status")
        assert (told["is_accepted"], told["answer"]["is_ongoing"]) == (True, None)
        await event("Ended", 3, "StopAuthorized", 1100.0, info={"stopped_reason": "Local"}, id_token=token)
    ended = await server.get(f"/transactions/{transaction_id}")
    assert (ended["is_open"], ended["energy_wh"], ended["stopped_reason"]) == (False, 1000.0, "Local")
    assert (ended["evse_id"], ended["connector_id"], ended["flags"]) == (1, 1, [])
    assert [each["value"] for each in ended["samples"]] == [100.0, 100.0, 600.0, 1100.0]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a_report_fills_the_inventory(server: LiveServer, version: str) -> None:
    """B07: GetBaseReport through the API, NotifyReport in two parts, the variables at the API."""
    station_id = f"report-{version}"
    async with charge_point(server.ocpp_url, station_id, version) as station:
        await station.boot()
        assert (await server.command(station_id, "get-base-report", request_id=7))["is_accepted"]
        assert station.heard == [("GetBaseReport", {"request_id": 7})]
        names = ("HeartbeatInterval", "WebSocketPingInterval")
        for number, name in enumerate(names):
            entry = {
                "component": {"name": "OCPPCommCtrlr"},
                "variable": {"name": name},
                "variable_attribute": [{"type": "Actual", "value": str(60 * (number + 1))}],
                "variable_characteristics": {
                    "data_type": "integer",
                    "supports_monitoring": False,
                    "unit": "s",
                },
            }
            report = _module(station, version).NotifyReport(
                request_id=7, generated_at=now(), seq_no=number, report_data=[entry], tbc=number == 0
            )
            await station.call(report)
        pattern = {"component": "EVSE", "variable": "Power", "evse_id": 1}
        wanted = {"request_id": 8, "criteria": ["Available"], "variables": [pattern]}
        assert (await server.command(station_id, "get-report", **wanted))["is_accepted"]
        place = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "Power"}}
        asked = {"request_id": 8, "component_criteria": ["Available"], "component_variable": [place]}
        assert station.heard[-1] == ("GetReport", asked)
        limited = place | {
            "variable_attribute": [{"value": "0"}, {"type": "MaxSet", "value": "7360", "constant": True}],
            "variable_characteristics": {
                "data_type": "decimal",
                "supports_monitoring": True,
                "max_limit": 7360,
            },
        }
        report = _module(station, version).NotifyReport(
            request_id=8, generated_at=now(), seq_no=0, report_data=[limited]
        )
        await station.call(report)
    *variables, power = sorted(
        await server.get(f"/stations/{station_id}/variables"), key=lambda each: each["variable"] == "Power"
    )
    assert (power["max_limit"], power["supports_monitoring"], power["is_write_only"]) == (7360.0, True, False)
    assert [(each["type"], each["value"], each["is_constant"]) for each in power["attributes"]] == [
        ("MaxSet", "7360", True)
    ]
    assert {each["variable"]: each["value"] for each in variables} == dict(
        zip(names, ("60", "120"), strict=True)
    )


COMMANDS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("reset", {"kind": "Immediate"}, "Accepted"),
    ("change-availability", {"availability": "Inoperative", "evse_id": 1}, "Accepted"),
    ("unlock-connector", {"evse_id": 1}, "Unlocked"),
    ("trigger-message", {"message": "Heartbeat"}, "Accepted"),
    ("remote-start", {"id_token": "CARD", "evse_id": 1, "remote_start_id": 5}, "Accepted"),
    ("remote-stop", {"transaction_id": "17"}, "Accepted"),
    ("send-local-list", {"version": 4, "entries": [{"id_token": "CARD"}]}, "Accepted"),
    ("get-local-list-version", {}, "Accepted"),
    ("clear-cache", {}, "Rejected"),
    ("data-transfer", {"vendor_id": "v", "message_id": "m", "text": "t"}, "Accepted"),
)


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_command_comes_back_with_the_stations_answer(server: LiveServer, version: str) -> None:
    """Each neutral command in this version's words, and the station's own verdict at the API."""
    station_id = f"commands-{version}"
    async with charge_point(server.ocpp_url, station_id, version) as station:
        await station.boot()
        for command, body, status in COMMANDS:
            ended = await server.command(station_id, command, **body)
            assert ended["outcome"] == "result", (command, ended)
            assert ended["answer"]["status"] == status, (command, ended)
            if command == "get-local-list-version":
                assert ended["answer"]["local_list_version"] == 4
            if command == "data-transfer":
                assert ended["answer"]["text"] == "v/m/t"
        assert [name for name, _ in station.heard] == [
            "Reset",
            "ChangeAvailability",
            "UnlockConnector",
            "TriggerMessage",
            "RemoteStart",
            "RemoteStop",
        ]


@pytest.mark.parametrize("version", VERSIONS)
async def test_variables_are_read_and_set(server: LiveServer, version: str) -> None:
    """One name for the heartbeat interval in every version; what the station lacks it says itself."""
    station_id = f"variables-{version}"
    interval = {"component": "OCPPCommCtrlr", "variable": "HeartbeatInterval"}
    async with charge_point(server.ocpp_url, station_id, version) as station:
        await station.boot()
        read = await server.command(station_id, "get-variables", variables=[interval])
        assert [each["value"] for each in read["answer"]["variables"]] == ["300"]
        written = await server.command(station_id, "set-variables", variables=[interval | {"value": "42"}])
        assert written["is_accepted"]
        read = await server.command(station_id, "get-variables", variables=[interval])
        assert [each["value"] for each in read["answer"]["variables"]] == ["42"]
        lacking = interval | {"variable": "ClockAlignedInterval" if version == "1.6" else "Nothing"}
        refused = await server.command(station_id, "set-variables", variables=[lacking | {"value": "1"}])
        assert not refused["is_accepted"]


async def test_all_keys_of_a_1_6_station(server: LiveServer) -> None:
    """Without names, GetConfiguration brings everything."""
    async with charge_point(server.ocpp_url, "keys-16", "1.6") as station:
        await station.boot()
        read = await server.command("keys-16", "get-variables")
        assert {each["variable"]: each["value"] for each in read["answer"]["inventory"]} == {
            "HeartbeatInterval": "300",
            "MeterValueSampleInterval": "60",
        } or len(read["answer"]["inventory"]) == 2


@pytest.mark.parametrize(
    ("version", "outcome", "code"),
    [("1.6", "error", "NotImplemented"), ("2.0.1", "error", "NotImplemented"), ("2.1", "timeout", None)],
)
async def test_what_the_package_does_not_know_is_an_end_too(
    server: LiveServer, version: str, outcome: str, code: str | None
) -> None:
    """A raw call without a handler there: a CALLERROR, or (its 2.1) silence, which ends as a timeout."""
    station_id = f"error-{version}"
    async with charge_point(server.ocpp_url, station_id, version) as station:
        await station.boot()
        timeout_s = 0.3 if outcome == "timeout" else 10.0
        ended = await server.call(station_id, "CancelReservation", {"reservationId": 1}, timeout_s)
        assert (ended["outcome"], ended["error_code"]) == (outcome, code)
        assert (await station.call(_module(station, version).Heartbeat())).current_time


async def test_data_transfer_from_a_station(server: LiveServer) -> None:
    """No vendor is known here, and saying so is the right answer."""
    async with charge_point(server.ocpp_url, "transfer-16", "1.6") as station:
        assert isinstance(station, ChargePoint16)
        await station.boot()
        answer = await station.call(call16.DataTransfer("vendor.example", message_id="m", data="{}"))
        assert answer.status == "UnknownVendorId"


async def test_status_reports_of_a_1_6_station(server: LiveServer) -> None:
    """Diagnostics, firmware, log and security: all are taken note of."""
    async with charge_point(server.ocpp_url, "reports-16", "1.6") as station:
        await station.boot()
        await station.call(call16.DiagnosticsStatusNotification("Uploading"))
        await station.call(call16.FirmwareStatusNotification("Downloaded"))
        await station.call(call16.SignedFirmwareStatusNotification("Installed", 3))
        await station.call(call16.LogStatusNotification("Uploaded", 4))
        await station.call(call16.SecurityEventNotification("FirmwareUpdated", now(), "by hand"))
    assert server.rows(
        "SELECT firmware_status, log_status FROM stations WHERE station_id = 'reports-16'"
    ) == [("Installed", "Uploaded")]
    assert server.rows("SELECT type FROM security_events WHERE station_id = 'reports-16'") == [
        ("FirmwareUpdated",)
    ]


async def test_deflate_is_agreed_on_and_used(server: LiveServer) -> None:
    """2.0.1 part 4 §3.3: RFC 7692 is required of a CSMS; `websockets` offers it by itself."""
    async with charge_point(server.ocpp_url, "deflate", "2.0.1") as station:
        names = [each.name for each in station._connection.protocol.extensions]
        assert names == ["permessage-deflate"]
        await station.boot()
        text = "x" * 4000
        ended = await server.command("deflate", "data-transfer", vendor_id="v", message_id="m", text=text)
        assert ended["answer"]["text"] == f"v/m/{text}"


def _module(station: Any, version: str) -> Any:
    return call16 if version == "1.6" else station.calls
