"""`make mutants`: would the tests notice if a rule were wrong?

A mutant is a module with one thing in it changed (`mutations.OPERATORS`). Its own test file runs over it,
then, if that finds nothing, the tests of its group; a mutant that no test finds survives, and shows what
nobody asks. Which mutants are made follows from a seed, by default the commit: whoever looks at that commit
sees the same ones. One that does what the module did before is in `equivalent_mutants.toml`, with the reason.

A test that takes longer than TEST_S may mean a mutant that waits for ever, or a busy machine: such a mutant
runs once more at the end, alone and with PATIENCE times as long.

Prints what survived; exit code 1 where less than KILLED_LEAST of a group is found, 2 for a wrong argument.

Run: python -m tools.mutants [GROUP ...] [--count N] [--seed TEXT] [--workers N] [--own]
"""

import argparse
import importlib.machinery
import importlib.util
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from tools.mutations import OPERATORS, Mutant, Spot, mutant_at, spots_of
from tools.own_coverage import own_files

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
WORKERS = 2
COUNT = 240
"""Mutants of all groups together, by their sizes."""
GROUP_LEAST = 40
"""Mutants of a group, however small it is beside the others."""
KILLED_LEAST = 0.95
TEST_S = 60
"""For one test, in the first run of a mutant."""
RUN_S = 900
"""For all tests of a mutant, in the first run."""
PATIENCE = 4
"""Times as long has the second run of a mutant; what is late then too is found."""
PREPARED = ("pytest", "hypothesis", "msgspec", "sqlalchemy", "fastapi", "structlog", "websockets")
"""What every run needs: imported once, and there in each fork."""


class Verdict(IntEnum):
    """What the tests made of a mutant; the exit code of their run."""

    SURVIVED = 0
    FOUND = 1
    LATE = 99


@dataclass(frozen=True)
class Group:
    """Modules whose mutants are counted together. `tests` run where the own test file finds nothing."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS: Mapping[str, Group] = {
    "rules": Group(
        ("csms/rules", "provisioning/rules"),
        (
            "tests/csms/rules",
            "tests/provisioning/rules",
            "tests/csms/central",
            "tests/provisioning/use_cases",
        ),
    ),
    "gates": Group(("provisioning/gates",), ("tests/provisioning/gates",)),
    "translators": Group(("ocppj/v16", "ocppj/v2x", "ocppj/v21", "ocppj/shared.py"), ("tests/ocppj",)),
    "simulator": Group(("simulator/model", "simulator/station"), ("tests/simulator",)),
}

GENERATED = frozenset(f"ocppj/{version}/messages.py" for version in ("v16", "v201", "v21"))
"""The classes of the wire: what they say is the schemas', and compared with them."""


def chosen(groups: Iterable[str], count: int, seed: str) -> list[Mutant]:
    """Of so many mutants of all groups those of these: the same whether a group runs alone or not."""
    every = {name: list(_of_group(name)) for name in GROUPS}
    whole = sum(map(len, every.values()))
    picked: list[Spot] = []
    for name in groups:
        share = max(round(count * len(every[name]) / whole), min(GROUP_LEAST, count))
        picked += random.Random(f"{seed} {name}").sample(every[name], min(share, len(every[name])))
    texts = {each.file: (ROOT / each.file).read_text(encoding="utf-8") for each in picked}
    return sorted((mutant_at(each, texts[each.file]) for each in picked), key=str)


