"""Transaction messages per second, end to end: each answer is read from the socket, so each row is durable.

Stations in a closed loop: of OCPP 1.6 StartTransaction, three MeterValues of three samples, StopTransaction,
and again; of 2.0.1 the same as TransactionEvents. An answer means that fsync has returned. Afterwards the
database is counted: every acknowledged transaction must be in it, once.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from benchmarks.closed_loop import LoopFigures, drive
from benchmarks.raw_station import V16, V201, RawStation, call_frame, open_fleet
from benchmarks.servers import DATABASE_URL, HERE, Server, running_server
from runtime.database import snapshot

READINGS = 3
MESSAGES = READINGS + 2
READING_WH = 250
TRANSACTION_ID = re.compile(rb'"transactionId":(\d+)')
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class TransactionFigures:
    """One run, and what the database holds after it."""

    loop: LoopFigures
    transactions_started: int
    transactions_stored: int


class Driver:
    """One transaction after the other at one station."""

    __slots__ = ("_messages", "_register_wh", "_station", "_transaction_id", "started")

    def __init__(self, station: RawStation) -> None:
        self.started = 0
        self._station = station
        self._messages = 0
        self._register_wh = 0
        self._transaction_id = b"-1"

    def next_frame(self) -> bytes:
        """The next CALL. Its time is new each time: a repetition would be a retry."""
        step = self._messages % MESSAGES
        self._messages += 1
        at = (BEGAN + timedelta(seconds=self._messages)).strftime("%Y-%m-%dT%H:%M:%SZ")
        message_id = f"t{self._station.number}-{self._messages}"
        if step == 0:
            self.started += 1
            return call_frame(message_id, "StartTransaction", self._start(at))
        self._register_wh += READING_WH
        if step <= READINGS:
            return call_frame(message_id, "MeterValues", self._reading(at))
        return call_frame(message_id, "StopTransaction", self._stop(at))

    def receive(self, answer: bytes) -> None:
        """The answer to a start names the transaction."""
        if self._messages % MESSAGES == 1:
            found = TRANSACTION_ID.search(answer)
            self._transaction_id = found[1] if found else b"-1"

    def _start(self, at: str) -> str:
        token = f"BENCH{self._station.number}"
        return f'{{"connectorId":1,"idTag":"{token}","meterStart":{self._register_wh},"timestamp":"{at}"}}'

    def _reading(self, at: str) -> str:
        samples = (
            f'{{"value":"{self._register_wh}","measurand":"Energy.Active.Import.Register","unit":"Wh"}},'
            '{"value":"11040","measurand":"Power.Active.Import","unit":"W"},'
            '{"value":"16","measurand":"Current.Import","unit":"A","phase":"L1"}'
        )
        return (
            f'{{"connectorId":1,"transactionId":{self._transaction_id.decode()},'
            f'"meterValue":[{{"timestamp":"{at}","sampledValue":[{samples}]}}]}}'
        )

    def _stop(self, at: str) -> str:
        return (
            f'{{"transactionId":{self._transaction_id.decode()},"meterStop":{self._register_wh},'
            f'"timestamp":"{at}","idTag":"BENCH{self._station.number}","reason":"Local"}}'
        )


class EventDriver:
    """The same at a station of 2.0.1: it names its transactions itself."""

    __slots__ = ("_messages", "_register_wh", "_station", "started")

    def __init__(self, station: RawStation) -> None:
        self.started = 0
        self._station = station
        self._messages = 0
        self._register_wh = 0

    def next_frame(self) -> bytes:
        """The next CALL."""
        step = self._messages % MESSAGES
        self._messages += 1
        at = (BEGAN + timedelta(seconds=self._messages)).strftime("%Y-%m-%dT%H:%M:%SZ")
        message_id = f"t{self._station.number}-{self._messages}"
        if step == 0:
            self.started += 1
        else:
            self._register_wh += READING_WH
        return call_frame(message_id, "TransactionEvent", self._event(step, at))

    def receive(self, answer: bytes) -> None:
        """It decides nothing."""

    def _event(self, step: int, at: str) -> str:
        number = self._station.number
        token = (
            f'"idToken":{{"idToken":"BENCH{number}","type":"ISO14443"}},"evse":{{"id":1,"connectorId":1}},'
        )
        kind, reason, more = {
            0: ("Started", "Authorized", token),
            MESSAGES - 1: ("Ended", "EVDeparted", ""),
        }.get(step, ("Updated", "MeterValuePeriodic", ""))
        samples = (
            f'{{"value":{self._register_wh},"measurand":"Energy.Active.Import.Register",'
            '"unitOfMeasure":{"unit":"Wh"}},'
            '{"value":11040,"measurand":"Power.Active.Import","unitOfMeasure":{"unit":"W"}},'
            '{"value":16,"measurand":"Current.Import","phase":"L1","unitOfMeasure":{"unit":"A"}}'
        )
        return (
            f'{{"eventType":"{kind}","timestamp":"{at}","triggerReason":"{reason}","seqNo":{step},{more}'
            f'"transactionInfo":{{"transactionId":"B{number}-{self.started}"}},'
            f'"meterValue":[{{"timestamp":"{at}","sampledValue":[{samples}]}}]}}'
        )


DRIVERS: dict[str, type[Driver | EventDriver]] = {V16: Driver, V201: EventDriver}


def measure(
    name: str, *, stations: int, seconds: float, tree: Path = HERE, version: str = V16
) -> TransactionFigures:
    """In a server of its own, of the code in `tree`."""
    drivers: list[Driver | EventDriver] = []

    def driver(station: RawStation) -> Driver | EventDriver:
        drivers.append(DRIVERS[version](station))
        return drivers[-1]

    with (
        running_server(name, tree=tree) as server,
        open_fleet(server.address, stations, version=version) as fleet,
    ):
        before = count_transactions(server)
        figures = drive(server, fleet, driver, seconds)
        stored = count_transactions(server) - before
    return TransactionFigures(figures, sum(each.started for each in drivers), stored)


def count_transactions(server: Server) -> int:
    """How many transactions the database holds: the server's file, or the PostgreSQL of all of them."""
    url = os.environ.get(DATABASE_URL, f"sqlite:///{server.var / 'borne.db'}")
    with snapshot(url) as (connection, _):
        return int(connection.execute(text("SELECT count(*) FROM transactions")).scalar_one())
