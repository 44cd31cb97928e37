"""What the doctor says is read from top to bottom and ends with one thing to do."""

from io import StringIO

import pytest
from rich.console import Console

from borne.doctor.remarks import Chapter, Remark, exit_code, good, next_step, note, print_chapters, problem


def test_each_remark_stands_with_its_sign_and_way_out() -> None:
    """A chapter without remarks is left out; markup in a remark is text."""
    out = StringIO()
    chapters = [
        Chapter("Server", [good("it runs"), problem("port [bold]9000[/bold] is taken", "Stop it.")]),
        Chapter("Nothing here"),
    ]
    print_chapters(Console(file=out, width=80), chapters)
    lines = [line.strip() for line in out.getvalue().splitlines() if line.strip()]
    assert lines == [
        "Server",
        "✓ it runs",
        "✗ port [bold]9000[/bold] is taken",
        "→ Stop it.",
        "Next: Stop it.",
    ]


@pytest.mark.parametrize(
    ("remarks", "step"),
    [
        ([good("a")], "Nothing is in the way."),
        ([note("a", "Do a."), problem("b", "Do b."), problem("c", "Do c.")], "Next: Do b."),
        ([note("a"), note("b", "Do b.")], "Nothing is in the way. Worth doing: Do b."),
        ([note("a", "Do a."), problem("b")], "There are problems, see above."),
        ([problem("a")], "There are problems, see above."),
    ],
)
def test_the_next_step_is_the_first_way_out(remarks: list[Remark], step: str) -> None:
    """Problems before notes."""
    assert next_step([Chapter("A", remarks)]) == step


@pytest.mark.parametrize(
    ("remarks", "is_server_there", "code"),
    [
        ([good("a"), note("b")], True, 0),
        ([problem("a")], True, 1),
        ([problem("a")], False, 3),
        ([], False, 3),
    ],
)
def test_the_exit_code(remarks: list[Remark], is_server_there: bool, code: int) -> None:
    """0 nothing is in the way, 1 something is, 3 no server could be asked."""
    assert exit_code([Chapter("A", remarks)], is_server_there=is_server_there) == code
