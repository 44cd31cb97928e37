"""A station with habits of its own, on a real socket: it comes back, restarts, boots as it is told here."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import websockets

from tests.support.payloads import AT
from tests.support.verdict import CALL, RESULT, assert_valid
from tests.support.wire_station import BOOTS, SUBPROTOCOLS, basic

AGAIN_S = 0.05
"""How long it takes to connect again, and to restart."""
_STATUS_2X = {"timestamp": AT, "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
_STATUS_16 = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
_DONE = {"status": "Accepted"}


@dataclass
class FieldStation:
    """What it does differently from a well-behaved station is set on it."""

    url: str
    station_id: str
    version: str
    leaves_with_secret: bool = True
    restarts: str = "asked"
    """`asked`, `accepted` or `never`: when it does the restart that it agrees to."""
    restarts_softly: bool = False
    """It keeps its connection, and boots on it."""
    boots_on_trigger: bool = True
    boots_at_interval: bool = True
    boots_on_connect: bool = True
    tells_values: bool = True
    tells_triggered_status: bool = True
    """Else it has no TriggerMessage for its status, and tells changes only."""
    refused: list[str] = field(default_factory=list)
    """Actions of its own that were refused while it was pending, with the code."""
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    boots: int = 0
    early: list[str] = field(default_factory=list)
    """What came between a boot and its answer."""
    values: dict[str, str] = field(default_factory=dict)
    password: bytes | None = field(default=None, repr=False)
    registration: str | None = None
    _ws: Any = None
    _open: dict[str, tuple[str, asyncio.Future[Any]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _number: int = 0
    _list_version: int = 0

    async def live(self) -> None:
        """Connect again and again."""
        while True:
            headers = basic(self.station_id, self.password) if self.password is not None else {}
            protocols = [websockets.Subprotocol(SUBPROTOCOLS[self.version])]
            address = f"{self.url}/{self.station_id}"
            with contextlib.suppress(OSError, websockets.WebSocketException):
                async with websockets.connect(
                    address, subprotocols=protocols, proxy=None, additional_headers=headers
                ) as ws:
                    self._ws, self._open = ws, {}
                    if self.boots_on_connect or self.boots == 0:
                        self._begin(self._boot())
                    async for text in ws:
                        await self._take(json.loads(text))
            await asyncio.sleep(AGAIN_S)

    def _begin(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, action: str, payload: dict[str, Any]) -> Any:
        self._number += 1
        key, answered = f"{self._number}", asyncio.get_running_loop().create_future()
        self._open[key] = (action, answered)
        await self._ws.send(json.dumps([CALL, key, action, payload]))
        frame = await answered
        if frame[0] != RESULT:
            self.refused.append(f"{action} {frame[2]}")
            return None
        assert_valid(self.version, RESULT, action, frame[2])
        return frame[2]

    async def _boot(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            answer = await self._ask("BootNotification", BOOTS[self.version])
            self.boots += 1
            self.registration = answer["status"]
            if self.registration == "Accepted":
                await self._tell_status()
            elif self.boots_at_interval:
                ws = self._ws
                await asyncio.sleep(answer["interval"])
                if self._ws is ws and self.registration != "Accepted":
                    await self._boot()

    async def _tell_status(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            await self._ask("StatusNotification", _STATUS_16 if self.version == "1.6" else _STATUS_2X)

    async def _take(self, frame: list[Any]) -> None:
        if frame[0] != CALL:
            _, answered = self._open.pop(frame[1])
            answered.set_result(frame)
            return
        assert_valid(self.version, CALL, frame[2], frame[3])
        self.asked.append((frame[2], frame[3]))
        self.early += [frame[2] for action, _ in self._open.values() if action == "BootNotification"]
        answer = self._answer(frame[2], frame[3])
        if answer is None:
            await self._ws.send(json.dumps([4, frame[1], "NotImplemented", "", {}]))
            return
        await self._ws.send(json.dumps([RESULT, frame[1], answer]))
        await self._follow(frame[2], frame[3])

    def _answer(self, action: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        match action:
            case "ChangeConfiguration":
                self.values[payload["key"]] = payload["value"]
                return _DONE
            case "SetVariables":
                return {"setVariableResult": [self._set(each) for each in payload["setVariableData"]]}
            case "GetConfiguration":
                return self._configuration(payload.get("key", []))
            case "GetVariables":
                return {"getVariableResult": [self._get(each) for each in payload["getVariableData"]]}
            case "GetLocalListVersion":
                name = "listVersion" if self.version == "1.6" else "versionNumber"
                return {name: self._list_version}
            case "SendLocalList":
                self._list_version = int(payload["listVersion" if self.version == "1.6" else "versionNumber"])
                return _DONE
            case "TriggerMessage":
                wanted = payload["requestedMessage"]
                has = self.boots_on_trigger if wanted == "BootNotification" else self.tells_triggered_status
                return _DONE if has else None
            case "ChangeAvailability" | "Reset":
                return _DONE
            case _:
                return None

    def _set(self, entry: dict[str, Any]) -> dict[str, Any]:
        self.values[entry["variable"]["name"]] = entry["attributeValue"]
        named = {"component": entry["component"], "variable": entry["variable"]}
        return named | {"attributeStatus": "Accepted"}

    def _get(self, entry: dict[str, Any]) -> dict[str, Any]:
        named = {"component": entry["component"], "variable": entry["variable"]}
        name = entry["variable"]["name"]
        value = "Available" if name == "AvailabilityState" else self.values.get(name)
        if value is None or not self.tells_values:
            return named | {"attributeStatus": "UnknownVariable"}
        return named | {"attributeStatus": "Accepted", "attributeValue": value}

    def _configuration(self, keys: list[str]) -> dict[str, Any]:
        known = {"SecurityProfile": "1", **self.values}
        told = [key for key in keys if key in known and key != "AuthorizationKey"]
        entries = [
            {"key": key, "readonly": False} | ({"value": known[key]} if self.tells_values else {})
            for key in told
        ]
        return {"configurationKey": entries, "unknownKey": [key for key in keys if key not in told]}

    async def _follow(self, action: str, payload: dict[str, Any]) -> None:
        secret = _secret_in(action, payload)
        if secret is not None:
            self.password = bytes.fromhex(secret) if self.version == "1.6" else secret.encode()
            if self.leaves_with_secret:
                await self._ws.close()
        elif action == "Reset" and (self.restarts == "asked" or self.restarts == self.registration.lower()):  # type: ignore[union-attr] # it booted
            await self._restart()
        elif action == "ChangeAvailability":
            self._begin(self._tell_status())
        elif action == "TriggerMessage":
            is_boot = payload["requestedMessage"] == "BootNotification"
            self._begin(self._boot() if is_boot else self._tell_status())

    async def _restart(self) -> None:
        if self.restarts_softly:
            self._begin(self._boot())
        else:
            self.boots, self.registration = 0, None
            await self._ws.close()


def _secret_in(action: str, payload: dict[str, Any]) -> str | None:
    if action == "ChangeConfiguration" and payload["key"] == "AuthorizationKey":
        return str(payload["value"])
    entries = payload.get("setVariableData", []) if action == "SetVariables" else []
    found = (each for each in entries if each["variable"]["name"] == "BasicAuthPassword")
    return next((str(each["attributeValue"]) for each in found), None)


@asynccontextmanager
async def living(station: FieldStation) -> AsyncIterator[FieldStation]:
    """The station lives until leaving."""
    task = asyncio.create_task(station.live())
    try:
        yield station
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        for each in list(station._tasks):
            each.cancel()
