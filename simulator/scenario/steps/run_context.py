"""What the steps of one run work on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from runtime.client import ApiClient
from runtime.logs import is_secret_key
from runtime.patterns import Difference, PatternError, compile_pattern, shown
from runtime.secrets import HIDDEN
from simulator.model.mistakes import Mistake
from simulator.scenario.conversation import SeenFrame, Sender
from simulator.scenario.event_log import Seen
from simulator.scenario.model import ApiRequestStep, CallStep, Step
from simulator.scenario.pace import RunPace
from simulator.scenario.scope import Scope
from simulator.scenario.station_drivers.driver import StationDriver, WireAnswer
from simulator.scenario.strict_model import PreparedReply
from simulator.scenario.verdicts import Failed, Inconclusive
from simulator.scenario.words import RunTexts

LONGEST_LINE = 300
CALL_S = 30.0
"""How long an answer may take."""


class ToolEnd(Protocol):
    """The tool as one end of the wire."""

    plays: Sender

    def prepare(self, reply: PreparedReply) -> None:
        """How it answers from now on."""
        ...

    async def request(self, action: str, payload: Mapping[str, Any], within_s: float) -> WireAnswer:
        """Send a CALL and wait for what answers it."""
        ...


class CsmsOperator(Protocol):
    """Has a central system do what its operators do; the wire shows what came of it."""

    async def command(self, station_id: str, name: str, arguments: Mapping[str, Any]) -> None:
        """A neutral command, or `call` with an action and a payload. Raises StepOutcome."""
        ...

    async def allow(self, token: str) -> None:
        """See that a token may charge. Raises StepOutcome."""
        ...


@dataclass(slots=True)
class RunContext:
    """One run. `api` is None where there is no central system to ask."""

    drivers: dict[str, StationDriver]
    scope: Scope
    pace: RunPace
    words: RunTexts
    api: ApiClient | None = None
    tool: "ToolEnd | None" = None
    """Where the tool itself is one end of the wire."""
    operator: "CsmsOperator | None" = None
    """Who has another central system do something; ours is asked through its API."""
    notes: list[str] = field(default_factory=list)
    """What the present step has to tell although it passed."""

    def driver(self, step: Step) -> StationDriver:
        """The role that a step is about."""
        return self.drivers[step.on] if step.on is not None else next(iter(self.drivers.values()))

    def patience_s(self, step: Step, usual_s: float) -> float:
        """How long to wait, in the run's time."""
        return self.pace.patience_s(step.within or usual_s)

    def seconds(self, step: Step, usual_s: float) -> str:
        """The same for people: as the file says it."""
        return self.words.seconds(step.within or usual_s)

    def capture(self, step: Step, found: Any) -> None:
        """Take what the step wants to keep. Raises CaptureError."""
        taken = self.scope.capture(step.capture, found)
        if taken:
            self.notes = [fields_text({n: HIDDEN if is_secret_key(n) else v for n, v in taken.items()})]

    def compare(self, pattern: Any, value: Any, text: str) -> None:
        """Raises Failed where `value` is not as `pattern` says; Inconclusive where the pattern is none."""
        differences = list(self.compiled(pattern).differences(value))
        if differences:
            raise Failed(text, expected=shown(pattern), found=in_words(differences))

    def judge(self, step: Step, answer: Any, outcome: WireAnswer) -> None:
        """Compare what answered a CALL, keep what is captured; without a pattern, any payload is right."""
        if outcome.is_open:
            within = self.seconds(step, CALL_S)
            raise Failed(self.words.text("not_answered", within=within), expected=shown(answer))
        is_error_wanted = answer == "<any>" or (isinstance(answer, dict) and "code" in answer)
        if outcome.error_code is not None and not is_error_wanted:
            raise Failed(self.words.text("station_refused", outcome=shown(outcome.content)))
        if answer is not None:
            self.compare(self.scope.fill(answer), outcome.content, self.words.text("answered_otherwise"))
        self.capture(step, outcome.content)

    def lacks_api(self, step: Step) -> bool:
        """Whether a step needs somebody to ask, and nobody is there."""
        if not step.needs_api or self.api is not None:
            return False
        if isinstance(step, CallStep) and self.tool is not None and self.tool.plays == "csms":
            return False
        return self.operator is None or isinstance(step, ApiRequestStep)

    def compiled(self, pattern: Any) -> Any:
        """A pattern whose variables are filled in."""
        try:
            return compile_pattern(pattern)
        except PatternError as error:
            raise Inconclusive(self.words.text("bad_value", problem=error)) from None

    def pop_mistakes(self) -> Iterator[Mistake]:
        """What the central system got wrong since the step before, at any role."""
        for driver in self.drivers.values():
            yield from driver.event_log.pop_mistakes()

    def by_version(self, body: dict[str, Any], driver: StationDriver) -> Any:
        """The body for the version of `driver`; None where there is none."""
        return body.get(driver.version.label)


def in_words(differences: list[Difference]) -> list[str]:
    """One line for each."""
    return [str(each) for each in differences]


def summary(seen: Seen) -> str:
    """What came, in a line."""
    if isinstance(seen, SeenFrame):
        return cut(f"{seen.summary} {shown(seen.payload)}")
    fields = {key: value for key, value in seen.fields.items() if key not in ("event", "samples", "at")}
    return cut(f"{seen.name} {fields_text(fields)}".rstrip())


def fields_text(fields: dict[str, Any]) -> str:
    """`vendor Rivebleue, interval_s 300`."""
    return cut(", ".join(f"{key} {_plain(value)}" for key, value in fields.items()))


def cut(text: str) -> str:
    """No longer than a line may be."""
    flat = re.sub(r"\s+", " ", text)
    return flat if len(flat) <= LONGEST_LINE else flat[: LONGEST_LINE - 1] + "…"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else shown(value, 80)
