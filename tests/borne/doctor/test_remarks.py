"""What the doctor says is read from top to bottom and ends with one thing to do."""

import re
from io import StringIO
from string import Formatter

import pytest
from rich.console import Console

from borne.doctor.remarks import Chapter, Remark, exit_code, good, next_step, note, print_chapters, problem
from borne.doctor.words import attempt_remark, blocker_remark
from console.advice import ADVICE
from provisioning.catalogue import CATALOGUE, blocker
from runtime.wording import Phrase

PLACEHOLDER = re.compile(r"\{\w*\}|<(?:id|station|host|port)>")


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


def test_a_command_can_be_copied_where_the_server_is_elsewhere() -> None:
    """It asks the server that was examined; a word that only looks like the program's name stays."""
    out = StringIO()
    way = Phrase("Admettez-la : borne ctl adopt B1", "Let it in: borne ctl adopt B1")
    chapters = [Chapter("x", [problem("p", way), note("n", "See /opt/borne ctl x and xborne ctl y.")])]
    print_chapters(Console(file=out, width=200), chapters, "fr", "BORNE_API=http://h:8081 .venv/bin/borne")
    assert out.getvalue().count("BORNE_API=http://h:8081 .venv/bin/borne ctl adopt B1") == 2
    assert "See /opt/borne ctl x and xborne ctl y." in out.getvalue()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_left_to_fill_in(language: str) -> None:
    """Every line of the catalogue, and every advice on a failed connection, as the doctor prints them."""
    station = {"station_id": "b1", "lifecycle": "active"}
    names = {
        name
        for entry in CATALOGUE.values()
        for text in (entry.text.fr, entry.text.en, *entry.way_out.as_json.values(), entry.way_out.fr)
        for _, name, _, _ in Formatter().parse(text or "")
        if name
    }
    fields = dict.fromkeys(names, "X")
    remarks = [blocker_remark(station, blocker(code, **fields).at("b1").as_json) for code in CATALOGUE]
    attempt = {"at": "2026-01-05T12:00:00Z", "peer": "192.0.2.7:4000", "detail": "It failed.", "cause": None}
    for identity in ("b1", None):
        remarks += [attempt_remark(attempt | {"identity": identity, "reason": slug}) for slug in ADVICE]
    out = StringIO()
    print_chapters(Console(file=out, width=400), [Chapter("x", remarks)], language, "borne")
    lines = out.getvalue().splitlines()
    assert len(lines) > len(CATALOGUE) + len(ADVICE)
    assert [each for each in lines if PLACEHOLDER.search(each)] == []
