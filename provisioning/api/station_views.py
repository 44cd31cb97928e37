"""Stations on their way to active, and their activations, as the API and the console tell them."""

from collections.abc import Iterable

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from csms.domain.station_details import BlockerAnswer, StationDetailsAnswer
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, StepRecord
from provisioning.app import Provisioning
from provisioning.details import blocker_views
from provisioning.gates.table import CheckedGate
from provisioning.lifecycle import Lifecycle
from provisioning.storage.runs import HistoryLine
from runtime.texts import instant_text
from runtime.views import View


class LedStationAnswer(StationDetailsAnswer, frozen=True, kw_only=True):
    """What provisioning knows of a station; `nearest` are the ordered ones that it may be meant to be, where
    nobody ordered it.
    """

    station_id: str
    nearest: tuple[str, ...] | UnsetType = UNSET


class GateAnswer(View, frozen=True, kw_only=True):
    """One line of a station's checklist: `passed`, `blocked` by something, or `waiting` for another gate."""

    gate: str
    title: str
    title_fr: str
    status: str
    blocked_by: BlockerAnswer | None


class HistoryLineAnswer(View, frozen=True, kw_only=True):
    """How far a station was from then on, the codes of what blocked it, and why it moved."""

    at: str
    state: str
    blocked_by: tuple[str, ...]
    cause: str


class HistoryAnswer(LedStationAnswer, frozen=True, kw_only=True):
    """The same, gate by gate, and how it came here, oldest first."""

    gates: tuple[GateAnswer, ...]
    history: tuple[HistoryLineAnswer, ...]


class UnassignedAnswer(LedStationAnswer, frozen=True, kw_only=True):
    """The same, and whether it was at a place."""

    was_assigned: bool


class AdoptedAnswer(LedStationAnswer, frozen=True, kw_only=True):
    """The same; `claim_code` is told this once, null where a place was given."""

    claim_code: str | None


class EvidenceAnswer(View, frozen=True, kw_only=True):
    """One exchange of a step."""

    sent: str | None
    answered: str | None
    read_back: str | None


class StepAnswer(View, frozen=True, kw_only=True):
    """A step of an activation."""

    step: str
    state: str
    attempts: int
    changed_at: str | None
    evidence: tuple[EvidenceAnswer, ...]
    remarks: tuple[BlockerAnswer, ...]


class RunAnswer(View, frozen=True, kw_only=True):
    """An activation."""

    run_id: str
    started_at: str
    finished_at: str | None
    requested_by: str | None
    current: str | None
    steps: tuple[StepAnswer, ...]


class ActivationAnswer(View, frozen=True, kw_only=True):
    """The last activation of a station; null where there was none."""

    station_id: str
    run: RunAnswer | None


class ClaimCodeAnswer(View, frozen=True, kw_only=True):
    """A claim code, told this once."""

    station_id: str
    claim_code: str


def led_station_view(provisioning: Provisioning, station_id: StationId) -> LedStationAnswer:
    """What provisioning knows of a station."""
    known = provisioning.details.details(station_id)
    is_stranger = known.lifecycle == Lifecycle.QUARANTINE.value
    near = tuple(provisioning.resolver.near(station_id)) if is_stranger else UNSET
    return LedStationAnswer(station_id=station_id, nearest=near, **asdict(known))


def history_view(
    known: LedStationAnswer, gates: Iterable[CheckedGate], lines: Iterable[HistoryLine]
) -> HistoryAnswer:
    """A station gate by gate, with its past."""
    return HistoryAnswer(
        **asdict(known), gates=tuple(map(_gate_view, gates)), history=tuple(map(_line_view, lines))
    )


def unassigned_view(known: LedStationAnswer, *, was_assigned: bool) -> UnassignedAnswer:
    """A station that was taken away from where it was, or was nowhere."""
    return UnassignedAnswer(**asdict(known), was_assigned=was_assigned)


def adopted_view(known: LedStationAnswer, claim_code: str | None) -> AdoptedAnswer:
    """A station that was taken in."""
    return AdoptedAnswer(**asdict(known), claim_code=claim_code)


def activation_view(station_id: StationId, run: ActivationRun | None) -> ActivationAnswer:
    """The last activation of a station, if there was any."""
    return ActivationAnswer(station_id=station_id, run=run_view(run) if run is not None else None)


def run_view(run: ActivationRun) -> RunAnswer:
    """An activation, step by step."""
    current = run.current
    return RunAnswer(
        run_id=run.run_id,
        started_at=instant_text(run.started_at),
        finished_at=instant_text(run.finished_at),
        requested_by=run.requested_by,
        current=current.step.value if current else None,
        steps=tuple(_step_view(each, run.station_id) for each in run.steps),
    )


def _step_view(record: StepRecord, station_id: StationId) -> StepAnswer:
    return StepAnswer(
        step=record.step.value,
        state=record.state.value,
        attempts=record.attempts,
        changed_at=instant_text(record.changed_at),
        evidence=tuple(
            EvidenceAnswer(sent=each.sent, answered=each.answered, read_back=each.read_back)
            for each in record.evidence
        ),
        remarks=blocker_views(each.at(station_id) for each in record.remarks),
    )


def _gate_view(checked: CheckedGate) -> GateAnswer:
    title = checked.gate.title
    return GateAnswer(
        gate=checked.gate.name,
        title=title.en,
        title_fr=title.fr,
        status=checked.status.value,
        blocked_by=checked.blocker.view if checked.blocker is not None else None,
    )


def _line_view(line: HistoryLine) -> HistoryLineAnswer:
    codes = tuple(line.blocked_by.split(",")) if line.blocked_by else ()
    return HistoryLineAnswer(at=instant_text(line.at), state=line.state, blocked_by=codes, cause=line.cause)
