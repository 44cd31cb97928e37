"""The command itself: its version, and what it does when nobody reads any more."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from borne.cli import app
from borne.terminal import PIPE_CLOSED

BORNE = [sys.executable, "-m", "borne"]
STOPPED = 130


def test_version() -> None:
    """One line, for bug reports and scripts."""
    shown = CliRunner().invoke(app, ["--version"])
    assert shown.exit_code == 0
    assert shown.output.split()[0] == "borne"
    assert shown.output.split()[1][0].isdigit()


def test_a_command_loads_no_server() -> None:
    """What only a server needs takes longer to load than most commands to run."""
    heavy = {"fastapi", "sqlalchemy", "alembic", "jinja2", "fpdf"}
    loaded = f"import sys, borne.cli; print(*{heavy} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["station", "--list"], PIPE_CLOSED),
        (["station", "ws://127.0.0.1:1/ocpp/x"], STOPPED),
        (["station", "ws://127.0.0.1:1/ocpp/x", "--json"], STOPPED),
    ],
)
def test_nobody_reads_any_more(words: list[str], code: int) -> None:
    """`| head`: it ends, as a tool does, without a traceback; also where it would go on for ever."""
    pipe = subprocess.PIPE
    with subprocess.Popen([*BORNE, *words], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    assert (process.returncode, said) == (code, b"")
