"""`borne conform` as people type it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from borne.cli import app
from borne.conform.suite import Choice, chosen_cases
from simulator.conform.errors import ConformError

RUNNER = CliRunner()
SIM = ["conform", "--station", "sim:ac-201"]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_simulated_station_passes_and_every_report_says_so(tmp_path: Path) -> None:
    """The table, HTML, JUnit; the edition, and that it is no certification."""
    reports = ["--html", "r.html", "--junit", "r.xml", "--prove"]
    result = RUNNER.invoke(app, [*SIM, "--only", "TC_B_06", "--only", "b_20", *reports])
    assert result.exit_code == 0, result.output
    assert "✓ TC_B_06_CS" in result.output
    assert "Core: 2 of 104 mandatory, " in result.output
    assert "2 cases fail against their mutant" in result.output
    assert "no certification" in result.output
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "no certification" in page
    assert "B11.FR.03" in page
    assert "GetVariables" in page
    assert "<script" not in page
    suite = ET.parse(tmp_path / "r.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "0")


def test_json() -> None:
    """The same for programs; the rest goes to the other stream."""
    result = RUNNER.invoke(app, [*SIM, "--only", "TC_B_06", "--json"])
    content = json.loads(result.stdout)
    (case,) = content["cases"]
    assert (case["id"], case["verdict"]) == ("TC_B_06_CS", "passed")
    assert content["profiles"][0]["mandatory"] == 104
    assert any(frame["frame"][2] == "BootNotification" for frame in case["frames"])


def test_list_and_first_file(tmp_path: Path) -> None:
    """What there is, and a file to begin with, which can be read again."""
    result = RUNNER.invoke(app, [*SIM, "--list"])
    assert "TC_B_20_CS" in result.output
    for side in (SIM, ["conform"]):
        (tmp_path / "conform.yaml").unlink(missing_ok=True)
        assert RUNNER.invoke(app, [*side, "--init"]).exit_code == 0
        assert RUNNER.invoke(app, [*side, "--init"]).exit_code == 2
        assert RUNNER.invoke(app, [*side, "--list"]).exit_code == 0


def test_a_first_file_knows_the_station(tmp_path: Path) -> None:
    """Its device model answers for features."""
    assert RUNNER.invoke(app, [*SIM, "--init"]).exit_code == 0
    assert "  C-49: true\n" in (tmp_path / "conform.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--only", "TC_Z"], "no case was chosen"),
        (["--profile", "nonsense"], "there is no profile nonsense"),
        (["--from", "TC_Z_01"], "there is no case TC_Z_01"),
        (["--csms", "ws://x"], "one side at a time"),
        (["--lang", "de"], "--lang is fr or en"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], text: str) -> None:
    """With exit code 2, before anything is played."""
    result = RUNNER.invoke(app, [*SIM, *arguments])
    assert result.exit_code == 2
    assert text in " ".join(result.output.replace("│", " ").split())


def test_a_station_that_cannot_be(tmp_path: Path) -> None:
    """No such template, and no such kind."""
    assert RUNNER.invoke(app, ["conform", "--station", "sim:none"]).exit_code == 2
    (tmp_path / "conform.yaml").write_text("nonsense: 1\n")
    assert RUNNER.invoke(app, SIM).exit_code == 2


def test_choices() -> None:
    """Profiles by any spelling, beginnings of ids, where to begin."""
    core = chosen_cases(Choice(side="csms", profiles=("Core",), only=("B",), begin="TC_B_20"))
    assert core[0].case_id == "TC_B_20_CSMS"
    assert all(case.block == "B" for case in core)
    with pytest.raises(ConformError):
        chosen_cases(Choice(side="cs", begin="TC_A_99"))
