"""The tutorial's files and commands, as they stand there: a green run and a red one."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "tutorial" / "ci.md"
BLOCK = re.compile(r"^```(python|yaml)\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (pytest .*)\n(\d.*)$", re.MULTILINE)


def files_of(text: str) -> dict[str, str]:
    """Each block whose first line names its file."""
    return {name: content for _, name, content in BLOCK.findall(text) if not name.startswith(".")}


def run(command: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """As somebody types it; the plugin is named, as nothing was installed here."""
    words = [sys.executable, "-m", *command.split(), "-p", "borne.pytest_plugin", "-p", "no:cacheprovider"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BORNE_")}
    return subprocess.run(
        words, cwd=folder, env=clean | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the tutorial's files, and no settings of anybody's."""
    for name, content in files_of(PAGE.read_text(encoding="utf-8")).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return tmp_path


def test_the_tutorial_is_played(folder: Path) -> None:
    """Green twice; then red, with the line, the folder, the note and the summary."""
    (green, its_end), (red, red_end) = COMMAND.findall(PAGE.read_text(encoding="utf-8"))
    done = run(green, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert its_end in done.stdout
    summary = folder / "summary.md"
    done = run(red, folder, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1, done.stdout + done.stderr
    assert red_end in done.stdout
    assert "fault.scenario.yaml:7: step 3 Status of connector 1: Faulted" in done.stdout
    assert "::error file=fault.scenario.yaml,line=7,title=" in done.stdout
    assert "| passed |" in summary.read_text(encoding="utf-8")
    assert "| failed |" in summary.read_text(encoding="utf-8")
    (kept,) = (folder / "borne-run").iterdir()
    assert {each.name for each in kept.iterdir()} == {"a.jsonl", "server.log", "sequence.html"}
    assert "BootNotification" in (kept / "a.jsonl").read_text(encoding="utf-8")
    assert "BootNotification" in (kept / "sequence.html").read_text(encoding="utf-8")
    suite = ET.parse(folder / "results.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
