"""What was done to a station, in a terminal."""

from io import StringIO

from rich.console import Console

from borne.audit_table import audit_table

ACT = {
    "at": "2026-11-29T21:04:11Z",
    "by": "mia",
    "kind": "review",
    "what": "void",
    "result": None,
    "reason": "a test\x1b[2J charge",
    "reference": "42",
}


def shown(language: str) -> str:
    """A terminal with the table."""
    out = StringIO()
    Console(file=out, width=120).print(audit_table([ACT], language))
    return out.getvalue()


def test_an_act_is_a_line() -> None:
    """Who, what and why; nothing that somebody wrote moves the cursor."""
    (line,) = [each for each in shown("en").splitlines() if "mia" in each]
    assert "review void" in line
    assert "a test" in line
    assert "\x1b" not in line


def test_the_columns_are_in_the_language_of_the_terminal() -> None:
    """Those of Québec too."""
    assert "by" in shown("en")
    assert "par qui" in shown("fr")
