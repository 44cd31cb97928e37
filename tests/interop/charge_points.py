"""Charge points written on the `ocpp` package with `websockets`: other people's code at the other end.

They do what the package offers: typed calls out, decorated handlers in, its own schema check both ways.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import websockets
from ocpp.routing import on
from ocpp.v16 import ChargePoint as ChargePoint16Base
from ocpp.v16 import call as call16
from ocpp.v16 import call_result as result16
from ocpp.v16 import datatypes as types16
from ocpp.v21 import ChargePoint as ChargePoint21Base
from ocpp.v21 import call as call21
from ocpp.v21 import call_result as result21
from ocpp.v201 import ChargePoint as ChargePoint201Base
from ocpp.v201 import call as call201
from ocpp.v201 import call_result as result201


def now() -> str:
    """The time as OCPP writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ChargePoint16(ChargePoint16Base):  # type: ignore[misc] # the package ships no types
    """A 1.6 AC charge point with two connectors."""

    subprotocol = "ocpp1.6"

    def __init__(self, station_id: str, connection: Any) -> None:
        super().__init__(station_id, connection)
        self.configuration = {"HeartbeatInterval": "300", "MeterValueSampleInterval": "60"}
        self.local_list: dict[str, str] = {}
        self.local_list_version = 0
        self.heard: list[tuple[str, dict[str, Any]]] = []

    async def boot(self) -> Any:
        """Present itself."""
        return await self.call(
            call16.BootNotification(
                "Model-16", "Interop", firmware_version="1.2.3", charge_point_serial_number="S16"
            )
        )

    @on("GetConfiguration")
    def get_configuration(self, key: list[str] | None = None) -> Any:
        """All keys, or those asked for."""
        wanted = key or list(self.configuration)
        known = [
            types16.KeyValue(key=name, readonly=False, value=self.configuration[name])
            for name in wanted
            if name in self.configuration
        ]
        unknown = [name for name in wanted if name not in self.configuration]
        return result16.GetConfiguration(configuration_key=known, unknown_key=unknown)

    @on("ChangeConfiguration")
    def change_configuration(self, key: str, value: str) -> Any:
        """Known keys only."""
        if key not in self.configuration:
            return result16.ChangeConfiguration("NotSupported")
        self.configuration[key] = value
        return result16.ChangeConfiguration("Accepted")

    @on("Reset")
    def reset(self, type: str) -> Any:  # noqa: A002 - the package's own way to name arguments
        """Agree."""
        return self._agree("Reset", result16.Reset, type=type)

    @on("ChangeAvailability")
    def change_availability(self, connector_id: int, type: str) -> Any:  # noqa: A002 - the package's way
        """Agree."""
        return self._agree(
            "ChangeAvailability", result16.ChangeAvailability, connector_id=connector_id, type=type
        )

    @on("UnlockConnector")
    def unlock(self, connector_id: int) -> Any:
        """Done."""
        self.heard.append(("UnlockConnector", {"connector_id": connector_id}))
        return result16.UnlockConnector("Unlocked")

    @on("TriggerMessage")
    def trigger(self, requested_message: str, connector_id: int | None = None) -> Any:
        """Agree."""
        return self._agree("TriggerMessage", result16.TriggerMessage, message=requested_message)

    @on("RemoteStartTransaction")
    def remote_start(self, id_tag: str, connector_id: int | None = None) -> Any:
        """Agree."""
        return self._agree(
            "RemoteStart", result16.RemoteStartTransaction, id_tag=id_tag, connector_id=connector_id
        )

    @on("RemoteStopTransaction")
    def remote_stop(self, transaction_id: int) -> Any:
        """Agree."""
        return self._agree("RemoteStop", result16.RemoteStopTransaction, transaction_id=transaction_id)

    @on("SendLocalList")
    def send_local_list(
        self,
        list_version: int,
        update_type: str,
        local_authorization_list: list[dict[str, Any]] | None = None,
    ) -> Any:
        """Take it."""
        if update_type == "Full":
            self.local_list.clear()
        self.local_list_version = list_version
        for entry in local_authorization_list or ():
            self.local_list[entry["id_tag"]] = entry["id_tag_info"]["status"]
        return result16.SendLocalList("Accepted")

    @on("GetLocalListVersion")
    def list_version(self) -> Any:
        """The version it has."""
        return result16.GetLocalListVersion(self.local_list_version)

    @on("ClearCache")
    def clear_cache(self) -> Any:
        """It has none."""
        return result16.ClearCache("Rejected")

    @on("DataTransfer")
    def data_transfer(self, vendor_id: str, message_id: str | None = None, data: str | None = None) -> Any:
        """Send it back."""
        return result16.DataTransfer("Accepted", data=f"{vendor_id}/{message_id}/{data}")

    def _agree(self, name: str, answer: Any, **heard: Any) -> Any:
        self.heard.append((name, heard))
        return answer("Accepted")


