"""A small central system on the `ocpp` package and `websockets`: nothing of ours, its schema checks on."""

import asyncio
import base64
import http
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import websockets
from ocpp.charge_point import ChargePoint
from ocpp.routing import on
from ocpp.v16 import ChargePoint as ChargePointV16
from ocpp.v16 import call_result as result16
from ocpp.v201 import ChargePoint as ChargePointV201
from ocpp.v201 import call_result as result201
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from tests.support.waiting import PATIENCE_S

WAIT_S = PATIENCE_S


def now() -> str:
    """As the package's own examples write it."""
    return datetime.now(UTC).isoformat()


class Hearing:
    """What one station said, and what it is told about its boots and tokens."""

    owner: "CentralSystem"
    heard: list[tuple[str, dict[str, Any]]]

    def note(self, action: str, said: dict[str, Any]) -> None:
        """Remember, and wake whoever waits."""
        self.heard.append((action, said))
        self.owner.changed.set()

    def said(self, action: str) -> list[dict[str, Any]]:
        """Every request of one action."""
        return [said for name, said in self.heard if name == action]

    def boot_answer(self) -> dict[str, Any]:
        """Accepted, unless the owner has something else in store."""
        status = self.owner.boots.pop(0) if self.owner.boots else "Accepted"
        return {"current_time": now(), "interval": 1 if status != "Accepted" else 30, "status": status}

    def verdict(self, token: str) -> dict[str, Any]:
        """Whoever is not blocked may charge."""
        return {"status": "Blocked" if token in self.owner.blocked else "Accepted"}


class StationV16(Hearing, ChargePointV16):  # type: ignore[misc] # the package has no types
    """The central system's side of a 1.6 station."""

    @on("BootNotification")  # type: ignore[untyped-decorator]
    def booted(self, **said: Any) -> Any:
        self.note("BootNotification", said)
        return result16.BootNotification(**self.boot_answer())

    @on("Heartbeat")  # type: ignore[untyped-decorator]
    def beat(self, **said: Any) -> Any:
        self.note("Heartbeat", said)
        return result16.Heartbeat(current_time=now())

    @on("StatusNotification")  # type: ignore[untyped-decorator]
    def status(self, **said: Any) -> Any:
        self.note("StatusNotification", said)
        return result16.StatusNotification()

    @on("Authorize")  # type: ignore[untyped-decorator]
    def authorize(self, **said: Any) -> Any:
        self.note("Authorize", said)
        return result16.Authorize(id_tag_info=self.verdict(said["id_tag"]))

    @on("StartTransaction")  # type: ignore[untyped-decorator]
    def started(self, **said: Any) -> Any:
        self.note("StartTransaction", said)
        number = len(self.said("StartTransaction")) + 100
        return result16.StartTransaction(transaction_id=number, id_tag_info=self.verdict(said["id_tag"]))

    @on("MeterValues")  # type: ignore[untyped-decorator]
    def metered(self, **said: Any) -> Any:
        self.note("MeterValues", said)
        return result16.MeterValues()

    @on("SecurityEventNotification")  # type: ignore[untyped-decorator]
    def secured(self, **said: Any) -> Any:
        self.note("SecurityEventNotification", said)
        return result16.SecurityEventNotification()

    @on("StopTransaction")  # type: ignore[untyped-decorator]
    def stopped(self, **said: Any) -> Any:
        self.note("StopTransaction", said)
        return result16.StopTransaction()


class StationV201(Hearing, ChargePointV201):  # type: ignore[misc] # the package has no types
    """The central system's side of a 2.0.1 station."""

    @on("BootNotification")  # type: ignore[untyped-decorator]
    def booted(self, **said: Any) -> Any:
        self.note("BootNotification", said)
        return result201.BootNotification(**self.boot_answer())

    @on("Heartbeat")  # type: ignore[untyped-decorator]
    def beat(self, **said: Any) -> Any:
        self.note("Heartbeat", said)
        return result201.Heartbeat(current_time=now())

    @on("StatusNotification")  # type: ignore[untyped-decorator]
    def status(self, **said: Any) -> Any:
        self.note("StatusNotification", said)
        return result201.StatusNotification()

    @on("Authorize")  # type: ignore[untyped-decorator]
    def authorize(self, **said: Any) -> Any:
        self.note("Authorize", said)
        return result201.Authorize(id_token_info=self.verdict(said["id_token"]["id_token"]))

    @on("TransactionEvent")  # type: ignore[untyped-decorator]
    def event(self, **said: Any) -> Any:
        self.note("TransactionEvent", said)
        token = said.get("id_token")
        return result201.TransactionEvent(
            id_token_info=self.verdict(token["id_token"]) if token is not None else None
        )

    @on("NotifyReport")  # type: ignore[untyped-decorator]
    def report(self, **said: Any) -> Any:
        self.note("NotifyReport", said)
        return result201.NotifyReport()

    @on("MeterValues")  # type: ignore[untyped-decorator]
    def metered(self, **said: Any) -> Any:
        self.note("MeterValues", said)
        return result201.MeterValues()

    @on("SecurityEventNotification")  # type: ignore[untyped-decorator]
    def secured(self, **said: Any) -> Any:
        self.note("SecurityEventNotification", said)
        return result201.SecurityEventNotification()


class CentralSystem:
    """The port, and one object for each connection, in the order in which they came."""

    def __init__(self) -> None:
        self.links: list[Any] = []
        self.boots: list[str] = []
        """Statuses of the next boots; then Accepted."""
        self.blocked: set[str] = set()
        self.passwords: dict[str, str] | None = None
        """Who may connect with what; None: everybody."""
        self.changed = asyncio.Event()
        self.url = ""

    @property
    def link(self) -> Any:
        """The last connection."""
        return self.links[-1]

    def said(self, action: str) -> list[dict[str, Any]]:
        """Every request of one action, on all connections."""
        return [said for link in self.links for said in link.said(action)]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something that a station said makes it true."""
        async with asyncio.timeout(WAIT_S):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    async def serve_station(self, socket: ServerConnection) -> None:
        """One connection."""
        made = StationV16 if socket.subprotocol == "ocpp1.6" else StationV201
        path = socket.request.path if socket.request is not None else ""
        link: ChargePoint = made(path.rpartition("/")[2], socket)
        link.owner, link.heard = self, []
        self.links.append(link)
        self.changed.set()
        try:
            await link.start()
        except websockets.ConnectionClosed:
            self.changed.set()

    def check(self, socket: ServerConnection, request: Request) -> Response | None:
        """Basic auth, where passwords are given."""
        if self.passwords is None:
            return None
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        known = {
            base64.b64encode(f"{name}:{word}".encode()).decode() for name, word in self.passwords.items()
        }
        if scheme == "Basic" and encoded in known:
            return None
        return socket.respond(http.HTTPStatus.UNAUTHORIZED, "who are you\n")


@asynccontextmanager
async def central_system() -> AsyncIterator[CentralSystem]:
    """On a free port."""
    central = CentralSystem()
    async with serve(
        central.serve_station,
        "127.0.0.1",
        0,
        subprotocols=["ocpp2.0.1", "ocpp1.6"],  # type: ignore[list-item] # plain text will do
        process_request=central.check,
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        central.url = f"ws://127.0.0.1:{port}/ocpp"
        yield central
