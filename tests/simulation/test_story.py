"""Twenty hours of cuts and kills, and each of them the same again for its seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.server import BETWEEN
from tests.simulation.story import CRASH, CUTS, World, play
from tests.simulation.wiretap import TRANSACTION_MESSAGES
from tests.support.sources import ROOT

SEEDS = range(1, 21)
SMALL = World(simulated=6, boxes=6, seconds=1800.0, cuts=4, kills=2, crashes=2)
STATIONS, CHARGES_AT_LEAST = 50, 25


def unanswered_commits(trace: str) -> list[str]:
    """The messages (station and id) between whose commit and answer the server was killed, by the trace."""
    found = []
    lines = trace.splitlines()
    for place, line in enumerate(lines):
        if BETWEEN not in line:
            continue
        committed = line.partition(f"{BETWEEN} of ")[2].split(", ")
        assert lines[place - 1].endswith(f"commits {', '.join(committed)}")
        for each in committed:
            station, message_id = each.split(" ")
            before = [old for old in lines[:place] if station.upper() in old and message_id in old]
            if not any(" < " in old for old in before):
                found.append(each)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_an_hour_of_cuts_kills_and_crashes_loses_and_doubles_nothing(seed: int, tmp_path: Path) -> None:
    """I1 to I6 of `books`; each hour has a cut, a crash of a station, a kill between a commit
    and its answer, and much to lose."""
    outcome = play(seed, tmp_path)
    assert outcome.broken == []
    assert any(f"{cut}, connection" in outcome.trace for cut in CUTS)
    assert any(line.endswith(CRASH) for line in outcome.trace.splitlines())
    assert unanswered_commits(outcome.trace)
    heard = [message for message in outcome.books.messages if message.heard is not None]
    assert len({message.station for message in heard}) == STATIONS
    assert {message.action for message in heard if message.is_billing} == TRANSACTION_MESSAGES
    assert len(outcome.books.charges) > CHARGES_AT_LEAST


def test_the_same_seed_is_the_same_hour(tmp_path: Path) -> None:
    """Byte for byte: in this process, and in another one whose hashes are others, as a person plays it."""
    here = play(3, tmp_path / "here", SMALL)
    again = play(3, tmp_path / "again", SMALL)
    assert here.trace == again.trace
    assert here.trace != play(4, tmp_path / "other", SMALL).trace
    whole = play(3, tmp_path / "whole").trace
    written = tmp_path / "trace.txt"
    command = [sys.executable, "-m", "tests.simulation", "3", "--trace", str(written)]
    asked = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert written.read_text(encoding="utf-8") == whole
