"""What the doctor says, it says in the reader's language: people on site run it too."""

import ast
import io
from pathlib import Path

from rich.console import Console

from borne import doctor
from borne.doctor.remarks import Chapter, good, next_step, note, print_chapters, problem
from borne.doctor.words import attempt_remark, blocker_remark, deviation_remark
from runtime.wording import Phrase

FOLDER = Path(doctor.__file__).parent
TELLERS = {"good", "note", "problem"}


def test_no_remark_is_written_in_one_language_only() -> None:
    """A sentence of the doctor is a phrase; commands and what the system says are the same in both."""
    lonely = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in TELLERS:
                for text in node.args:
                    words = ast.unparse(text)
                    is_command = words.startswith(("'borne ", '"borne '))
                    if isinstance(text, ast.Constant | ast.JoinedStr) and not is_command:
                        lonely.append(f"{path.name}:{text.lineno} {words}")
    assert lonely == []


def test_everything_is_printed_in_one_language() -> None:
    """Titles, remarks, ways out and what to do first."""
    out = io.StringIO()
    chapter = Chapter(
        Phrase("Serveur", "Server"), [problem(Phrase("Rien.", "Nothing."), Phrase("Faites-le.", "Do it."))]
    )
    print_chapters(Console(file=out, width=80), [chapter], "fr")
    said = out.getvalue()
    assert "Serveur" in said
    assert "Rien." in said
    assert said.count("Faites-le.") == 2
    assert "À faire\N{NO-BREAK SPACE}: Faites-le." in said
    assert not {"Server", "Nothing.", "Do it.", "Next"} & set(said.split())
    assert next_step([Chapter("", [good("x")])], "fr") == "Rien ne bloque."
    assert next_step([Chapter("", [note("x", "y")])], "fr").startswith("Rien ne bloque. À faire")


def test_what_the_server_told_is_told_on_in_french() -> None:
    """A failed connection with its advice and command, a blocker with who clears it, a deviation."""
    attempt = {
        "at": "2026-01-05T12:00:00Z",
        "peer": "192.0.2.7:4000",
        "identity": "CP1",
        "reason": "refused",
        "detail": "Not admitted.",
        "cause": "credentials_wrong",
        "first_bytes": "",
    }
    remark = attempt_remark(attempt, 3)
    assert "CP1 depuis 192.0.2.7, 3 fois" in remark.words.fr
    assert "mauvais mot de passe" in remark.words.fr
    assert remark.way is not None
    assert remark.way.fr.endswith("\N{NO-BREAK SPACE}: borne ctl delete /stations/CP1/credential")
    blocker = {
        "code": "E_X",
        "text": "It is so.",
        "text_fr": "C'est ainsi.",
        "way_out": "Do it.",
        "way_out_fr": "Faites-le.",
        "ways_out": {"command": "doctor a"},
        "who_clears": "installer",
    }
    told = blocker_remark({"station_id": "a", "lifecycle": "active"}, blocker)
    assert (
        told.words.fr
        == "a (active)\N{NO-BREAK SPACE}: C'est ainsi. Qui débloque\N{NO-BREAK SPACE}: installateur."
    )
    assert told.way is not None
    assert told.way.fr == "Faites-le\N{NO-BREAK SPACE}: borne doctor a"
    assert "barre oblique" in deviation_remark("trailing_slash").words.fr
