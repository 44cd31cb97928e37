"""The one way to a person's terminal: what a stranger sent can neither steer it nor pass for a line of ours.

Everything that this program shows there goes through a `Terminal`, `print_text` or `complain`. Whatever the
words are, control characters, ANSI sequences and what turns the direction of text come out escaped, and no
markup is read in them. A text that holds somebody else's words is one line: make it with `one_line` or
`joined`, which escape line ends too; what has several lines is put together of several.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from typing import IO, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from runtime.texts import printable
from runtime.wording import Phrase

Part = str | tuple[str, str] | Text
LANGUAGE_NAMES = ("BORNE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""What says which language is spoken here: the first of these that is set."""
PIPE_CLOSED = 128 + signal.SIGPIPE
"""What a shell gives for a program that wrote to a pipe which nobody reads."""


class Terminal(Console):
    """Rich's console, without markup, and with an escape at the very end."""

    def __init__(self, *, stderr: bool = False, soft_wrap: bool = False, **options: Any) -> None:
        super().__init__(
            stderr=stderr, soft_wrap=soft_wrap, highlight=False, markup=False, emoji=False, **options
        )

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """What is about to be written, escaped but for the line ends of its layout."""
        for segment in super().render(renderable, options):
            if segment.control or (segment.text.isascii() and segment.text.isprintable()):
                yield segment
            else:
                yield Segment(lines_of(segment.text), segment.style)

    def on_broken_pipe(self) -> None:
        """Whoever read the output has left (`| head`): stop as after Ctrl-C, without a word."""
        self.quiet = True
        _reader_left(self.file)

    def out(self, *objects: Any, **options: Any) -> None:
        """As it is, escaped."""
        super().out(*(lines_of(str(each)) for each in objects), **options)


def _reader_left(stream: IO[str]) -> None:
    """Nobody reads what is written: write no more, and stop. Raises SystemExit where nothing else runs."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())  # what Python still holds is written at the exit
    os.close(nowhere)
    is_alone = threading.current_thread() is threading.main_thread() and not _has_loop()
    if is_alone:
        raise SystemExit(PIPE_CLOSED)
    signal.raise_signal(signal.SIGINT)  # an exception here would end one task in the middle of something


def _has_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _write(text: str, stream: IO[str]) -> None:
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        _reader_left(stream)


def one_line(text: str, style: str = "") -> Text:
    """One line of anybody's words."""
    return Text(printable(text), style)


def joined(*parts: Part, style: str = "") -> Text:
    """One line of several parts: words, words with a style, or what `one_line` and `joined` gave."""
    shown = Text(style=style)
    for part in parts:
        if isinstance(part, Text):
            shown.append_text(part)
        elif isinstance(part, str):
            shown.append(printable(part))
        else:
            shown.append(printable(part[0]), part[1])
    return shown


def language_of(environment: Mapping[str, str]) -> str:
    """The language of whoever sits at a terminal with these variables: French, else English."""
    locale = next((value for name in LANGUAGE_NAMES if (value := environment.get(name))), "")
    return "fr" if locale.lower().startswith("fr") else "en"


def here_of(words: Phrase) -> str:
    """A text as the reader of this terminal speaks."""
    return words.in_(language_of(os.environ))


def here(french: str, english: str) -> str:
    """The one of these texts that the reader of this terminal speaks."""
    return here_of(Phrase(french, english))


def print_text(text: str, *, is_trouble: bool = False) -> None:
    """One line, as it is, for people and programs."""
    _write(printable(text), sys.stderr if is_trouble else sys.stdout)


def print_json(content: Any) -> None:
    """A document of several lines; what is escaped in it is escaped as JSON does."""
    print_lines(json.dumps(content, indent=2, ensure_ascii=False))


def print_lines(text: str) -> None:
    """Several lines that were laid out by us, on standard output."""
    _write(lines_of(text), sys.stdout)


def show_table(table: Table, nothing: Phrase, language: str) -> None:
    """A table, whose first column is never broken; where it has no row, a sentence that says what would be
    in it.
    """
    if table.row_count:
        table.columns[0].no_wrap = True
        Terminal().print(table)
    else:
        print_text(nothing.in_(language))


def complain(*lines: str) -> None:
    """What is wrong and what to do, in red where there is colour, on standard error."""
    console = Terminal(stderr=True, soft_wrap=True)
    for number, text in enumerate(lines):
        console.print(one_line(text if number else f"borne: {text}", "red"))


def print_error(problem: Exception) -> None:
    """Why nothing was done, on standard error; `words` of a problem of ours are in both languages."""
    words, text = getattr(problem, "words", None), str(problem)
    if isinstance(problem, OSError) and problem.filename is not None:
        text = f"{problem.filename}: {problem.strerror}"
    told = words if isinstance(words, Phrase) else Phrase(text, text)
    print_text(here_of(Phrase(f"erreur : {told.fr}", f"error: {told.en}")), is_trouble=True)


def lines_of(text: str) -> str:
    """Several lines that were laid out by us: all is escaped but their ends."""
    return "\n".join(map(printable, text.split("\n")))