class _ChargingStation2x:
    """What 2.0.1 and 2.1 have alike; `call` and `result` are the version's modules."""

    calls: Any
    results: Any
    subprotocol: str

    def __init__(self, station_id: str, connection: Any) -> None:
        super().__init__(station_id, connection)  # type: ignore[call-arg] # mixed into the package's class
        self.variables = {("OCPPCommCtrlr", "HeartbeatInterval"): "300"}
        self.local_list_version = 0
        self.heard: list[tuple[str, dict[str, Any]]] = []

    async def boot(self) -> Any:
        """Present itself."""
        station = {
            "model": "Model-2x",
            "vendor_name": "Interop",
            "firmware_version": "2.0",
            "serial_number": "S2x",
        }
        return await self.call(self.calls.BootNotification(station, "PowerUp"))  # type: ignore[attr-defined] # mixed in

    @on("GetVariables")
    def get_variables(self, get_variable_data: list[dict[str, Any]]) -> Any:
        """Known ones have a value."""
        results = []
        for entry in get_variable_data:
            value = self.variables.get((entry["component"]["name"], entry["variable"]["name"]))
            status = "UnknownVariable" if value is None else "Accepted"
            found = {
                "attribute_status": status,
                "component": entry["component"],
                "variable": entry["variable"],
            }
            results.append(found | ({"attribute_value": value} if value is not None else {}))
        return self.results.GetVariables(results)

    @on("SetVariables")
    def set_variables(self, set_variable_data: list[dict[str, Any]]) -> Any:
        """Known ones are set."""
        results = []
        for entry in set_variable_data:
            key = (entry["component"]["name"], entry["variable"]["name"])
            is_known = key in self.variables
            if is_known:
                self.variables[key] = entry["attribute_value"]
            status = "Accepted" if is_known else "UnknownVariable"
            results.append(
                {"attribute_status": status, "component": entry["component"], "variable": entry["variable"]}
            )
        return self.results.SetVariables(results)

    @on("GetBaseReport")
    def base_report(self, request_id: int, report_base: str) -> Any:
        """The report comes afterwards, when the test sends it."""
        return self._agree("GetBaseReport", self.results.GetBaseReport, request_id=request_id)

    @on("GetTransactionStatus")
    def transaction_status(self, transaction_id: str | None = None) -> Any:
        """It goes on, and has told all."""
        self.heard.append(("GetTransactionStatus", {"transaction_id": transaction_id}))
        ongoing = None if transaction_id is None else True
        return self.results.GetTransactionStatus(messages_in_queue=False, ongoing_indicator=ongoing)

    @on("CostUpdated")
    def cost_updated(self, total_cost: float, transaction_id: str) -> Any:
        """Shown."""
        self.heard.append(("CostUpdated", {"cost": total_cost, "transaction_id": transaction_id}))
        return self.results.CostUpdated()

    @on("GetReport")
    def report(self, request_id: int, **wanted: Any) -> Any:
        """The same."""
        return self._agree("GetReport", self.results.GetReport, request_id=request_id, **wanted)

    @on("Reset")
    def reset(self, type: str, evse_id: int | None = None, **_: Any) -> Any:  # noqa: A002 - the package's way
        """Agree."""
        return self._agree("Reset", self.results.Reset, type=type, evse_id=evse_id)

    @on("ChangeAvailability")
    def change_availability(
        self, operational_status: str, evse: dict[str, Any] | None = None, **_: Any
    ) -> Any:
        """Agree."""
        return self._agree(
            "ChangeAvailability", self.results.ChangeAvailability, status=operational_status, evse=evse
        )

    @on("UnlockConnector")
    def unlock(self, evse_id: int, connector_id: int, **_: Any) -> Any:
        """Done."""
        self.heard.append(("UnlockConnector", {"evse_id": evse_id, "connector_id": connector_id}))
        return self.results.UnlockConnector("Unlocked")

    @on("TriggerMessage")
    def trigger(self, requested_message: str, **_: Any) -> Any:
        """Agree."""
        return self._agree("TriggerMessage", self.results.TriggerMessage, message=requested_message)

    @on("RequestStartTransaction")
    def remote_start(self, id_token: dict[str, Any], remote_start_id: int, **rest: Any) -> Any:
        """Agree."""
        return self._agree(
            "RemoteStart",
            self.results.RequestStartTransaction,
            id_token=id_token["id_token"],
            remote_start_id=remote_start_id,
            evse_id=rest.get("evse_id"),
        )

    @on("RequestStopTransaction")
    def remote_stop(self, transaction_id: str, **_: Any) -> Any:
        """Agree."""
        return self._agree("RemoteStop", self.results.RequestStopTransaction, transaction_id=transaction_id)

    @on("SendLocalList")
    def send_local_list(self, version_number: int, update_type: str, **_: Any) -> Any:
        """Take its number."""
        self.local_list_version = version_number
        return self.results.SendLocalList("Accepted")

    @on("GetLocalListVersion")
    def list_version(self, **_: Any) -> Any:
        """The version it has."""
        return self.results.GetLocalListVersion(self.local_list_version)

    @on("ClearCache")
    def clear_cache(self, **_: Any) -> Any:
        """It has none."""
        return self.results.ClearCache("Rejected")

    @on("DataTransfer")
    def data_transfer(self, vendor_id: str, message_id: str | None = None, data: Any = None, **_: Any) -> Any:
        """Send it back."""
        return self.results.DataTransfer("Accepted", data=f"{vendor_id}/{message_id}/{data}")

    def _agree(self, name: str, answer: Any, **heard: Any) -> Any:
        self.heard.append((name, heard))
        return answer("Accepted")


