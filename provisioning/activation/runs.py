"""What an activation run is: ordered steps, each with what was sent, answered and read back."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ocppj.vocabulary import StationId
from provisioning.catalogue import Blocker

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 300.0


class StepName(StrEnum):
    """The steps, in their order. Security comes before anything worth protecting."""

    CLOCK = "clock"
    CREDENTIAL = "credential"
    ACCESS_LIST = "access_list"
    HOURS = "hours"
    TARIFF = "tariff"
    RESTART = "restart"
    RELEASE = "release"


class StepState(StrEnum):
    """How a step stands."""

    WAITING = "waiting"
    RETRYING = "retrying"
    """It did not go through (no answer, link lost); it is tried again."""
    DONE = "done"
    REFUSED = "refused"
    """The station refused some of it; what it took is in force. Shown, and the run goes on."""
    LACKING = "lacking"
    """The station does not have some of it. Shown, and the run goes on."""
    SKIPPED = "skipped"
    """Nothing to do: the site has no tariff, no list, or no restart is needed."""

    @property
    def is_settled(self) -> bool:
        """The run goes on to the next step."""
        return self not in (StepState.WAITING, StepState.RETRYING)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One exchange: what was sent (secrets as stars), what the station answered, what was read back."""

    sent: str
    answered: str | None = None
    read_back: str | None = None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step as stored."""

    step: str
    changed_at: datetime
    state: StepState = StepState.WAITING
    attempts: int = 0
    evidence: tuple[Evidence, ...] = ()
    remarks: tuple[Blocker, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivationRun:
    """One activation of a station. Immutable: each change is a new value, stored before the next frame."""

    run_id: str
    station_id: StationId
    started_at: datetime
    requested_by: str
    finished_at: datetime | None = None
    needs_restart: bool = False
    steps: tuple[StepRecord, ...] = ()

    @property
    def current(self) -> StepRecord | None:
        """The step to do next; None when all are settled."""
        return next((each for each in self.steps if not each.state.is_settled), None)

    @property
    def remarks(self) -> tuple[Blocker, ...]:
        """What the station refused or lacks, over all steps."""
        return tuple(remark for each in self.steps for remark in each.remarks if each.state.is_settled)

    def with_step(self, record: StepRecord, *, needs_restart: bool = False) -> "ActivationRun":
        """The run with that step's record replaced."""
        steps = tuple(record if each.step == record.step else each for each in self.steps)
        return replace(self, steps=steps, needs_restart=self.needs_restart or needs_restart)


def new_run(
    run_id: str,
    station_id: StationId,
    at: datetime,
    requested_by: str,
    names: tuple[StepName, ...] = tuple(StepName),
) -> ActivationRun:
    """A run with every step waiting."""
    steps = tuple(StepRecord(name.value, at) for name in names)
    return ActivationRun(run_id, station_id, at, requested_by, steps=steps)


def retry_after_s(attempts: int) -> float:
    """How long to wait after the `attempts`-th try: doubling, bounded."""
    return float(min(FIRST_RETRY_S * 2 ** min(attempts - 1, 20), LONGEST_RETRY_S))


def run_json(run: ActivationRun | None) -> dict[str, object] | None:
    """A run for the API and the console."""
    if run is None:
        return None
    current = run.current
    return {
        "run_id": run.run_id,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "requested_by": run.requested_by,
        "current": current.step if current else None,
        "steps": [step_json(each) for each in run.steps],
    }


def step_json(record: StepRecord) -> dict[str, object]:
    """A step with its evidence."""
    return {
        "step": record.step,
        "state": record.state.value,
        "attempts": record.attempts,
        "changed_at": record.changed_at.isoformat(),
        "evidence": [
            {"sent": each.sent, "answered": each.answered, "read_back": each.read_back}
            for each in record.evidence
        ],
        "remarks": [each.as_json for each in record.remarks],
    }
