"""rig.yaml: for each hand the command, the request, the function or the person that does it.

hands:
  plug: relay on ${connector}
  present: {http: {url: "http://rig.local/rfid", body: {token: "${token}"}}}
  power_off: {python: "my_bench:power_off"}
  unplug: person
frames:
  - name: scope
    on: {call: TransactionEvent, from: station, match: {eventType: Started}}
    command: [scope-trigger, single]
"""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from runtime.patterns import PatternError, compile_pattern
from runtime.strict_file import parse_model
from runtime.yaml_source import FileFlawed, Flaw
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.hands import HANDS
from simulator.scenario.strict_model import StrictModel
from simulator.scenario.values import Name, Seconds, Word

DEFAULT_FILE = Path("rig.yaml")
HAND_S = 30.0
PERSON = "person"


def _words(value: Any) -> Any:
    """A line is cut into words as a shell cuts it; nothing else of a shell is in it."""
    return tuple(shlex.split(value)) if isinstance(value, str) else value


CommandLine = Annotated[
    tuple[Annotated[str, Field(max_length=4000)], ...],
    BeforeValidator(_words),
    Field(min_length=1, max_length=100),
]


class RigRequest(StrictModel):
    """An HTTP request; `${…}` in URL and body is filled in."""

    method: Word = "POST"
    url: Word
    headers: Mapping[str, str] = Field(default_factory=dict)
    body: Any = None


class RigAct(StrictModel):
    """One of three ways to have something done."""

    command: CommandLine | None = None
    http: RigRequest | None = None
    python: Annotated[str, Field(pattern=r"^[\w.]+:[\w.]+$")] | None = None
    """`module:function`, called with the `HandAction`; it may be a coroutine."""
    within: Seconds = HAND_S

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(each is not None for each in (self.command, self.http, self.python)) != 1:
            raise ValueError("one of command, http and python says how it is done")
        return self


def _hand(value: Any) -> Any:
    return {"command": value} if isinstance(value, str) and value != PERSON else value


Hand = Annotated[RigAct | Literal["person"], BeforeValidator(_hand)]


class WantedFrame(StrictModel):
    """A CALL that sets something off."""

    call: Word
    from_: Literal["station", "csms"] = Field(default="station", alias="from")
    match: Any = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_pattern(self) -> Self:
        try:
            compile_pattern(self.match)
        except PatternError as error:
            raise ValueError(str(error)) from None
        return self


class FrameHook(RigAct):
    """What a frame sets off, such as the trigger of an oscilloscope."""

    name: Name
    on: WantedFrame


class RigConfig(StrictModel):
    """The whole file."""

    hands: Mapping[Name, Hand] = Field(default_factory=dict)
    frames: tuple[FrameHook, ...] = ()


def read_rig(file: Path | None) -> RigConfig | None:
    """The file that was named, else rig.yaml where it is there. Raises ScenarioFileError."""
    path = file or DEFAULT_FILE
    if file is None and not path.exists():
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioFileError(str(path), [Flaw(1, 1, f"it cannot be read: {error}")]) from None
    return rig_in(text, str(path))


def rig_in(text: str, where: str) -> RigConfig:
    """From its text. Raises ScenarioFileError with every flaw."""
    try:
        return parse_model(RigConfig, text, where)
    except FileFlawed as error:
        raise ScenarioFileError(error.where, error.flaws) from None


def usual_hands() -> tuple[str, ...]:
    """Those that steps know."""
    return tuple(HANDS)
