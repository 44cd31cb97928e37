"""The rig of this folder, opened for some runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from borne.rig.acting import BenchRig
from borne.rig.config import DEFAULT_FILE, read_rig
from borne.rig.hooks import Fired, FrameHooks
from runtime.clock import Clock
from runtime.lifecycle import Background


@dataclass(frozen=True, slots=True)
class OpenBench:
    """What rig.yaml makes of the bench; nothing where there is none."""

    rig: BenchRig | None = None
    hooks: FrameHooks | None = None


@asynccontextmanager
async def open_bench(
    file: Path | None, clock: Clock, print_line: Callable[[str], None]
) -> AsyncIterator[OpenBench]:
    """What frames have set off is printed as it is done. Raises ScenarioFileError."""
    config = read_rig(file)
    if config is None:
        yield OpenBench()
        return
    folder = (file or DEFAULT_FILE).absolute().parent

    def publish(fired: Fired) -> None:
        print_line(fired.line)

    async with Background("rig") as tasks:
        hooks = FrameHooks(config.frames, folder, tasks, clock, publish) if config.frames else None
        yield OpenBench(BenchRig(config, folder, clock), hooks)