class ChargePoint201(_ChargingStation2x, ChargePoint201Base):  # type: ignore[misc] # the package ships no types
    """A 2.0.1 charging station."""

    subprotocol, calls, results = "ocpp2.0.1", call201, result201


class ChargePoint21(_ChargingStation2x, ChargePoint21Base):  # type: ignore[misc] # the package ships no types
    """A 2.1 charging station."""

    subprotocol, calls, results = "ocpp2.1", call21, result21


KINDS: dict[str, type[Any]] = {"1.6": ChargePoint16, "2.0.1": ChargePoint201, "2.1": ChargePoint21}


@asynccontextmanager
async def charge_point(
    ocpp_url: str, station_id: str, version: str, kinds: Mapping[str, type[Any]] = KINDS, **options: Any
) -> AsyncIterator[ChargePoint16 | ChargePoint201 | ChargePoint21]:
    """One that is connected. `options` go to `websockets.connect`."""
    kind = kinds[version]
    subprotocols = [websockets.Subprotocol(kind.subprotocol)]
    async with websockets.connect(
        f"{ocpp_url}/{station_id}", **({"subprotocols": subprotocols, "proxy": None} | options)
    ) as connection:
        station = kind(station_id, connection)
        running = asyncio.create_task(station.start())
        try:
            yield station
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
