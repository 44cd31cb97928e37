"""`make coverage`: is each module of the core covered by its own test file, every line and every branch?

Covered by some test is not much: a translator runs in each test that opens a socket, and few of those would
notice if it were wrong. So what counts for `csms/rules/ends.py` is what `tests/csms/rules/test_ends.py` runs.
One run of pytest over the own test files of PACKAGES, with a context for each of them; a line that runs on
import counts as covered. What lacks is printed; exit code 1 where more lacks than FLOORS allows.

Run: python -m tools.own_coverage [PACKAGE ...], with packages of PACKAGES; all of them without any.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
PLUGIN = "tools.own_coverage_plugin"
SETTINGS = "OWN_COVERAGE"
"""Environment variable for the plugin: the modules to import, their files and the data file, as JSON."""

PACKAGES: tuple[str, ...] = ("access", "charging", "csms/rules", "ocppj", "provisioning/gates")

OPEN: Mapping[str, str] = {
    "csms/domain": "records and news are tested through the rules and the API",
    "provisioning/rules": "tested through the use cases, but for activating and keeping_hours",
}
"""Packages of the core that are not asked yet, and why."""

_WIRE_AND_MODEL = tuple(
    f"tests/ocppj/test_{each}.py"
    for each in (
        "command_check",
        "commands",
        "convert_v16",
        "convert_v2x",
        "convert_values",
        "dividing",
        "file_commands",
        "golden_commands",
        "messages",
        "translated_answers",
        "translated_commands",
        "translation",
        "written_customers",
        "written_display",
        "written_messages",
        "written_monitoring",
        "written_smart_charging",
    )
)
TABLES: Mapping[str, tuple[str, ...]] = {
    "access/control.py": ("tests/access/test_sessions.py",),
    "ocppj/model": _WIRE_AND_MODEL,
    "ocppj/shared.py": _WIRE_AND_MODEL,
    "ocppj/translation.py": _WIRE_AND_MODEL,
    "ocppj/v16": _WIRE_AND_MODEL,
    "ocppj/v201": _WIRE_AND_MODEL,
    "ocppj/v21": _WIRE_AND_MODEL,
    "ocppj/v2x": _WIRE_AND_MODEL,
}
"""Module, or a folder of modules → its own test files beside `test_<module>.py`.

A message is tested in all versions at once, wire against model, row by row: what 1.6 and 2.x make of the same
thing stands side by side there, and would be torn apart by a file for each block of each version. Sessions
are tested through what begins and ends them.
"""

HURRIED: tuple[str, ...] = (
    "tests/ocppj/aio/test_server.py::test_500_stations_connect_at_once_and_each_is_answered",
    "tests/ocppj/aio/test_watch.py::test_a_flood_that_is_never_read_and_half_closed_stops_no_supervision",
    "tests/ocppj/test_codec.py::test_a_hundred_thousand_keys_are_read_in_one_pass",
)
"""Tests that are about speed: where every line is traced they are late, and `make test` runs them."""

FLOORS: Mapping[str, int] = {
    "access/invitations_api.py": 1,  # an invitation that goes between being found and being changed
    "ocppj/aio/client.py": 7,
    "ocppj/aio/connection.py": 21,
    "ocppj/aio/pipe.py": 5,
    "ocppj/aio/request.py": 85,
    "ocppj/aio/server.py": 9,
    "ocppj/aio/tls.py": 15,
    "ocppj/aio/turns.py": 15,
    "ocppj/aio/upgrade.py": 41,
    "ocppj/aio/watch.py": 1,
    "ocppj/aio/wire.py": 2,
}
"""Module → how many of its lines and branches its own test file may leave out. It may only get better: write
the lesser number here, and take it out with the last one.
"""


@dataclass(frozen=True)
class Lack:
    """What the own test file of a module leaves out: lines, and branches by the line that they leave."""

    module: str
    lines: tuple[int, ...]
    branches: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many of both."""
        return len(self.lines) + len(self.branches)


