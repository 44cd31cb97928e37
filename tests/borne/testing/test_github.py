"""What GitHub Actions reads: nothing of a text breaks out of its place."""

from borne.testing.github import TestNote, error_line, summary


def test_a_note_at_a_line() -> None:
    """Line ends, colons and commas are written as the workflow commands have them."""
    note = TestNote("a[x:1,y]", "failed", 1.26, "one 5%\ntwo", "dir/a,b.py", 7)
    assert note.is_red
    assert error_line(note) == "::error file=dir/a%2Cb.py,line=7,title=a[x%3A1%2Cy]::one 5%25%0Atwo"


def test_a_summary() -> None:
    """A row for each; cells stay cells."""
    text = summary([TestNote("a|b", "passed", 0.04), TestNote("c", "error", 2.0, "<b>\nx")])
    assert "| a\\|b | passed | 0.0 s |  |" in text
    assert "| c | error | 2.0 s | &lt;b> |" in text
