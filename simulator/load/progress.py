"""Where a load run is, as numbers and as bars in a terminal."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from simulator.load.plan import LoadPlan

CONNECTING, RUNNING, FINISHING = "connecting", "running", "finishing"


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """One look at a run."""

    phase: str = CONNECTING
    elapsed_s: float = 0.0
    """In this phase."""
    connected: int = 0
    booted: int = 0
    answered: int = 0
    failed: int = 0

    def to_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def sum_of(cls, parts: Iterable["LoadProgress"]) -> "LoadProgress":
        """The run of several processes: its phase is that of the slowest."""
        parts = list(parts)
        slowest = min(parts, key=lambda part: (CONNECTING, RUNNING, FINISHING).index(part.phase))
        return cls(
            phase=slowest.phase,
            elapsed_s=slowest.elapsed_s,
            connected=sum(part.connected for part in parts),
            booted=sum(part.booted for part in parts),
            answered=sum(part.answered for part in parts),
            failed=sum(part.failed for part in parts),
        )


class ProgressBars:
    """A bar for the boots and one for the time, on a terminal; nothing where the output is no terminal.

    Drawn only when `show` is called: no thread takes time from the stations.
    """

    def __init__(self, plan: LoadPlan, console: Console) -> None:
        self._plan = plan
        self._bars = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[words]}"),
            console=console,
            auto_refresh=False,
            transient=True,
            expand=True,
            disable=not console.is_terminal,
        )
        self._boots: TaskID = self._bars.add_task("booting", total=plan.stations, words="")
        self._time: TaskID = self._bars.add_task("running", total=plan.seconds, words="", visible=False)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, now: LoadProgress) -> None:
        """Draw the bars as they are."""
        failed = f", {now.failed:,} failed" if now.failed else ""
        self._bars.update(
            self._boots,
            completed=now.booted,
            words=f"{now.booted:,} of {self._plan.stations:,} booted, {now.connected:,} connected",
        )
        if now.phase != CONNECTING:
            is_late = now.phase == FINISHING
            words = "waiting for the last answers" if is_late else f"{now.elapsed_s:.0f} s"
            rate = now.answered / now.elapsed_s if now.elapsed_s else 0.0
            self._bars.update(
                self._time,
                visible=True,
                completed=min(now.elapsed_s, self._plan.seconds),
                words=f"{words}, {now.answered:,} answers, {rate:,.0f}/s{failed}",
            )
        self._bars.refresh()
