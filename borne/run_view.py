"""How `borne run` looks in a terminal: one line per step, as it ends, and the verdict below."""

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.spinner import Spinner
from rich.text import Text

from borne.terminal import joined, one_line
from runtime.clock import Clock
from simulator.scenario.run import RunListener
from simulator.scenario.verdicts import RunResult, StepResult, Verdict
from simulator.scenario.words import RunTexts

_MARKS: dict[Verdict | None, tuple[str, str]] = {
    Verdict.PASSED: ("✓", "green"),
    Verdict.FAILED: ("✗", "bold red"),
    Verdict.NOT_APPLICABLE: ("–", "dim"),
    Verdict.INCONCLUSIVE: ("?", "bold yellow"),
    None: ("·", "dim"),
}
_PLAIN_MARKS = {"✓": "ok", "✗": "X", "–": "-", "?": "?", "·": ".", "→": ">"}
"""For terminals that write nothing but their own alphabet."""
INDENT = "  "
REFRESHES_PER_S = 8


class RunView(RunListener):
    """Shows the progress. In a terminal the present step turns at the bottom; elsewhere only lines."""

    def __init__(self, console: Console, words: RunTexts, clock: Clock) -> None:
        self._console = console
        self._words = words
        self._clock = clock
        self._prompt: str | None = None
        self._present: StepResult | None = None
        self._began = 0.0
        self._live: Live | None = None
        self._spinner = Spinner("dots" if _is_unicode(console) else "line")

    # Progress

    def run_started(self, run: RunResult) -> None:
        """Which scenario, on which stations."""
        self._console.print()
        self._print(joined((run.title, "bold"), "  ", (run.stations, "cyan")))
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                get_renderable=self._turning,
                transient=True,
                refresh_per_second=REFRESHES_PER_S,
            )
            self._live.start()

    def step_started(self, step: StepResult) -> None:
        """A group has its title before its steps."""
        self._present, self._began = step, self._clock.monotonic()
        if step.is_group:
            self._print(joined(_indent(step), ("  ", ""), (f"{step.number} {step.title}", "bold")))

    def step_ended(self, step: StepResult) -> None:
        """What came of it; of a group its steps have told already."""
        self._present = None
        if not step.is_group or (step.text and step.verdict is not Verdict.PASSED):
            self._print(self._line(step))
        for explained in self._explanation(step):
            self._print(joined(_indent(step), INDENT * 2, explained))

    def run_ended(self, run: RunResult) -> None:
        """The verdict."""
        self.close()
        unasked = [leaf for step in run.steps for leaf in step.leaves() if leaf.verdict is None]
        if unasked and not run.reason:
            numbers = ", ".join(leaf.number for leaf in unasked)
            self._print(
                one_line(f"{INDENT}{self._mark('·')} {self._words.text('not_asked')}: {numbers}", "dim")
            )
        mark, style = _MARKS[run.verdict]
        verdict = f"{self._mark(mark)} {self._words.verdict(run.verdict)}"
        rest = f"{run.reason}  " if run.reason else ""
        seed = self._words.text("seed", seed=run.seed)
        self._print(
            joined(
                INDENT, (verdict, style), f"  {rest}{self._words.seconds(run.seconds)}", (f"  {seed}", "dim")
            )
        )

    def close(self) -> None:
        """No more turning."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    # Prompts

    def show_prompt(self, text: str) -> None:
        """Something for a person to do, as long as it is to be done."""
        self._prompt = text
        if self._live is None:
            self._print(one_line(f"{INDENT}{self._mark('→')} {text}", "bold yellow"))

    def hide_prompt(self) -> None:
        """It is done."""
        self._prompt = None

    def show_note(self, text: str) -> None:
        """Something that belongs to no step: what a frame has set off."""
        self._print(one_line(f"{INDENT}{self._mark('→')} {text}", "dim"))

    # Lines

    def _turning(self) -> Group | Text:
        step = self._present
        if step is None:
            return one_line("")
        seconds = self._words.seconds(float(int(self._clock.monotonic() - self._began)))
        self._spinner.update(text=one_line(f"{step.number} {step.title}  {seconds}", "dim"))
        if self._prompt is None:
            return Group(self._spinner)
        return Group(
            self._spinner, Panel(one_line(self._prompt, "bold"), border_style="yellow", expand=False)
        )

    def _line(self, step: StepResult) -> Text:
        mark, style = _MARKS[step.verdict]
        title = f"{step.number} {step.title}"
        line = joined(_indent(step), (self._mark(mark), style), " ", title)
        if step.verdict is not Verdict.PASSED:
            line.append(f"  {self._words.verdict(step.verdict)}", style)
        if step.seconds >= 0.1:
            line.append(f"  {self._words.seconds(step.seconds)}", "dim")
        if step.line:
            line.append(f"  {step.line}", "dim")
        return line

    def _explanation(self, step: StepResult) -> list[Text]:
        mistakes = [one_line(each.text, "yellow") for each in step.mistakes]
        if step.verdict is Verdict.PASSED:
            return mistakes
        lines = [one_line(step.text)] if step.text else []
        if step.expected is not None:
            lines.append(joined((f"{self._words.text('expected')}: ", "dim"), step.expected))
        lines += [joined((f"{self._words.text('found')}: ", "dim"), each) for each in step.found]
        lines += mistakes
        if step.advice is not None:
            lines.append(joined((f"{self._words.text('to_do')}: ", "bold"), step.advice))
        return lines

    def _mark(self, mark: str) -> str:
        return mark if _is_unicode(self._console) else _PLAIN_MARKS[mark]

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _is_unicode(console: Console) -> bool:
    return console.encoding.lower().startswith("utf")


def _indent(step: StepResult) -> str:
    return INDENT * (1 + step.number.count("."))
