"""What must hold after an hour of cuts and kills: the ledger of the stations against the server's database.

The ledger is read from the wire (`wiretap`), the database by plain SQL on the file, the events from what the
broker was given. Nothing here uses the product's own code.

I1 what was answered is stored · I2 nothing is stored twice, and a retry has the first answer again · I3 the
stored energy is the ledger's · I4 each command has exactly one end · I5 every stored charge was told to the
broker, once and in order · I6 who is called connected is connected
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from csms.domain.commands import CommandOutcome
from tests.simulation.network import Network
from tests.simulation.server import Server
from tests.simulation.wiretap import Message, Wiretap

Row = dict[str, Any]


@dataclass
class Charge:
    """One charge as its station knows it."""

    station: str
    key: str
    """2.x: its id in lower case; 1.6: the number that the server gave it."""
    begin_wh: float | None = None
    end_wh: float | None = None
    is_begun: bool = False
    is_ended: bool = False
    seq_nos: set[int] = field(default_factory=set)
    values: list[float] = field(default_factory=list)


class Books:
    """All that can be looked at."""

    def __init__(
        self, tap: Wiretap, server: Server, network: Network, outcomes: list[CommandOutcome]
    ) -> None:
        self.messages = tap.messages
        self.outcomes = outcomes
        self.published = [json.loads(each.payload) for each in server.published]
        self.connected = {
            tap.stations[pipe.number].lower()
            for pipe in network.pipes.values()
            if pipe.is_well and pipe.number in tap.stations
        }
        assert server.side is not None
        self.links = {str(link.station_id) for link in server.side.gateway.links()}
        self.tables: dict[str, list[Row]] = {}
        with closing(sqlite3.connect(server.path)) as database:
            database.row_factory = sqlite3.Row
            for table in ("transactions", "meter_samples", "commands", "links", "outbox"):
                rows = database.execute(f"SELECT * FROM {table}")
                self.tables[table] = [dict(row) for row in rows]
        for row in self.tables["outbox"]:  # on their way: nothing can take them back
            self.published.append(json.loads(row["payload"]) | {"id": row["outbox_id"]})
        self.charges = dict(_charges(self.messages))


def _charges(messages: list[Message]) -> Iterator[tuple[tuple[str, str], Charge]]:
    """The charges of which something was answered."""
    found: dict[tuple[str, str], Charge] = {}
    for message in messages:
        if not message.is_billing or message.heard is None:
            continue
        payload, station = message.payload, message.station.lower()
        if message.action == "TransactionEvent":
            key = payload["transactionInfo"]["transactionId"].lower()
        elif message.action == "StartTransaction":
            key = str(message.heard["transactionId"])
        else:
            key = str(payload.get("transactionId"))
        if key == "None":
            continue
        charge = found.setdefault((station, key), Charge(station, key))
        _add(charge, message)
    yield from found.items()


def _add(charge: Charge, message: Message) -> None:
    payload, action = message.payload, message.action
    readings = [
        float(sampled["value"])
        for value in (*payload.get("meterValue", ()), *payload.get("transactionData", ()))
        for sampled in value["sampledValue"]
        if sampled.get("measurand", "Energy.Active.Import.Register") == "Energy.Active.Import.Register"
        and sampled.get("unit", sampled.get("unitOfMeasure", {}).get("unit", "Wh")) == "Wh"
    ]
    charge.values += readings if action != "StopTransaction" else []
    kind = payload.get("eventType")
    if action == "StartTransaction" or kind == "Started":
        charge.is_begun = True
        charge.begin_wh = payload["meterStart"] if kind is None else (readings[0] if readings else None)
    if action == "StopTransaction" or kind == "Ended":
        charge.is_ended = True
        charge.end_wh = payload["meterStop"] if kind is None else (readings[-1] if readings else None)
    if kind is not None:
        charge.seq_nos.add(payload["seqNo"])


def broken_invariants(books: Books) -> list[str]:
    """What does not hold, in words."""
    checks = (_acked_is_stored, _nothing_twice, _first_answer_again, _energy, _commands, _events, _presence)
    return [problem for check in checks for problem in check(books)]


def _stored(books: Books) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in books.tables["transactions"]:
        found[row["station_id"], row["transaction_key"]].append(row)
    return found


def _acked_is_stored(books: Books) -> Iterator[str]:
    """I1."""
    stored = _stored(books)
    values: dict[int, Counter[float]] = defaultdict(Counter)
    for sample in books.tables["meter_samples"]:
        if sample["measurand"] == "Energy.Active.Import.Register":
            values[sample["transaction_no"]][sample["value"]] += 1
    for charge in books.charges.values():
        rows = stored.get((charge.station, charge.key), [])
        if len(rows) != 1:
            yield f"I1 {charge.station} {charge.key}: answered, and stored {len(rows)} times"
            continue
        row = rows[0]
        if charge.is_begun and not row["has_start"]:
            yield f"I1 {charge.station} {charge.key}: its start was answered, and is not stored"
        if charge.is_ended and row["ended_at"] is None:
            yield f"I1 {charge.station} {charge.key}: its end was answered, and is not stored"
        missing = charge.seq_nos - set(_numbers(row["seq_nos"]))
        if missing:
            yield f"I1 {charge.station} {charge.key}: answered and not stored, seqNo {sorted(missing)}"
        lost = set(charge.values) - set(values[row["transaction_no"]])
        if lost:
            yield f"I1 {charge.station} {charge.key}: answered and not stored, meter values {sorted(lost)}"


def _numbers(ranges: str) -> Iterator[int]:
    """The numbers of `0..3,5`."""
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("..")
        yield from range(int(first), int(last or first) + 1)


def _nothing_twice(books: Books) -> Iterator[str]:
    """I2: no charge and no meter value has two rows."""
    starts = Counter(
        (row["station_id"], row["evse_id"], row["started_at"], row["meter_start_wh"])
        for row in books.tables["transactions"]
    )
    samples = Counter(
        tuple(row[name] for name in ("station_id", "transaction_no", "measurand", "phase", "context", "at"))
        for row in books.tables["meter_samples"]
    )
    for kind, counted in (("charge", starts), ("meter value", samples)):
        yield from (f"I2 {kind} {key} is stored {count} times" for key, count in counted.items() if count > 1)


def _first_answer_again(books: Books) -> Iterator[str]:
    """I2: whatever was answered to a transaction message is answered to its retry, under whichever id."""
    first: dict[tuple[str, str, str], Any] = {}
    for message in books.messages:
        if not message.is_billing:
            continue
        content = (message.station, message.action, json.dumps(message.payload, sort_keys=True))
        for answer in message.answers:
            if first.setdefault(content, answer) != answer:
                yield f"I2 {message.station} {message.message_id}: {answer}, and before {first[content]}"
        if message.error is not None:
            yield f"I1 {message.station} {message.message_id} was refused: {message.error}"


def _energy(books: Books) -> Iterator[str]:
    """I3: to the watt-hour."""
    stored = _stored(books)
    for charge in books.charges.values():
        if charge.is_begun and charge.is_ended and charge.begin_wh is not None and charge.end_wh is not None:
            for row in stored.get((charge.station, charge.key), []):
                told = charge.end_wh - charge.begin_wh
                if row["energy_wh"] is None or abs(row["energy_wh"] - told) > 0.001:
                    yield f"I3 {charge.station} {charge.key}: {told} Wh told, {row['energy_wh']} stored"


def _commands(books: Books) -> Iterator[str]:
    """I4: a row with one end, and one event of it."""
    told = Counter(
        event["payload"].get("command_id")
        for event in books.published
        if event["event"] == "command.finished"
    )
    rows = {row["command_id"]: row for row in books.tables["commands"]}
    for row in rows.values():
        if row["finished_at"] is None or row["outcome"] is None:
            yield f"I4 command {row['command_id']} of {row['station_id']} has no end"
    for outcome in books.outcomes:
        ended = rows.get(outcome.command_id)
        if ended is not None and ended["outcome"] != outcome.outcome.value:
            ends = f"ended as {outcome.outcome.value} and as {ended['outcome']}"
            yield f"I4 command {outcome.command_id} {ends}"
    yield from (
        f"I4 the end of command {name} was told {count} times" for name, count in told.items() if count > 1
    )


def _events(books: Books) -> Iterator[str]:
    """I5: the broker has the begin and the end of every stored charge, once and in this order."""
    told: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for place, event in enumerate(books.published):
        if event["event"] in ("transaction.started", "transaction.ended"):
            key = str(event["payload"].get("transaction_id"))
            told[event["station_id"], f"{event['event']} {key.lower()}"][event["id"]] = place
    for row in books.tables["transactions"]:
        started = told[row["station_id"], f"transaction.started {row['transaction_key']}"]
        ended = told[row["station_id"], f"transaction.ended {row['transaction_key']}"]
        where = f"{row['station_id']} {row['transaction_key']}"
        if len(started) != 1:
            yield f"I5 the begin of {where} was told {len(started)} times"
        if row["ended_at"] is not None and len(ended) != 1:
            yield f"I5 the end of {where} was told {len(ended)} times"
        if started and ended and min(started.values()) > min(ended.values()):
            yield f"I5 the end of {where} was told before its begin"


def _presence(books: Books) -> Iterator[str]:
    """I6: memory, database and network agree on who is there."""
    open_rows = {row["station_id"] for row in books.tables["links"] if row["disconnected_at"] is None}
    if books.links != books.connected:
        yield f"I6 in memory and on the wire differ: {sorted(books.links ^ books.connected)}"
    if open_rows != books.connected:
        yield f"I6 in the database and on the wire differ: {sorted(open_rows ^ books.connected)}"