def main(arguments: Sequence[str]) -> int:
    """Run, and print what lacks."""
    unknown = sorted(set(arguments) - set(PACKAGES))
    if unknown:
        print(f"No such package here: {', '.join(unknown)}. There are: {', '.join(PACKAGES)}")
        return 2
    packages, began = tuple(arguments) or PACKAGES, time.monotonic()
    modules = sorted(_modules(packages))
    with tempfile.TemporaryDirectory(prefix="own-coverage-") as folder:
        data_file = Path(folder) / "data"
        code = _run(modules, data_file)
        if code != 0:
            print(f"The tests ended with exit code {code}: nothing is said of their coverage.")
            return code
        lacking = list(_lacking(modules, data_file))
    return report(modules, lacking, time.monotonic() - began)


def _modules(packages: Iterable[str]) -> Iterator[str]:
    for package in packages:
        for path in (ROOT / package).rglob("*.py"):
            yield path.relative_to(ROOT).as_posix()


def _run(modules: Sequence[str], data_file: Path) -> int:
    """The own test files, with the plugin that measures them. Few examples show which lines run."""
    asked = {
        "data_file": str(data_file),
        "files": [str(ROOT / module) for module in modules],
        "modules": [
            module.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for module in modules
        ],
    }
    options = (
        f"-n{WORKERS}",
        "--dist=loadfile",
        "-q",
        "--no-header",
        "--hypothesis-profile=short",
        "-p",
        PLUGIN,
    )
    own = sorted({each for module in modules for each in own_files(module) if (ROOT / each).exists()})
    hurried = (f"--deselect={each}" for each in HURRIED)
    command = [sys.executable, "-m", "pytest", *options, *hurried, *own]
    around = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = around | {SETTINGS: json.dumps(asked)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def own_files(module: str) -> tuple[str, ...]:
    """The test files whose work it is to cover a module."""
    path = Path(module)
    folder = path.parent.as_posix()
    own = f"tests/{folder}/test_{path.stem}.py"
    return (own, *TABLES.get(module, TABLES.get(folder, ())))


def _lacking(modules: Iterable[str], data_file: Path) -> Iterator[Lack]:
    measured = Coverage(data_file=str(data_file), branch=True, config_file=False)
    measured.combine([str(path) for path in data_file.parent.iterdir()])
    for module in modules:
        contexts = [re.escape(each) for each in own_files(module)]
        measured.get_data().set_query_contexts([f"^({'|'.join(['', *contexts])})$"])
        _, _, _, lines, _ = measured.analysis2(str(ROOT / module))
        exits = measured.branch_stats(str(ROOT / module))
        branches = [line for line, (there, taken) in exits.items() if taken < there and line not in lines]
        if lines or branches:
            yield Lack(module, tuple(lines), tuple(sorted(branches)))


def report(modules: Sequence[str], lacking: Sequence[Lack], took_s: float) -> int:
    """The table; 1 if more lacks than may."""
    counts = dict.fromkeys(modules, 0) | {each.module: each.count for each in lacking}
    for each in lacking:
        may = FLOORS.get(each.module, 0)
        print(f"{'LACKS' if each.count > may else 'may lack':8}  {each.module}: {_places(each)}")
        print(f"          {each.count} in {', '.join(own_files(each.module))}; {may} may")
    for module, may in FLOORS.items():
        if counts.get(module, may) < may:
            print(f"BETTER    {module}: {counts[module]} lack, and {may} may: write that down in FLOORS")
    whole = len(modules) - len(lacking)
    for package, why in OPEN.items():
        print(f"not asked yet: {package}: {why}")
    print(f"{whole} of {len(modules)} modules are covered by their own test files; {took_s:.0f} s.")
    return 1 if any(count > FLOORS.get(module, 0) for module, count in counts.items()) else 0


def _places(lack: Lack) -> str:
    parts = []
    if lack.lines:
        parts.append(f"lines {', '.join(map(str, lack.lines))}")
    if lack.branches:
        parts.append(f"a branch of {', '.join(map(str, lack.branches))}")
    return "; ".join(parts)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
