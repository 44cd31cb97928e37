"""The built wheel, away from its sources: everything it reads is in it."""

import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.support.process import free_port
from tests.support.sources import ROOT
from tests.support.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it; what the wheel depends on is lent by the one of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=PATIENCE_S)
    (wheel,) = folder.glob("borne-*.whl")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    # A line in a .pth file adds the folder, but not what that folder's own .pth files add (these sources).
    Path(where, "lent.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        where,
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True, timeout=PATIENCE_S)
    return python


def run(python: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`borne …` out of the wheel, in a folder with nothing in it."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), "LANG": "C.UTF-8"}
    return subprocess.run(
        [python, "-m", "borne", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_the_wheel_does_not_read_the_sources(python: Path, tmp_path: Path) -> None:
    """Otherwise the tests below would prove nothing."""
    found = subprocess.run(
        [python, "-c", "import borne, scenarios; print(borne.__file__, scenarios.__file__)"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert str(ROOT) not in found


def test_power_up_passes_out_of_the_wheel(python: Path, tmp_path: Path) -> None:
    """`borne run power-up` needs nothing but the wheel."""
    done = run(python, "run", "power-up", "--fast", "20", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_the_demo_starts_out_of_the_wheel(python: Path, tmp_path: Path) -> None:
    """Migrations, templates and pages are in it: `borne up --demo` reaches its first activation."""
    command = [str(python), "-m", "borne", "up", "--demo", "--ocpp-port", str(free_port())]
    command += ["--http-port", str(free_port())]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    seen: list[str] = []
    with process:
        for line in process.stdout:
            seen.append(line)
            if "active" in line:
                break
        process.terminate()
        rest = process.communicate(timeout=PATIENCE_S)[0]
    text = "".join(seen) + rest
    assert "active" in "".join(seen), text
    assert process.returncode == 0, text
