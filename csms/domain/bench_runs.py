"""A scenario that was played on the bench, as it is kept: its steps as far as they have come, its verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BenchRunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    OVER = "over"
    STOPPED = "stopped"
    """By a person."""
    LOST = "lost"
    """What played it ended meanwhile, or could not begin: the reason says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchStep:
    """A step: `number` tells how deep it stands (`2.1`), `verdict` None that it was not asked (yet)."""

    number: str
    title: str
    verdict: str | None = None
    seconds: float = 0.0
    text: str = ""
    expected: str | None = None
    found: tuple[str, ...] = ()
    advice: str | None = None
    is_group: bool = False
    ended_at: str | None = None
    """By that its frames are found in the wire log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRun:
    """A run. `prompt` is what a person has to do now."""

    run_id: str
    scenario: str
    bindings: tuple[str, ...]
    begun_by: str
    began_at: datetime
    title: str = ""
    stations: tuple[str, ...] = ()
    state: BenchRunState = BenchRunState.RUNNING
    verdict: str | None = None
    reason: str = ""
    seconds: float = 0.0
    prompt: str | None = None
    ended_at: datetime | None = None
    steps: tuple[BenchStep, ...] = ()
