"""Writes docs/reference/requirements.md: what the getting-started guide asks for, where it is held, and by
which tests that is shown.

`tools/requirements.toml` says what and where; tests say `@pytest.mark.requirement("R17", "refuses")` and
`"passes"`. The marks are read from the source: no test is run for it.

Run: python -m tools.generate_requirements_page [--check]. With --check nothing is written, and a stale page
is named with exit code 1.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "requirements.md"
LIST = Path(__file__).with_name("requirements.toml")
SHOWS = ("refuses", "passes")
"""What a test shows of a requirement."""

HEAD = """<!-- Written by tools/generate_requirements_page.py from tools/requirements.toml. -->

# Requirements of the getting-started guide

What has to be done after a station was bought until it charges, and by whom, as R1 to R46. A requirement is
**held** where the code refuses what is against it: a test shows it refuse, another shows it pass, and the
suite fails where one is missing. Of an **open** one the page says what there is instead. Gates arm themselves
by what exists: a site without orders, services or certification policy is asked for none of it
([lifecycle](lifecycle.md#gates)).

| | Asks for | Held in | Refuses | Passes |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Requirement:
    """One of them. `held_in` is the module that enforces it; empty while it is open."""

    number: str
    says: str
    held_in: str = ""
    open: str = ""

    @property
    def is_held(self) -> bool:
        """Whether something enforces it."""
        return bool(self.held_in)


@dataclass(frozen=True)
class Mark:
    """A test that shows something of a requirement."""

    number: str
    shows: str
    file: str
    test: str


def requirements() -> Sequence[Requirement]:
    """All, in their order."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return [Requirement(number, **each) for number, each in listed.items()]


def marks(folder: Path = ROOT / "tests") -> Sequence[Mark]:
    """Those of every test, in the order of their files."""
    found: list[Mark] = []
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.requirement(" in text:
            found += marks_of(text, path.relative_to(folder.parent).as_posix())
    return found


def marks_of(text: str, file: str) -> Iterator[Mark]:
    """Those of one file."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for each in node.decorator_list:
                if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.requirement":
                    number, shows = (ast.literal_eval(argument) for argument in each.args)
                    yield Mark(number, shows, file, node.name)


def missing(listed: Sequence[Requirement], found: Sequence[Mark]) -> Sequence[str]:
    """What is wrong with the list and its tests, as sentences."""
    known = {each.number: each for each in listed}
    shown = {(each.number, each.shows) for each in found}
    wrong = [
        f"{each.number} is held, but no test shows that it {shows}"
        for each in listed
        for shows in SHOWS
        if each.is_held and (each.number, shows) not in shown
    ]
    for mark in found:
        name = f"{mark.file}::{mark.test}"
        if mark.number not in known:
            wrong.append(f"{name}: there is no {mark.number}")
        elif not known[mark.number].is_held:
            wrong.append(f"{name}: {mark.number} is open")
        if mark.shows not in SHOWS:
            wrong.append(f"{name}: a test refuses or passes, it does not {mark.shows!r}")
    return wrong


def page() -> str:
    """The whole page."""
    by_requirement: dict[tuple[str, str], list[Mark]] = {}
    for mark in marks():
        by_requirement.setdefault((mark.number, mark.shows), []).append(mark)
    return HEAD + "".join(_row(each, by_requirement) for each in requirements())


def _row(each: Requirement, found: Mapping[tuple[str, str], Sequence[Mark]]) -> str:
    if not each.is_held:
        return f"| {each.number} | {each.says} | open: {each.open} | – | – |\n"
    tests = (" ".join(map(_link, found.get((each.number, shows), ()))) or "–" for shows in SHOWS)
    where = f"[`{each.held_in}`](../../{each.held_in})"
    return f"| {each.number} | {each.says} | {where} | {' | '.join(tests)} |\n"


def _link(mark: Mark) -> str:
    return f"[`{mark.test}`](../../{mark.file})"


def main(arguments: list[str]) -> int:
    """Write or check the page; the exit code."""
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    if "--check" in arguments:
        print(f"docs/reference/{PAGE.name} is not fresh: run python -m tools.generate_requirements_page")
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote docs/reference/{PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
