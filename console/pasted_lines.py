"""Lines that somebody pasted, or the lines of a CSV file: cells between semicolons, tabs or commas."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

MARKS = ("\t", ";", ",")
"""What may stand between cells: the first of them that the text has. French spreadsheets write semicolons."""
FORM_HEAD = b"content-type: %b\r\n\r\n"


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line that is not empty, by its number in what was pasted."""

    number: int
    cells: tuple[str, ...]

    def cell(self, place: int) -> str:
        """Empty where the line is shorter."""
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class WrongLine:
    """Why a line was not taken, in the reader's language."""

    number: int
    text: str
    fault: str


def pasted_lines(text: str, headings: Collection[str]) -> list[PastedLine]:
    """All that are not empty; a first line of `headings` (small letters) is left out."""
    mark = next((each for each in MARKS if each in text), MARKS[-1])
    reader = csv.reader(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines(), delimiter=mark)
    found: list[PastedLine] = []
    for cells in reader:
        stripped = tuple(each.strip() for each in cells)
        while stripped and not stripped[-1]:
            stripped = stripped[:-1]
        if stripped:
            found.append(PastedLine(reader.line_num, stripped))
    if found and found[0].cells[0].casefold() in headings:
        return found[1:]
    return found


def uploaded_fields(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of a form with a file (multipart/form-data), each as text; a file that was not chosen is
    empty. Of a field that came twice, the last.
    """
    told = BytesParser(policy=HTTP).parsebytes(FORM_HEAD % content_type.encode("latin-1", "replace") + body)
    return {
        str(part.get_param("name", "", header="content-disposition")): _text_of(part)
        for part in told.walk()
        if not part.is_multipart()
    }


def _text_of(part: Message) -> str:
    """Spreadsheets write UTF-8, with or without a mark, or the letters of Windows."""
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
