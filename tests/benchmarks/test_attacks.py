"""Attackers send what they say, and their neighbours are measured with and without them."""

import subprocess
import sys
from itertools import islice

import pytest

from benchmarks import attacker, attacks
from benchmarks.attacker import ATTACKS, SUPERVISION
from benchmarks.raw_station import PING, PONG, TEXT, open_fleet
from benchmarks.servers import HERE, running_server

CONTINUATION = 0x0
OPCODES = {"pongs": {PONG}, "pings": {PING}, "fragments": {TEXT, CONTINUATION}}


def opcodes(piece: bytes) -> set[int]:
    """Of the frames in it; each is whole, and masked as a client's must be."""
    found, at = set(), 0
    while at < len(piece):
        assert piece[at + 1] & 0x80
        length, start = piece[at + 1] & 0x7F, at + 2
        if length >= 126:
            size = 2 if length == 126 else 8
            length, start = int.from_bytes(piece[start : start + size]), start + size
        assert piece[start : start + 4] == b"\0\0\0\0"
        found.add(piece[at] & 0x0F)
        at = start + 4 + length
    assert at == len(piece)
    return found


@pytest.mark.parametrize("name", ATTACKS)
def test_each_attack_is_made_of_whole_frames(name: str) -> None:
    """The server is to meet its kind of frame, not rubbish."""
    _, pieces = ATTACKS[name]
    for piece in islice(pieces(), 2):
        assert opcodes(piece) == OPCODES.get(name, {TEXT})


def test_neighbours_are_measured_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """One turn beside a real attacker; what became of it is told."""
    monkeypatch.setattr(attacks, "NEIGHBOURS", 4)
    figures = attacks.measure("pongs", rounds=1, seconds=0.2)
    assert figures.p99_ratio > 0
    assert figures.max_ms >= figures.p99_ms > 0
    assert figures.calm_max_ms >= figures.calm_p99_ms > 0
    assert (figures.sent, figures.answered) == (0, 0)
    assert figures.ended in ("left by itself", "cut off with 1008", "closed by the server")


def test_the_attack_on_the_supervision_goes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every peer floods and half-closes, and the server is there for the next one."""
    monkeypatch.setattr(attacker, "UNREAD", range(1000, 4000, 1000))
    monkeypatch.setattr(attacker, "HELD_S", 0.0)
    with running_server("ours") as server:
        attacker.attack_supervision(*server.address, "ATTACKER")
        with open_fleet(server.address, 1) as fleet:
            assert len(fleet.stations) == 1


def test_help_names_every_attack() -> None:
    """And the program is named by that of all benchmarks."""
    for module, words in (("benchmarks.attacks", [*ATTACKS, SUPERVISION]), ("benchmarks", ["attacks"])):
        done = subprocess.run(
            [sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=True, cwd=HERE
        )
        assert all(word in done.stdout for word in words)
