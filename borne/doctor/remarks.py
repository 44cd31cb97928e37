"""What the doctor found, and how it is put before people."""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from borne.terminal import one_line
from runtime.client import BORNE
from runtime.wording import Phrase, replaced

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
    words: Phrase
    way: Phrase | None = None

    @property
    def text(self) -> str:
        """What was found, in English."""
        return self.words.en

    @property
    def way_out(self) -> str | None:
        """What to do, in English."""
        return self.way.en if self.way is not None else None


Wording = str | Phrase
"""A sentence in both languages; one string is what a program or the system itself says."""


def good(text: Wording) -> Remark:
    """All is well there."""
    return Remark(Level.GOOD, _phrase(text))


def note(text: Wording, way_out: Wording | None = None) -> Remark:
    """Worth knowing."""
    return Remark(Level.NOTE, _phrase(text), _phrase(way_out) if way_out else None)


def problem(text: Wording, way_out: Wording | None = None) -> Remark:
    """This is in the way."""
    return Remark(Level.PROBLEM, _phrase(text), _phrase(way_out) if way_out else None)


def _phrase(text: Wording) -> Phrase:
    return text if isinstance(text, Phrase) else Phrase(text, text)


@dataclass(slots=True)
class Chapter:
    """Findings about one thing."""

    title: Wording
    remarks: list[Remark] = field(default_factory=list)


_COMMAND = re.compile(rf"(?<![\w/.=-]){BORNE}(?= (?:ctl|doctor|watch|run) )")


def print_chapters(
    console: Console, chapters: Iterable[Chapter], language: str = "en", program: str = BORNE
) -> None:
    """Each chapter that has something to say, then what to do first.

    `program` is how the program has to be called here to ask the server that was examined: whoever reads a
    command copies it.
    """
    shown = [_called(chapter, program) for chapter in chapters if chapter.remarks]
    for chapter in shown:
        console.print(one_line(_phrase(chapter.title).in_(language), "bold"))
        console.print(_remarks(chapter.remarks, language))
    console.print(one_line(next_step(shown, language), "bold"))


def _called(chapter: Chapter, program: str) -> Chapter:
    return Chapter(
        chapter.title, [replace(each, way=_runnable(each.way, program)) for each in chapter.remarks]
    )


def _runnable(way: Phrase | None, program: str) -> Phrase | None:
    if way is None:
        return None
    return replaced(way, lambda text: _COMMAND.sub(lambda _: program, text))


def _remarks(remarks: Iterable[Remark], language: str) -> Padding:
    """Signs in one column, sentences in the other, ways out below them."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    for remark in remarks:
        sign, style = remark.level.value
        grid.add_row(one_line(sign, style), one_line(remark.words.in_(language)))
        if remark.way is not None:
            grid.add_row("", one_line(f"→ {remark.way.in_(language)}", "cyan"))
    return Padding(grid, (0, 0, 1, 2))


NEXT = Phrase("À faire :", "Next:")
WORTH_DOING = Phrase("Rien ne bloque. À faire si possible :", "Nothing is in the way. Worth doing:")
SEE_ABOVE = Phrase("Il y a des problèmes, voir plus haut.", "There are problems, see above.")
NOTHING = Phrase("Rien ne bloque.", "Nothing is in the way.")


def next_step(chapters: Sequence[Chapter], language: str = "en") -> str:
    """What to do first: the way out of the first problem, else of the first note."""
    found = [remark for chapter in chapters for remark in chapter.remarks]
    for level, words in ((Level.PROBLEM, NEXT), (Level.NOTE, WORTH_DOING)):
        ways = (each.way for each in found if each.level is level and each.way is not None)
        first = next(ways, None)
        if first is not None and not (level is Level.NOTE and _has_problem(found)):
            return f"{words.in_(language)} {first.in_(language)}"
    return (SEE_ABOVE if _has_problem(found) else NOTHING).in_(language)


def _has_problem(remarks: Iterable[Remark]) -> bool:
    return any(each.level is Level.PROBLEM for each in remarks)


def exit_code(chapters: Iterable[Chapter], *, is_server_there: bool) -> int:
    """0 nothing is in the way, 1 something is, 3 no server could be asked."""
    if not is_server_there:
        return CANNOT_RUN
    return FAILED if any(_has_problem(chapter.remarks) for chapter in chapters) else FINE
