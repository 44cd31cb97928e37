"""What the new tests say of the product as it was: tools/red_before.sh calls this.

The tests that a revision does not have are run on its product code. One that passes there shows nothing of
the change, unless it says why it stands: `@pytest.mark.held_before("...")`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools import red_before_plugin

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT_S = 60
"""A test that waits for what the old code never does ends here."""
PLUGIN = "tools.red_before_plugin"
COULD_NOT_RUN = (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
MARKER = "held_before(reason): passes before the change too"


def main(arguments: Sequence[str]) -> int:
    """Compare; 1 if a new test passes on the old code without a reason."""
    revision, *paths = arguments
    with _checkout(revision) as before:
        new = sorted(_collected(ROOT, paths) - _collected(before, paths))
        print(f"{len(new)} tests are new since {revision}; running them on its code ...", flush=True)
        shutil.rmtree(before / "tests")
        shutil.copytree(ROOT / "tests", before / "tests", ignore=shutil.ignore_patterns("__pycache__"))
        (before / "tools").mkdir(exist_ok=True)
        shutil.copy(Path(red_before_plugin.__file__), before / "tools")
        outcomes = _outcomes(before, new)
    return _report(new, outcomes)


@contextmanager
def _checkout(revision: str) -> Iterator[Path]:
    """The revision in a temporary work tree."""
    with tempfile.TemporaryDirectory(prefix="red-before-") as folder:
        tree = Path(folder) / "tree"
        git = ("git", "worktree")
        subprocess.run([*git, "add", "--quiet", "--detach", tree, revision], cwd=ROOT, check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", tree], cwd=ROOT, check=True)


def _pytest(tree: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """pytest on a tree's own packages, also in the processes that its tests start."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", f"markers={MARKER}"]
    return subprocess.run(
        [*command, *options],
        cwd=tree,
        env=_surroundings() | {"PYTHONPATH": str(tree)} | environment,
        check=False,
        capture_output=True,
        text=True,
    )


def _surroundings() -> dict[str, str]:
    """Without what a pytest around this one has said of itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}


def _collected(tree: Path, paths: Sequence[str]) -> set[str]:
    """The ids of a tree's tests."""
    present = [path for path in paths if (tree / path).exists()]
    if paths and not present:
        return set()
    run = _pytest(tree, "--collect-only", "--continue-on-collection-errors", *present)
    return {line for line in run.stdout.splitlines() if "::" in line and not line.startswith(("ERROR", " "))}


def _outcomes(tree: Path, new: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """Outcome and reason of each new test that could be run at all."""
    listed, results = tree.parent / "new.json", tree.parent / "results.jsonl"
    listed.write_text(json.dumps(list(new)), encoding="utf-8")
    results.touch()
    files = sorted({name.split("::")[0] for name in new})
    _run(tree, files, RED_BEFORE_NEW=str(listed), RED_BEFORE_RESULTS=str(results))
    rows = map(json.loads, results.read_text("utf-8").splitlines())
    return {row["test"]: (row["outcome"], row["reason"]) for row in rows}


def _run(tree: Path, files: Sequence[str], **environment: str) -> None:
    """Run what can be run of these files. One conftest that the old code cannot import ends all of pytest:
    then each half is tried for itself.
    """
    if not files:
        return
    options = ("-n2", "--continue-on-collection-errors", f"--timeout={TIMEOUT_S}", "-p", PLUGIN)
    run = _pytest(tree, *options, *files, **environment)
    if run.returncode not in COULD_NOT_RUN:
        print(f"{len(files)} files: {run.stdout.splitlines()[-1]}", flush=True)
    elif len(files) == 1:
        print(f"{files[0]}: {_last_line(run.stderr or run.stdout)}", flush=True)
    else:
        half = len(files) // 2
        for part in (files[:half], files[half:]):
            _run(tree, part, **environment)


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "pytest said nothing")


def _report(new: Sequence[str], outcomes: dict[str, tuple[str, str | None]]) -> int:
    counts = Counter(outcomes[name][0] if name in outcomes else "not importable" for name in new)
    print("On the old code: " + ", ".join(f"{count} {word}" for word, count in sorted(counts.items())))
    passed = [(name, outcomes[name][1]) for name in new if name in outcomes and outcomes[name][0] == "passed"]
    for name, reason in passed:
        if reason is not None:
            print(f"  holds before, too  {name}: {reason}")
    unexplained = [name for name, reason in passed if reason is None]
    for name in unexplained:
        print(f"  PASSES BEFORE      {name}")
    print(f"{len(unexplained)} new tests pass on the old code without a reason.")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
