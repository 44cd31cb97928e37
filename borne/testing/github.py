"""What GitHub Actions shows of red tests: a note at a line of a file, and a summary of the job. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TestNote:
    """One test, for the summary; red ones have a line of a file too."""

    __test__ = False

    name: str
    verdict: str
    seconds: float
    text: str = ""
    file: str = ""
    line: int = 0

    @property
    def why(self) -> str:
        """In a line."""
        return self.text.split("\n", 1)[0]

    @property
    def is_red(self) -> bool:
        """Whether it is told at its line."""
        return self.verdict in ("failed", "error")


def error_line(note: TestNote) -> str:
    """A workflow command (docs.github.com, Workflow commands for GitHub Actions)."""
    place = f"file={_property(note.file)},line={note.line},title={_property(note.name)}"
    return f"::error {place}::{_data(note.text)}"


def summary(notes: Iterable[TestNote]) -> str:
    """A table in Markdown."""
    rows = [
        f"| {_cell(each.name)} | {each.verdict} | {each.seconds:.1f} s | {_cell(each.why)} |"
        for each in notes
    ]
    return "\n".join(["### borne", "", "| Test | Verdict | Time | Why |", "|---|---|---|---|", *rows]) + "\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\r", " ")
