"""A process that stores transactions: `python -m tests.support.writing_process URL NAME CHARGES`.

It takes a lock of its own in place of the one that keeps a second process away, and prints the number that
each of its stations' transactions got, and what each retry was answered.
"""

import asyncio
import json
import os
import sys
from datetime import timedelta

from csms.central.central import Central
from csms.domain.station_events import StationEvent
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import StationId
from runtime.clock import SystemClock
from runtime.database import Database, postgres
from runtime.events import EventBus
from tests.support.inbound import ACCEPTED, NOON, inbound, start16, stop16, values16

STATIONS = 8


async def charges(central: Central, name: str, station: int, count: int) -> list[int]:
    """One after the other, each message twice: the numbers that the starts got."""
    station_id, numbers = StationId(f"{name}-{station}"), []
    submit = central.message_store.submit
    for turn in range(count):
        at = NOON + timedelta(minutes=3 * turn)
        start = inbound(start16(1000 * turn, at), f"a{turn}", station_id=station_id)
        first = await submit(start, TransactionEventResponse("", ACCEPTED))
        again = await submit(start, TransactionEventResponse("", ACCEPTED))
        assert isinstance(first, TransactionEventResponse)
        assert first == again
        known = first.transaction_id or ""
        values = values16(known, 1000 * turn + 400, at + timedelta(minutes=1))
        await submit(inbound(values, f"b{turn}", station_id=station_id), TransactionEventResponse(known))
        stop = stop16(known, 1000 * turn + 900, at + timedelta(minutes=2))
        await submit(inbound(stop, f"c{turn}", station_id=station_id), TransactionEventResponse(known))
        numbers.append(int(known))
    return numbers


async def run(url: str, name: str, count: int) -> None:
    """Print the numbers as JSON."""
    postgres.WRITING = os.getpid()
    database = await Database.open(url, migrations=None)
    bus: EventBus[StationEvent] = EventBus()
    async with await Central.open(database, clock=SystemClock(), bus=bus, has_outbox=True) as central:
        print("ready", flush=True)
        sys.stdin.readline()  # both begin at once
        numbers = await asyncio.gather(*(charges(central, name, each, count) for each in range(STATIONS)))
        print(json.dumps([each for some in numbers for each in some]), flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
