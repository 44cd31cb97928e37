"""The plugin in runs of others, who have borne installed and use nothing of it; and what is no failure."""

import os
import subprocess
import sys
from pathlib import Path

from borne.pytest_plugin import SCENARIO
from borne.testing.scenario_tests import line_of
from runtime.yaml_source import read_source
from tests.borne.testing.test_tutorial import run

UNUSED = """
import sys
import borne.pytest_plugin
heavy = {"pydantic", "fastapi", "sqlalchemy", "httpx", "simulator", "csms", "rich", "typer", "msgspec"}
sys.exit(", ".join(sorted(heavy & set(sys.modules))) or 0)
"""
OTHERS = """
def pytest_addoption(parser):
    parser.addoption("--repeat", action="store_true")
"""
OPEN = """
import pytest

def test_open(station):
    station.step({"prompt": "Wipe the screen."})

def test_no_rig(rig):
    rig.act("plug")
"""


def test_nothing_is_loaded_before_a_test_asks() -> None:
    """Of ours or of what we stand on."""
    done = subprocess.run([sys.executable, "-c", UNUSED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_plugin_may_have_the_short_names(tmp_path: Path) -> None:
    """Ours are longer then, and the run is as it was."""
    (tmp_path / "other_plugin.py").write_text(OTHERS, encoding="utf-8")
    (tmp_path / "test_x.py").write_text("def test_x(): pass\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = run(
        "pytest -p other_plugin --borne-repeat 3",
        tmp_path,
        PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_what_could_not_be_judged_is_an_error(tmp_path: Path) -> None:
    """Without a rig there is nothing to do; a file that breaks a rule is told with its place."""
    (tmp_path / "test_open.py").write_text(OPEN, encoding="utf-8")
    (tmp_path / f"wrong{SCENARIO}").write_text(
        "scenario: w\ntitle: W\nsteps: [{plog: 1}]\n", encoding="utf-8"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = run("pytest --continue-on-collection-errors", tmp_path)
    assert "there is no step `plog`; did you mean `plug`" in done.stdout
    assert "1 skipped, 2 errors" in done.stdout
    assert "A simulated station has nobody to ask." in done.stdout


def test_the_line_of_a_step() -> None:
    """By its number, also inside a group."""
    source = read_source("steps:\n  - plug:\n  - steps:\n      - plug:\n      - unplug:\n", "x.yaml")
    assert [line_of(source, number) for number in ("1", "2.1", "2.2")] == [2, 4, 5]
