"""What is kept of a red run, for whoever was not there: its frames, and the log of the server it had."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from borne.station_cli.log_lines import masked_content
from ocppj.timestamps import time_to_wire
from simulator.scenario.conversation import SeenFrame
from simulator.scenario.station_drivers.driver import StationDriver
from simulator.scenario.verdicts import RunResult, Verdict

SERVER_LOG = "server.log"
RED = (Verdict.FAILED, Verdict.INCONCLUSIVE)


class RunEvidence:
    """Implements `simulator.scenario.run.EvidenceKeeper`. `folder` is made when the first run is red.

    `log` takes the log of a server in this process.
    """

    def __init__(self, folder: Path | None, log: TextIO) -> None:
        self.log = log
        self.kept: list[Path] = []
        self.has_log = False
        """Whether a server of this process had something to say, and it stands beside the frames."""
        self.troubles: list[str] = []
        """What could not be kept, and why."""
        self._folder = folder

    def run_began(self, drivers: Mapping[str, StationDriver]) -> None:
        """Nothing yet: what the drivers see they keep."""

    def run_ended(self, result: RunResult, drivers: Mapping[str, StationDriver]) -> None:
        """Keep the frames of a run that is red, one JSON object a line."""
        if self._folder is None or result.verdict not in RED or result.lacks_role:
            return  # of one that was not begun there is nothing to see
        folder = self._folder / f"{result.scenario}-{len(self.kept) + 1}"
        with self._noting_troubles():
            shutil.rmtree(folder, ignore_errors=True)  # of the run before
            folder.mkdir(parents=True)
            for role, driver in drivers.items():
                lines = "".join(f"{frame_line(seen)}\n" for seen in driver.event_log.frames())
                (folder / f"{role}.jsonl").write_text(lines, encoding="utf-8")
            self.kept.append(folder)

    def keep_log(self) -> None:
        """Put the log of a server in this process beside the frames; any other keeps its own."""
        with self._noting_troubles():
            self.log.flush()
            text = Path(self.log.name).read_text(encoding="utf-8")
            for folder in self.kept if text else ():
                (folder / SERVER_LOG).write_text(text, encoding="utf-8")
                self.has_log = True

    @contextmanager
    def _noting_troubles(self) -> Iterator[None]:
        """A folder that takes nothing changes no verdict."""
        try:
            yield
        except OSError as error:
            self.troubles.append(f"what was seen cannot be kept in {self._folder}: {error.strerror or error}")


def frame_line(seen: SeenFrame) -> str:
    """A frame as JSON, its secrets masked."""
    about = {"at": time_to_wire(seen.at), "from": seen.sender}
    return json.dumps(about | masked_content(seen.raw.encode()))


@contextmanager
def evidence_in(folder: Path | None) -> Iterator[RunEvidence]:
    """Evidence that goes to this folder; None: nowhere."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="borne-run-", suffix=".log") as log:
        yield RunEvidence(folder, log)  # type: ignore[arg-type] # a text file in all that is used
