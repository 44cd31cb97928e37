"""How many transaction messages a second the message writer makes durable: `python -m benchmarks.durable`.

Stations in a closed loop, each with one message open, as real ones: StartTransaction, MeterValues with three
samples, StopTransaction of 1.6, or TransactionEvents of 2.0.1. Nothing but the message writer and SQLite with
synchronous=FULL, or with `--database-url` an empty database on PostgreSQL; the messages are decoded already.
"""

import argparse
import asyncio
import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import uvloop

from borne.migrations import MIGRATIONS
from csms.central.central import Central
from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from ocppj.model.messages import Acknowledged, Reply, StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import (
    ENERGY_REGISTER,
    AuthorizationStatus,
    ChargingState,
    Epoch,
    IdToken,
    IdTokenInfo,
    MeterSample,
    StationId,
    TransactionEventKind,
)
from runtime.clock import SystemClock
from runtime.database import Database
from runtime.events import EventBus

FIRST = datetime(2026, 5, 1, tzinfo=UTC)
ACCEPTED = IdTokenInfo(AuthorizationStatus.ACCEPTED)
TOKEN = IdToken("04A1B2C3")
UPDATES = 10
"""Messages between the start and the end of a transaction."""


class Station:
    """One station that charges without a pause."""

    def __init__(self, number: int, *, is_v16: bool) -> None:
        self.station_id = StationId(f"bench-{number:04d}")
        self.transaction_id = ""
        self._sent = 0
        self._meter = 0
        self.messages = self._charge_v16() if is_v16 else self._charge_v201()

    def inbound(self, event: StationMessage) -> Inbound:
        """The event as the gateway hands it over."""
        self._sent += 1
        digest = blake2b(f"{self.station_id}{self._sent}".encode(), digest_size=16).digest()
        received_at = FIRST + timedelta(seconds=self._meter)  # no clock is ahead
        return Inbound(self.station_id, Epoch(1), f"m{self._sent}", digest, received_at, event)

    def _now(self) -> datetime:
        self._meter += 7
        return FIRST + timedelta(seconds=self._meter)

    def _samples(self, at: datetime) -> tuple[MeterSample, ...]:
        return (
            MeterSample(ENERGY_REGISTER, float(self._meter), "Wh", at),
            MeterSample("Power.Active.Import", 7200.0, "W", at),
            MeterSample("Current.Import", 31.3, "A", at, "L1"),
        )

    def _charge_v16(self) -> Iterator[tuple[StationMessage, Reply]]:
        started, ended = TransactionEventKind.STARTED, TransactionEventKind.ENDED
        while True:
            at = self._now()
            start = TransactionEvent(started, None, at, 1, 1, id_token=TOKEN, meter_wh=float(self._meter))
            yield start, TransactionEventResponse("", ACCEPTED)
            for _ in range(UPDATES):
                yield MeterValues(1, self.transaction_id, self._samples(self._now())), Acknowledged()
            at = self._now()
            end = TransactionEvent(ended, self.transaction_id, at, meter_wh=float(self._meter))
            yield end, TransactionEventResponse(self.transaction_id)

    def _charge_v201(self) -> Iterator[tuple[StationMessage, Reply]]:
        kinds = (
            TransactionEventKind.STARTED,
            *[TransactionEventKind.UPDATED] * UPDATES,
            TransactionEventKind.ENDED,
        )
        number = 0
        while True:
            number += 1
            transaction_id = f"{self.station_id}-{number}"
            for seq_no, kind in enumerate(kinds):
                at = self._now()
                event = TransactionEvent(
                    kind,
                    transaction_id,
                    at,
                    1,
                    1,
                    seq_no=seq_no,
                    trigger_reason="MeterValuePeriodic",
                    charging_state=ChargingState.CHARGING,
                    id_token=TOKEN if seq_no == 0 else None,
                    samples=self._samples(at),
                )
                yield event, TransactionEventResponse(transaction_id, ACCEPTED if seq_no == 0 else None)


class Load:
    """All stations in a closed loop: each answer lets its station send the next message at once."""

    def __init__(self, central: Central, stations: list[Station]) -> None:
        self._message_store = central.message_store
        self._stations = stations
        self._is_over = False
        self.answered = 0
        self.latencies_s: list[float] = []

    async def run(self, seconds: float) -> float:
        """Answers a second."""
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        for station in self._stations:
            loop.call_soon(self._send, station)
        await asyncio.sleep(seconds)
        elapsed, answered = time.perf_counter() - started, self.answered
        self._is_over = True
        return answered / elapsed

    def _send(self, station: Station) -> None:
        event, proposal = next(station.messages)
        future = self._message_store.submit(station.inbound(event), proposal)
        sent_at = time.perf_counter()
        future.add_done_callback(lambda done: self._answered(station, sent_at, done))

    def _answered(self, station: Station, sent_at: float, done: "asyncio.Future[Reply]") -> None:
        reply = done.result()
        self.answered += 1
        self.latencies_s.append(time.perf_counter() - sent_at)
        if isinstance(reply, TransactionEventResponse):
            station.transaction_id = reply.transaction_id
        if not self._is_over:
            self._send(station)


async def measure(folder: Path, options: argparse.Namespace, *, is_v16: bool) -> dict[str, Any]:
    """One run on a fresh database."""
    file = folder / "durable.db"
    url = options.database_url or f"sqlite:///{file}"
    database = await Database.open(url, migrations=MIGRATIONS)
    bus: EventBus[StationEvent] = EventBus()
    central = await Central.open(database, clock=SystemClock(), bus=bus, has_outbox=options.outbox)
    async with central:
        stations = [Station(number, is_v16=is_v16) for number in range(options.stations)]
        load = Load(central, stations)
        rate = await load.run(options.seconds)
    message_writer = central.message_store
    await database.close()
    latencies = sorted(load.latencies_s)
    return {
        "version": "1.6" if is_v16 else "2.0.1",
        "messages_per_s": round(rate),
        "messages": message_writer.stored,
        "messages_per_commit": round(message_writer.stored / max(message_writer.batches, 1), 1),
        "p50_ms": round(latencies[len(latencies) // 2] * 1000, 2),
        "p99_ms": round(latencies[len(latencies) * 99 // 100] * 1000, 2),
        "file_mib": round(file.stat().st_size / (1 << 20), 1) if file.exists() else None,
    }


def measure_both(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """1.6, then 2.0.1, each on a fresh database in `options.folder` (None: the system's own)."""
    for is_v16 in (True,) if options.database_url else (True, False):
        with (
            tempfile.TemporaryDirectory(dir=options.folder) as folder,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            yield runner.run(measure(Path(folder), options, is_v16=is_v16))


def main() -> None:
    """Measure and print, one line of JSON per run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--outbox", action="store_true", help="write news to the outbox, as with a broker")
    parser.add_argument("--folder", type=Path, help="where the database is made; it tells the disk")
    parser.add_argument("--database-url", help="postgresql://…, an empty database for each version")
    options = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    print(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine}))
    for figures in measure_both(options):
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
