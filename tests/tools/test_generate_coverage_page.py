"""The page on the coverage of messages: fresh, and no cell of a built block empty without a reason."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ocppj.actions import Sender, actions_of
from ocppj.versions import OcppVersion
from tools import generate_coverage_page
from tools.generate_coverage_page import (
    BlockOfMessages,
    CoverageRow,
    EmptyReason,
    blocks,
    flaws,
    page,
    reasons,
    rows,
)

V16, V21 = OcppVersion.V16, OcppVersion.V21
BUILT = [BlockOfMessages("B", "Built", ["Reset"], is_built=True)]


def one_row(**filled: str) -> Mapping[tuple[OcppVersion, str], CoverageRow]:
    """A table of one action."""
    return {(V16, "Reset"): CoverageRow(V16, "Reset", filled)}


def reason(slug: str, *cells: tuple[OcppVersion, str, str]) -> EmptyReason:
    """Why these are empty."""
    return EmptyReason(slug, "Missing", "", cells)


def test_every_empty_cell_of_a_built_block_has_a_reason_and_every_reason_an_empty_cell() -> None:
    """And every action of a version is of one block."""
    assert not flaws(blocks(), reasons(), rows())


def test_the_built_blocks_are_those_that_are_said_to_be() -> None:
    """Device model, authorization, transactions, reservations, smart charging, firmware, monitoring."""
    assert [each.letter for each in blocks() if each.is_built] == ["B", "C", "E", "H", "K", "L", "N"]


def test_every_reason_says_something_once() -> None:
    """It is missing, or a clause gives it."""
    given = reasons()
    assert all(each.cells and (each.clause or each.because.startswith("Missing: ")) for each in given)
    assert len({each.slug for each in given}) == len(given)


def test_an_empty_cell_without_a_reason_is_named() -> None:
    """The others of its row are not."""
    assert flaws(BUILT, [], one_row(command="`reset`", scenario="", peer="")) == [
        "1.6 Reset scenario is empty without a reason",
        "1.6 Reset peer is empty without a reason",
    ]


def test_a_reason_for_a_filled_cell_is_named() -> None:
    """Whoever fills it takes the reason away."""
    given = [reason("why", (V16, "Reset", "scenario"))]
    assert flaws(BUILT, given, one_row(scenario="reset")) == ["why: 1.6 Reset scenario is filled"]
    assert flaws(BUILT, given, one_row(scenario="")) == []


def test_a_reason_for_what_is_no_cell_is_named() -> None:
    """An action that the version lacks, and a column that the action lacks."""
    given = [reason("why", (V21, "Reset", "peer"), (V16, "Reset", "central"))]
    assert flaws(BUILT, given, one_row(peer="x")) == [
        "why: 2.1 Reset peer is no cell",
        "why: 1.6 Reset central is no cell",
    ]


def test_two_reasons_and_one_of_another_block_are_named() -> None:
    """One says it all; of what is not built the page says so as a whole."""
    cell = (V16, "Reset", "peer")
    assert flaws(BUILT, [reason("one", cell), reason("two", cell)], one_row(peer="")) == [
        "two: 1.6 Reset peer has the reason one"
    ]
    other = [BlockOfMessages("A", "Other", ["Reset"])]
    assert flaws(other, [reason("one", cell)], one_row(peer="")) == [
        "one: 1.6 Reset peer is of a block that is not built"
    ]
    assert flaws(other, [], one_row(peer="")) == []


def test_an_action_of_no_block_of_two_and_of_no_version_is_named() -> None:
    """New actions are put somewhere."""
    listed = [BlockOfMessages("A", "One", ["Reset", "Nonsense"]), BlockOfMessages("B", "Two", ["Reset"])]
    assert flaws(listed, [], one_row()) == ["A: no version has Nonsense", "B: Reset is of A"]
    assert flaws([], [], one_row()) == ["Reset is of no block"]


def test_cells_are_those_of_the_side_that_sends() -> None:
    """A request of a station has no command, one of ours is not received; DataTransfer is both."""
    for (version, action), row in rows().items():
        sender = actions_of(version)[action].sender
        assert ("central" in row.filled) is (sender is not Sender.CSMS), action
        assert ("command" in row.filled) is (sender is not Sender.STATION), action


def test_rows_say_what_is_there() -> None:
    """Handled, kept and refused; a command under its wire name; what nothing plays."""
    assert rows()[V21, "NotifyEvent"].filled["central"] == "handled"
    assert rows()[V21, "NotifySettlement"].filled["central"] == "kept"
    assert rows()[V21, "OpenPeriodicEventStream"].filled["central"] == ""
    assert rows()[V16, "ChangeConfiguration"].filled["command"] == "`set-variables`"
    assert rows()[V16, "ChangeConfiguration"].filled["simulator"] == "answers"
    assert rows()[V16, "StopTransaction"].filled["simulator"] == "sends"
    assert rows()[V21, "SetNetworkProfile"].empty == ["command", "simulator", "scenario", "peer"]


def test_the_page_shows_every_row_and_where_a_reason_is_told() -> None:
    """A line for each action and version; a link to the reason's heading, which stands once."""
    text = page()
    for version, action in rows():
        assert text.count(f"| {action} | {version.label} |") == 1
    for each in reasons():
        assert f"[{each.slug}](#{each.slug})" in text
        assert text.count(f"### {each.slug}\n") == 1
    assert "| refused: [event-streams](#event-streams) |" in text


def test_the_page_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    """A new message, case or peer fails here."""
    assert generate_coverage_page.main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_page_is_named_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--check writes nothing and says what to run."""
    monkeypatch.setattr(generate_coverage_page, "PAGE", tmp_path / "coverage.md")
    assert generate_coverage_page.main(["--check"]) == 1
    assert "docs/reference/coverage.md is not fresh" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    assert generate_coverage_page.main([]) == 0
    assert generate_coverage_page.main(["--check"]) == 0