def _of_group(group: str) -> Iterator[Spot]:
    for name in GROUPS[group].modules:
        for path in sorted([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py")):
            file = path.relative_to(ROOT).as_posix()
            if file in GENERATED:
                continue
            yield from spots_of(group, file, path.read_text(encoding="utf-8"))


def equivalent() -> Mapping[tuple[str, str, str], str]:
    """(file, before, after) → why that changes nothing."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["mutant"]
    return {(each["file"], each["before"], each["after"]): each["reason"] for each in listed}


# Running ---------------------------------------------------------------------------------------------------


class _Loader(importlib.machinery.SourceFileLoader):
    """Gives a module another source than its file has."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(ROOT / mutant.file))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - it has one module
        """The mutant's."""
        return compile(self._mutant.source, str(ROOT / self._mutant.file), "exec")


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - as Python asks it
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """The mutant in place of its module."""
        if fullname != self._mutant.module:
            return None
        file = ROOT / self._mutant.file
        return importlib.util.spec_from_file_location(fullname, file, loader=_Loader(self._mutant))


def judge(mutant: Mutant, patience: int = 1, *, is_own_enough: bool = False) -> Verdict:
    """By its own test file, then, if that finds nothing, by the tests of its group."""
    own = [each for each in own_files(mutant.file) if (ROOT / each).exists()]
    for tests in (own,) if is_own_enough else (own, GROUPS[mutant.group].tests):
        if tests and (verdict := _verdict(mutant, tests, patience)) is not Verdict.SURVIVED:
            return verdict
    return Verdict.SURVIVED


def _verdict(mutant: Mutant | None, tests: Sequence[str], patience: int = 1) -> Verdict:
    """Of these tests, in a fork."""
    child = os.fork()
    if child == 0:
        os._exit(_run_tests(mutant, tests, patience))
    deadline = time.monotonic() + RUN_S * patience
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return Verdict.LATE
        time.sleep(0.02)
    code = os.waitstatus_to_exitcode(ended[1])
    return Verdict(code) if code in (Verdict.SURVIVED, Verdict.LATE) else Verdict.FOUND


class _Lateness:
    """A plugin of pytest that notices a test that failed because it took too long."""

    was_late = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Of each phase of each test."""
        self.was_late = self.was_late or (report.failed and "from pytest-timeout" in report.longreprtext)


def _run_tests(mutant: Mutant | None, tests: Sequence[str], patience: int) -> int:
    """In the fork: pytest over the mutant. Few examples are enough to find what is wrong everywhere."""
    import pytest  # it is there already in who forked

    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
    prepared = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    options = ("-x", "-q", "-p", "no:cacheprovider", f"--timeout={TEST_S * patience}", *prepared)
    repeatable = ("--hypothesis-profile=short", "--hypothesis-seed=0")
    lateness = _Lateness()
    try:
        code = int(pytest.main([*options, *repeatable, *tests], plugins=[lateness]))
    except BaseException:  # noqa: BLE001 - a mutant may end Python itself
        return Verdict.FOUND
    return Verdict.LATE if lateness.was_late else code


def main(arguments: Sequence[str]) -> int:
    """Make them, run the tests over them, print what came of it."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.split("\n", 1)[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; default: all")
    parser.add_argument("--count", type=int, default=COUNT, help=f"mutants (default {COUNT})")
    parser.add_argument("--own", action="store_true", help="only by own test files: a quick first look")
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"at once (default {WORKERS})")
    parser.add_argument("--seed", default="", help="which ones (default: the commit)")
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.groups) - set(GROUPS)):
        parser.error(f"no such group: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    began, seed = time.monotonic(), given.seed or _commit()
    for name in PREPARED:
        importlib.import_module(name)
    mutants = chosen(given.groups or GROUPS, given.count, seed)
    print(f"{len(mutants)} mutants, seed {seed}, by: {', '.join(OPERATORS)}", flush=True)
    own = sorted({each for mutant in mutants for each in own_files(mutant.file) if (ROOT / each).exists()})
    if _verdict(None, own, PATIENCE) is not Verdict.SURVIVED:
        print("The tests fail without any mutant: nothing is said of them. `make test` tells which.")
        return 2
    verdicts = judge_all(mutants, given.workers, is_own_enough=given.own)
    return report(verdicts, time.monotonic() - began)


def judge_all(mutants: Sequence[Mutant], workers: int, *, is_own_enough: bool) -> Mapping[Mutant, bool]:
    """Mutant → whether it was found."""
    verdicts: dict[Mutant, Verdict] = {}
    first_run = partial(judge, is_own_enough=is_own_enough)
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
        for mutant, verdict in zip(mutants, pool.map(first_run, mutants), strict=True):
            verdicts[mutant] = verdict
            print(f"\r{len(verdicts)} of {len(mutants)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for mutant in [each for each, verdict in verdicts.items() if verdict is Verdict.LATE]:
        print(f"late, once more: {mutant}", file=sys.stderr, flush=True)
        verdicts[mutant] = judge(mutant, PATIENCE, is_own_enough=is_own_enough)
    return {mutant: verdict is not Verdict.SURVIVED for mutant, verdict in verdicts.items()}


def report(verdicts: Mapping[Mutant, bool], took_s: float) -> int:
    """What survived, and how many of each group were found; 1 where that is too few."""
    known, is_enough = equivalent(), True
    for group in dict.fromkeys(each.group for each in verdicts):
        ours = {mutant: found for mutant, found in verdicts.items() if mutant.group == group}
        survived = [each for each, found in ours.items() if not found]
        same = [each for each in survived if (each.file, each.before, each.after) in known]
        for each in survived:
            reason = known.get((each.file, each.before, each.after))
            print(f"{'equivalent' if reason else 'SURVIVED':10}  {each}{f'  ({reason})' if reason else ''}")
        counted = len(ours) - len(same)
        found = len(ours) - len(survived)
        is_enough = is_enough and found >= KILLED_LEAST * counted
        share = 100 * found / counted if counted else 100
        print(f"{group}: {found} of {counted} found ({share:.1f} %), {len(same)} equivalent")
    print(f"{took_s:.0f} s; at least {100 * KILLED_LEAST:.0f} % of each group have to be found.")
    return 0 if is_enough else 1


def _commit() -> str:
    asked = ["git", "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
