"""How runs look: a line for each step, what is wrong below it, the verdict at the end."""

from io import BytesIO, StringIO, TextIOWrapper

from rich.console import Console

from borne.run_view import RunView
from runtime.clock import ManualClock
from simulator.model.mistakes import Mistake
from simulator.scenario.verdicts import RunResult, StepResult, Verdict
from simulator.scenario.words import RunTexts


def shown(*, is_terminal: bool = False, language: str = "en") -> str:
    """The text of a run with everything in it."""
    file, clock = StringIO(), ManualClock()
    console = Console(file=file, width=100, force_terminal=is_terminal, color_system=None)
    view = RunView(console, RunTexts("fr" if language == "fr" else "en"), clock)
    run = RunResult("x", "A check", "a = sim:ac-16", ("1.6",), 7, "", Verdict.FAILED, 12.25)
    group = StepResult("2", "A group", is_group=True)
    group.steps = [
        StepResult("2.1", "In it", Verdict.NOT_APPLICABLE, text="Only for 2.0.1."),
        StepResult(
            "2.2", "Bad", Verdict.FAILED, 3.0, "Nothing came.", "boot", ("[status]", "meter"), "Look."
        ),
        StepResult("2.3", "Later"),
    ]
    run.steps = [StepResult("1", "Link", Verdict.PASSED, 0.44, line="fast"), group]
    view.run_started(run)
    view.step_started(run.steps[0])
    view.show_prompt("Plug it in.")
    view.hide_prompt()
    view.step_ended(run.steps[0])
    view.step_started(group)
    for step in group.steps[:2]:
        view.step_started(step)
        view.step_ended(step)
    group.verdict = Verdict.FAILED
    view.step_ended(group)
    view.run_ended(run)
    return file.getvalue()


def test_every_step_is_a_line() -> None:
    """Numbers, titles, verdicts, durations; texts of stations are no markup."""
    assert [line.rstrip() for line in shown().splitlines()] == [
        "",
        "A check  a = sim:ac-16",
        "  → Plug it in.",
        "  ✓ 1 Link  0.4 s  fast",
        "    2 A group",
        "    – 2.1 In it  not applicable",
        "        Only for 2.0.1.",
        "    ✗ 2.2 Bad  failed  3 s",
        "        Nothing came.",
        "        expected: boot",
        "        found: [status]",
        "        found: meter",
        "        what to do: Look.",
        "  · not asked: 2.3",
        "  ✗ failed  12 s  seed 7",
    ]


def test_mistakes_of_the_central_system_are_shown_whatever_the_verdict() -> None:
    """Below the step; of a group its steps have told."""
    file = StringIO()
    view = RunView(Console(file=file, width=200, color_system=None), RunTexts("en"), ManualClock())
    mistake = Mistake(what="answer to Heartbeat", detail="no [time]", frame=9, rule="missing-field")
    view.step_ended(StepResult("1", "Link", Verdict.PASSED, mistakes=(mistake,)))
    view.step_ended(StepResult("2", "A group", Verdict.PASSED, is_group=True, mistakes=(mistake,)))
    line = "      The central system's answer to Heartbeat, frame 9: no [time] (rule: missing-field)"
    assert [each.rstrip() for each in file.getvalue().splitlines()] == ["  ✓ 1 Link", line, line]


def test_it_speaks_french() -> None:
    """Of Canada."""
    text = shown(language="fr")
    assert "✗ échoué  12\xa0s  graine 7" in text
    assert "que faire: Look." in text
    assert "· non demandé: 2.3" in text


def test_a_terminal_without_unicode_has_plain_marks() -> None:
    """A Latin-1 terminal writes accents, but no check marks."""
    raw = BytesIO()
    file = TextIOWrapper(raw, encoding="iso-8859-1", errors="strict")
    view = RunView(Console(file=file, width=100, color_system=None), RunTexts("fr"), ManualClock())
    run = RunResult("x", "Vérification", "a", ("1.6",), 7, "", Verdict.FAILED)
    run.steps = [StepResult("1", "Liaison", Verdict.PASSED), StepResult("2", "Reste")]
    view.run_started(run)
    view.step_started(run.steps[0])
    view.show_prompt("Branchez.")
    view.step_ended(run.steps[0])
    view.run_ended(run)
    file.flush()
    lines = [line.rstrip() for line in raw.getvalue().decode("iso-8859-1").splitlines()]
    assert lines[1:] == [
        "Vérification  a",
        "  > Branchez.",
        "  ok 1 Liaison",
        "  . non demandé: 2",
        "  X échoué  0\xa0s  graine 7",
    ]


def test_a_terminal_shows_the_same_lines() -> None:
    """With the present step turning below them, which leaves nothing behind."""
    text = shown(is_terminal=True)
    assert "✓ 1 Link" in text
    assert "✗ failed" in text


def test_a_scenario_that_does_not_apply_says_why() -> None:
    """In one line."""
    file = StringIO()
    view = RunView(Console(file=file, width=100), RunTexts("en"), ManualClock())
    run = RunResult(
        "x", "A check", "a", ("1.6",), 7, "", Verdict.NOT_APPLICABLE, reason="It is for OCPP 2.0.1."
    )
    run.steps = [StepResult("1", "Link")]
    view.run_started(run)
    view.run_ended(run)
    assert "– not applicable  It is for OCPP 2.0.1." in file.getvalue()
    assert "not asked" not in file.getvalue()
