"""The benchmarks measure what they say; how fast it is, no test asks."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks import heartbeat, memory, storm, transactions
from benchmarks.closed_loop import drive
from benchmarks.heartbeat import Heart
from benchmarks.machine import this_machine
from benchmarks.raw_station import V201, RawStation, call_frame, mask_frame, open_fleet
from benchmarks.servers import Server, running_server
from benchmarks.transactions import Driver, EventDriver, count_transactions
from ocppj.codec import codec_for
from ocppj.versions import OcppVersion


@pytest.mark.parametrize("name", ["echo", "ours", "thirty_lines"])
def test_closed_loop_counts_every_answer(name: str) -> None:
    """A short run against each server that is compared with."""
    with running_server(name) as server, open_fleet(server.address, 8) as fleet:
        figures = drive(server, fleet, Heart, 0.2)
    assert figures.stations == 8
    assert figures.messages >= 8
    assert figures.per_s > 0
    assert 0 < figures.p50_ms <= figures.p90_ms <= figures.p99_ms <= figures.max_ms


def test_servers_are_compared_in_turns() -> None:
    """In each round a slice of each; what counts is a slice that was measured, and ratios within rounds."""
    compared = heartbeat.compare(["thirty_lines", "echo"], stations=4, seconds=0.05, rounds=3)
    assert {name: len(slices) for name, slices in compared.slices.items()} == {"thirty_lines": 3, "echo": 3}
    assert compared.median("echo") in compared.slices["echo"]
    assert compared.ratio("echo", "echo") == 1.0
    ratios = sorted(
        one.per_s / other.per_s
        for one, other in zip(compared.slices["echo"], compared.slices["thirty_lines"], strict=True)
    )
    assert compared.ratio("echo", "thirty_lines") == ratios[1]


def test_storm_boots_every_station() -> None:
    """All at once; the times are those of the whole."""
    figures = storm.measure("ours", stations=300)
    assert 0 < figures.half_booted_s <= figures.p99_booted_s <= figures.all_booted_s
    assert figures.retries == {}
    assert figures.server_cpu_s > 0


def test_a_start_lasts_until_the_first_answer() -> None:
    """Of the process, not of this one."""
    with running_server("echo") as server:
        assert server.ready_after_s > 0


def test_memory_is_the_growth_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    """And deflate is really agreed on, or the run ends."""
    monkeypatch.setattr(memory, "WARM_UP_STATIONS", 20)
    monkeypatch.setattr(memory, "LOOK_EVERY_S", 0.01)
    figures = memory.measure("ours", stations=100, deflate=True)
    assert figures.kib_per_station == pytest.approx((figures.after_kib - figures.before_kib) / 100, abs=0.01)


def test_server_that_lacks_deflate_is_not_measured_as_if_it_had_it() -> None:
    """The bare echo has none."""
    with (
        running_server("echo") as server,
        pytest.raises(SystemExit, match="permessage-deflate"),
        open_fleet(server.address, 1, offers_deflate=True),
    ):
        pass


def test_transactions_are_valid_and_never_repeat() -> None:
    """The strict codec takes each message; no two are the same, or the server would see retries."""
    codec = codec_for(OcppVersion.V16)
    driver = Driver(RawStation(7))
    seen: set[bytes] = set()
    actions = []
    for number in range(20):
        frame = driver.next_frame()
        text = frame[frame.index(b"[") :]
        assert frame == mask_frame(text)
        _, message_id, action, payload = json.loads(text)
        codec.decode_request(action, json.dumps(payload).encode(), lenient=False)
        assert text not in seen
        seen.add(text)
        actions.append(action)
        if action == "StartTransaction":
            driver.receive(b'[3,"%b",{"transactionId":%d,"idTagInfo":{}}]' % (message_id.encode(), number))
        elif number < 5:
            assert payload["transactionId"] == 0
    assert actions == ["StartTransaction", *["MeterValues"] * 3, "StopTransaction"] * 4
    assert driver.started == 4


def test_transaction_events_are_valid_and_named_by_the_station() -> None:
    """As many messages as of 1.6, each with the transaction that it belongs to; no two are the same."""
    codec = codec_for(OcppVersion.V201)
    driver = EventDriver(RawStation(7, version=V201))
    seen: set[bytes] = set()
    told = []
    for _ in range(10):
        frame = driver.next_frame()
        text = frame[frame.index(b"[") :]
        _, _, action, payload = json.loads(text)
        codec.decode_request(action, json.dumps(payload).encode(), lenient=False)
        assert text not in seen
        seen.add(text)
        told.append((payload["transactionInfo"]["transactionId"], payload["seqNo"], payload["eventType"]))
        driver.receive(b"[3,1,{}]")
    kinds = ["Started", *["Updated"] * 3, "Ended"]
    assert told == [(name, number, kinds[number]) for name in ("B7-1", "B7-2") for number in range(5)]
    assert driver.started == 2


def test_a_station_of_2_0_1_is_booted_by_a_real_server() -> None:
    """With a boot of its version; its transactions are stored."""
    run = transactions.measure("borne", stations=2, seconds=0.2, version=V201)
    assert run.loop.messages >= 2
    assert 0 < run.transactions_stored <= run.transactions_started


def test_stored_transactions_are_counted_in_the_database(tmp_path: Path) -> None:
    """Read only, beside the server."""
    database = sqlite3.connect(tmp_path / "borne.db")
    database.execute("CREATE TABLE transactions (transaction_id TEXT)")
    database.executemany("INSERT INTO transactions VALUES (?)", [("1",), ("2",)])
    database.commit()
    database.close()
    assert count_transactions(Server("borne", ("127.0.0.1", 1), 1, tmp_path)) == 2


@pytest.mark.parametrize("length", [1, 125, 126, 300])
def test_frames_are_masked_with_zeros(length: int) -> None:
    """Valid for a server, and the payload is as it is."""
    frame = mask_frame(b"x" * length)
    assert frame.endswith(b"\0\0\0\0" + b"x" * length)
    assert frame[1] & 0x80
    assert (frame[1] & 0x7F) == (length if length < 126 else 126)


def test_station_takes_frames_apart() -> None:
    """Several in one read, one in several reads, long ones; pings are answered."""
    station = RawStation(1)

    class Sink:
        sent: list[bytes] = []  # noqa: RUF012 # of one test

        def send(self, frame: bytes) -> None:
            self.sent.append(frame)

    station.socket = Sink()  # type: ignore[assignment] # what is written, without a network
    long = b"\x81\x7e\x01\x00" + b"y" * 256
    assert station.receive_texts(b"\x81\x01a\x81\x01b" + long[:100]) == [b"a", b"b"]
    assert station.receive_texts(long[100:]) == [b"y" * 256]
    assert station.receive_texts(b"\x89\x02hi\x81\x01c") == [b"c"]
    assert station.receive_texts(b"\x81\x01d") == [b"d"]
    assert Sink.sent == [mask_frame(b"hi", 0xA)]


def test_machine_is_named() -> None:
    """Date, processor, cores, Python, disk."""
    machine = this_machine()
    assert re.match(r"\d{4}-\d\d-\d\dT", machine.at)
    assert machine.cpu
    assert machine.cores >= 1
    assert machine.syncs_per_s > 0
    assert set(machine.packages) == {"websockets", "uvloop", "msgspec", "ocpp"}


def test_program_measures_what_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a table with the machine and the date, and as JSON."""
    asked: list[program.Size] = []

    def one(size: program.Size) -> program.Measured:
        asked.append(size)
        return program.Measured([("a figure", "42", "≥ 1")], {"figure": 42})

    monkeypatch.setattr(program, "BENCHMARKS", {"one": one, "two": one})
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "figures.json"
    assert program.main(["two", "--quick", "--json", str(path)]) == 0
    assert asked == [program.QUICK]
    output = capsys.readouterr().out
    assert "a figure" in output
    figures = json.loads(path.read_text())
    assert figures["two"] == {"figure": 42}
    assert figures["machine"]["at"][:10] in output
    assert "one" not in figures


def test_unknown_benchmark_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """And the known ones are named."""
    with pytest.raises(SystemExit) as ended:
        program.main(["tea"])
    assert ended.value.code == 2
    assert "heartbeat, memory, storm, durable, pages" in capsys.readouterr().err


def test_frame_of_a_call() -> None:
    """As a server reads it."""
    frame = call_frame("1", "Heartbeat", "{}")
    assert frame.endswith(b'[2,"1","Heartbeat",{}]')
