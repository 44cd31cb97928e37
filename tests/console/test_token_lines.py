"""A list from lines that were pasted: all of them, or nothing."""

import pytest

from console.pasted_lines import pasted_lines, uploaded_fields
from console.token_lines import ListChange, changed_list
from console.words import Words
from ocppj.vocabulary import IdToken, IdTokenType

EN = Words("en")
KNOWN = (IdToken("AB12"), IdToken("DE*1", IdTokenType.EMAID))


def test_tokens_come_and_go() -> None:
    """A card is the usual type; whatever the case of its letters, it is the same one."""
    added = changed_list(ListChange.ADD, KNOWN, "value;type\nab12\n\nCD34\nX9;emaid\n", EN)
    assert (added.changed, added.count, added.wrong) == (2, 3, ())
    assert {each.value for each in added.tokens} == {"AB12", "DE*1", "CD34", "X9"}
    removed = changed_list(ListChange.REMOVE, KNOWN, "de*1", EN)
    assert (removed.tokens, removed.changed) == ((KNOWN[0],), 1)
    replaced = changed_list(ListChange.REPLACE, KNOWN, "CD34,Central", EN)
    assert replaced.tokens == (IdToken("CD34", IdTokenType.CENTRAL),)
    assert changed_list(ListChange.REPLACE, KNOWN, "", EN).tokens == ()


@pytest.mark.parametrize(
    ("change", "text", "number", "fault"),
    [
        (ListChange.ADD, "A1\na1", 2, "stands in line 1 already"),
        (ListChange.ADD, "\n" + "A" * 37, 2, "is longer than 36 characters"),
        (ListChange.ADD, "A1,Card", 1, EN("tokens.no_type", types=", ".join(t.value for t in IdTokenType))),
        (ListChange.ADD, ",Central", 1, "has no value"),
        (ListChange.ADD, "A1,Central,Ann", 1, "has more than a value and a type"),
        (ListChange.REMOVE, "A1", 1, "is not on the list"),
        (ListChange.REMOVE, "AB12,Central", 1, "is not on the list"),
    ],
)
def test_one_line_that_is_wrong_takes_nothing_in(
    change: ListChange, text: str, number: int, fault: str
) -> None:
    """It is told by its number, with what it says."""
    made = changed_list(change, KNOWN, f"{text}\n", EN)
    assert made.tokens == ()
    assert [(each.number, each.fault) for each in made.wrong] == [(number, fault)]


def test_cells_stand_between_whatever_a_spreadsheet_writes() -> None:
    """Semicolons where French is spoken, tabs where cells are copied; quotes are taken off."""
    for text in ("a;b\n", "a\tb", '\N{ZERO WIDTH NO-BREAK SPACE}"a","b"\r\n', "a;b;;"):
        assert [each.cells for each in pasted_lines(text, ())] == [("a", "b")]


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_is_read_in_the_letters_that_it_was_written_in(letters: str) -> None:
    """With the other fields of its form."""
    head = b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n'
    body = head % (b"change", b"") + b"add\r\n" + head % (b"file", b'; filename="a.csv"')
    body += "é,b".encode(letters) + b"\r\n--x--\r\n"
    assert uploaded_fields("multipart/form-data; boundary=x", body) == {"change": "add", "file": "é,b"}
