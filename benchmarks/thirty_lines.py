"""The named reference: a central system of thirty lines on `websockets` + `ocpp`, as their docs show it.

Run: python -m benchmarks.thirty_lines PORT
"""

import asyncio
import sys
from datetime import UTC, datetime

import websockets
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result
from ocpp.v16.enums import Action, RegistrationStatus


class Station(ChargePoint):  # type: ignore[misc] # the package ships no types
    @on(Action.boot_notification)  # type: ignore[untyped-decorator] # the package ships no types
    def on_boot(self, **_: object) -> call_result.BootNotification:
        return call_result.BootNotification(
            current_time=datetime.now(UTC).isoformat(), interval=300, status=RegistrationStatus.accepted
        )

    @on(Action.heartbeat)  # type: ignore[untyped-decorator] # the package ships no types
    def on_heartbeat(self) -> call_result.Heartbeat:
        return call_result.Heartbeat(current_time=datetime.now(UTC).isoformat())


async def serve_station(connection: websockets.ServerConnection) -> None:
    path = connection.request.path if connection.request else "/"
    await Station(path.rsplit("/", 1)[-1], connection).start()


async def main(port: int) -> None:
    async with websockets.serve(
        serve_station, "127.0.0.1", port, subprotocols=[websockets.Subprotocol("ocpp1.6")]
    ):
        print("ready", flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
