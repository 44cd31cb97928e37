"""Lists of many stations on a complete server: what they take, and how long they hold the loop."""

import argparse
from pathlib import Path

import pytest

from benchmarks.stations_list import PATHS, Asked, main, measure, promised


async def test_each_list_is_asked_for_and_measured(tmp_path: Path) -> None:
    """Of stations in all states; each filter finds some, and counts them."""
    found = await measure(tmp_path, argparse.Namespace(stations=480, times=2, settle_s=0.0))
    assert [each.path for each in found] == ["(first page)", *PATHS[1:]]
    assert {each.status for each in found} == {200}
    totals = [int(each.total) for each in found]
    assert totals[0] == 480
    assert all(0 < total <= 480 for total in totals)
    assert totals[3] < totals[1] < totals[0]
    assert all(0 < each.kb < 100 and each.held_cpu_ms > 0 for each in found)
    assert all(each.cpu_ms > 0 for each in found)


@pytest.mark.parametrize(
    ("median_ms", "kb", "held_ms", "words"),
    [
        (49.0, 99.9, 10.0, ["met", "met", "met"]),
        (50.0, 99.9, 10.0, ["MISSED", "met", "met"]),
        (49.0, 100.0, 10.0, ["met", "MISSED", "met"]),
        (49.0, 99.9, 10.1, ["met", "met", "MISSED"]),
    ],
)
def test_what_is_promised_is_held_against_it(
    median_ms: float, kb: float, held_ms: float, words: list[str]
) -> None:
    """The first page is the bare one; the loop is not to be held by any list."""

    def asked(path: str, median_ms: float, kb: float, held_ms: float) -> Asked:
        return Asked(path, 200, 100, "480", kb, median_ms, median_ms, median_ms, 1.0, held_ms, 1.0)

    found = [asked("(first page)", median_ms, kb, 1.0), asked("?q=acme", 80.0, 300.0, held_ms)]
    assert list(promised(found).values()) == words


def test_one_answer_of_each_is_too_few(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The worst of those after the first is told; it is said before a server is filled."""
    monkeypatch.setattr("sys.argv", ["stations_list", "--times", "1"])
    with pytest.raises(SystemExit):
        main()
    assert "--times 1: at least 2" in capsys.readouterr().err
