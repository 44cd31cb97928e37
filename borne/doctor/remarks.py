"""What the doctor found, and how it is put before people."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from borne.terminal import one_line

FINE, FAILED, CANNOT_RUN = 0, 1, 3


class Level(enum.Enum):
    """How bad it is; the value is its sign and colour."""

    GOOD = ("✓", "green")
    NOTE = ("!", "yellow")
    """Worth knowing; stations connect all the same."""
    PROBLEM = ("✗", "red")
    """Keeps stations from connecting, or from charging."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding; `way_out` says what to do about it."""

    level: Level
    text: str
    way_out: str | None = None


def good(text: str) -> Remark:
    """All is well there."""
    return Remark(Level.GOOD, text)


def note(text: str, way_out: str | None = None) -> Remark:
    """Worth knowing."""
    return Remark(Level.NOTE, text, way_out)


def problem(text: str, way_out: str | None = None) -> Remark:
    """This is in the way."""
    return Remark(Level.PROBLEM, text, way_out)


@dataclass(slots=True)
class Chapter:
    """Findings about one thing."""

    title: str
    remarks: list[Remark] = field(default_factory=list)


def print_chapters(console: Console, chapters: Iterable[Chapter]) -> None:
    """Each chapter that has something to say, then what to do first."""
    shown = [chapter for chapter in chapters if chapter.remarks]
    for chapter in shown:
        console.print(one_line(chapter.title, "bold"))
        console.print(_remarks(chapter.remarks))
    console.print(one_line(next_step(shown), "bold"))


def _remarks(remarks: Iterable[Remark]) -> Padding:
    """Signs in one column, sentences in the other, ways out below them."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    for remark in remarks:
        sign, style = remark.level.value
        grid.add_row(one_line(sign, style), one_line(remark.text))
        if remark.way_out:
            grid.add_row("", one_line(f"→ {remark.way_out}", "cyan"))
    return Padding(grid, (0, 0, 1, 2))


def next_step(chapters: Sequence[Chapter]) -> str:
    """What to do first: the way out of the first problem, else of the first note."""
    found = [remark for chapter in chapters for remark in chapter.remarks]
    for level, words in ((Level.PROBLEM, "Next:"), (Level.NOTE, "Nothing is in the way. Worth doing:")):
        first = next((each for each in found if each.level is level and each.way_out), None)
        if first is not None and not (level is Level.NOTE and _has_problem(found)):
            return f"{words} {first.way_out}"
    if _has_problem(found):
        return "There are problems, see above."
    return "Nothing is in the way."


def _has_problem(remarks: Iterable[Remark]) -> bool:
    return any(each.level is Level.PROBLEM for each in remarks)


def exit_code(chapters: Iterable[Chapter], *, is_server_there: bool) -> int:
    """0 nothing is in the way, 1 something is, 3 no server could be asked."""
    if not is_server_there:
        return CANNOT_RUN
    return FAILED if any(_has_problem(chapter.remarks) for chapter in chapters) else FINE
