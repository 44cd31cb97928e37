"""What an activation is: ordered steps, each with what was sent, answered and read back.

A station has one current run while it is at its place. What is changed later (tariff, list, zone) asks for
single steps of that run again, so that what the station refused or lacks in the others stays in sight.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from csms.domain.links import LinkView
from ocppj.vocabulary import StationId
from provisioning.blockers import Blocker, Code
from runtime.wording import Phrase

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


STEP_WORDS: dict[StepName, Phrase] = {
    StepName.CLOCK: Phrase("horloge", "clock"),
    StepName.CREDENTIAL: Phrase("secret", "secret"),
    StepName.ACCESS_LIST: Phrase("liste d'autorisation", "authorization list"),
    StepName.HOURS: Phrase("heures d'ouverture", "opening hours"),
    StepName.TARIFF: Phrase("tarif", "tariff"),
    StepName.RESTART: Phrase("redémarrage", "restart"),
    StepName.RELEASE: Phrase("mise en service", "release"),
}
"""The steps as people say them."""


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
    """Nothing to do: the site has no tariff, or no restart is needed."""
    DEFERRED = "deferred"
    """Put off until the station is accepted; the other steps go on meanwhile."""

    @property
    def is_settled(self) -> bool:
        """Nothing more is tried."""
        return self not in (StepState.WAITING, StepState.RETRYING, StepState.DEFERRED)


DRIFT = frozenset({Code.CONFIG_DRIFT, Code.NOT_PROVED})
"""Remarks that go once the right value was read."""
SEEN = frozenset({Code.CONFIG_DRIFT, Code.STATUS_SILENT})
"""Remarks on the availability that go once the connectors show it."""
AGREED = frozenset({Code.HOURS_REFUSED})
"""Remarks on the availability that go once the station agrees to it."""
_ONLY_LACKING = frozenset(
    {
        Code.KEY_LACKING,
        Code.NOT_PROVED,
        Code.TARIFF_NOT_REPRESENTABLE,
        Code.LIST_TOO_LONG,
        Code.TOKENS_UNFIT,
    }
)


def state_after(remarks: Collection[Blocker]) -> StepState:
    """What the remarks of a step that was gone through amount to."""
    if not remarks:
        return StepState.DONE
    is_lacking = all(remark.code in _ONLY_LACKING for remark in remarks)
    return StepState.LACKING if is_lacking else StepState.REFUSED


class Errand(StrEnum):
    """Why a station has to come back for the step to go on, in the order in which it is tried."""

    LEFT_ALONE = "left_alone"
    """It has a new secret."""
    PROFILE = "profile"
    """1.6: the security profile was raised."""
    TRIGGER = "trigger"
    """It was asked to boot."""
    CLOSED_FIRST = "closed_first"
    """Its connection was closed before it may be restarted: a vehicle charges."""
    RESTART = "restart"
    RECONNECT = "reconnect"
    """Its connection was closed."""


@dataclass(frozen=True, slots=True)
class SentAway:
    """The station was sent away on this link. A newer link is its return, however late it comes.

    So is another boot than those that were answered on the link before, where a boot is waited for.
    """

    errand: Errand
    epoch: int
    boots: int = 0

    def is_back(self, link: LinkView, *, counts_boots: bool) -> bool:
        """Whether the station is back with this link."""
        is_booted = counts_boots and link.epoch == self.epoch and link.boots > self.boots
        return link.epoch > self.epoch or is_booted


@dataclass(frozen=True, slots=True)
class Evidence:
    """One exchange: what was sent (secrets as stars), what the station answered, what was read back."""

    sent: str
    answered: str | None = None
    read_back: str | None = None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step as stored. `requests` counts how often it was asked for: an older answer is void."""

    step: StepName
    changed_at: datetime
    state: StepState = StepState.WAITING
    requests: int = 1
    attempts: int = 0
    evidence: tuple[Evidence, ...] = ()
    remarks: tuple[Blocker, ...] = ()

    def without_drift(self, confirmed: Collection[str]) -> "StepRecord":
        """The step without remarks on settings that were found to be right since."""
        left = tuple(each for each in self.remarks if each.code not in DRIFT or each.about not in confirmed)
        if len(left) == len(self.remarks):
            return self
        return replace(self, remarks=left, state=state_after(left) if self.state.is_settled else self.state)


@dataclass(frozen=True, slots=True)
class ActivationRun:
    """One activation of a station. Immutable: each change is a new value, stored before the next frame."""

    run_id: str
    station_id: StationId
    started_at: datetime
    requested_by: str
    finished_at: datetime | None = None
    needs_restart: bool = False
    sent_away: SentAway | None = None
    steps: tuple[StepRecord, ...] = ()
    is_requested_here: bool = True
    """Somebody asked for it at this station; else it follows from a change at its site, or from a check."""

    @property
    def current(self) -> StepRecord | None:
        """The step to do next; None when all are settled. Those that were put off come last."""
        still_open = [each for each in self.steps if not each.state.is_settled]
        prompt = (each for each in still_open if each.state is not StepState.DEFERRED)
        return next(prompt, still_open[0] if still_open else None)

    @property
    def remarks(self) -> tuple[Blocker, ...]:
        """What the station refused or lacks, over all steps; each once."""
        settled = (remark for each in self.steps if each.state.is_settled for remark in each.remarks)
        return tuple(dict.fromkeys(settled))

    @property
    def lacking(self) -> frozenset[str]:
        """The settings that the station was found not to have, or that it refused."""
        unset = (Code.KEY_LACKING, Code.KEY_REFUSED)
        return frozenset(remark.about for remark in self.remarks if remark.code in unset)

    @property
    def pending(self) -> Phrase | None:
        """What was changed and is not proved at the station yet; None where everything is."""
        names = [
            each.step for each in self.steps if not each.state.is_settled and self._is_reported(each.step)
        ]
        return joined(STEP_WORDS[name] for name in names) if names else None

    @property
    def waits_for_request(self) -> bool:
        """Whether it is open, and left alone under test until somebody asks for it at this station."""
        return self.finished_at is None and not self.is_requested_here

    def with_step(
        self,
        record: StepRecord,
        *,
        needs_restart: bool = False,
        is_going_on: bool = False,
        confirmed: Collection[str] = (),
    ) -> "ActivationRun":
        """The run after a try of that step; what it was sent away for ends with it, unless it `is_going_on`.

        What was `confirmed` by reading it back is no difference any more, whichever step remarked on it.
        """
        steps = tuple(
            record if each.step == record.step else each.without_drift(confirmed) for each in self.steps
        )
        is_restarted = record.step is StepName.RESTART and record.state.is_settled
        return replace(
            self,
            steps=steps,
            needs_restart=(self.needs_restart or needs_restart) and not is_restarted,
            sent_away=self.sent_away if is_going_on else None,
        )

    def confirmed(self, keys: Collection[str]) -> "ActivationRun":
        """The run after these settings were read and found right."""
        return replace(self, steps=tuple(each.without_drift(keys) for each in self.steps))

    def requested_again(
        self, names: Iterable[StepName], at: datetime, by: str, *, is_requested_here: bool = True
    ) -> "ActivationRun":
        """The run with these steps to do again; what is still open of one that was asked for stays so."""
        again = set(names)
        steps = tuple(_again(each, at) if each.step in again else each for each in self.steps)
        is_interrupted = self.current is not None and self.current.step in again
        return replace(
            self,
            steps=steps,
            requested_by=by,
            is_requested_here=is_requested_here or (self.is_requested_here and self.finished_at is None),
            finished_at=None,
            sent_away=None if is_interrupted else self.sent_away,
        )

    def with_availability(self, codes: Collection[Code]) -> "ActivationRun":
        """The run without these remarks on the availability: their cause has gone."""
        return replace(self, steps=tuple(_without(each, codes) for each in self.steps))

    def remarks_availability(self, codes: Collection[Code]) -> bool:
        """Whether one of these remarks on the availability stands."""
        hours = (each for each in self.steps if each.step is StepName.HOURS)
        return any(remark.code in codes for each in hours for remark in each.remarks)

    def _is_reported(self, name: StepName) -> bool:
        """The last two steps only serve the others."""
        return name is not StepName.RELEASE and (name is not StepName.RESTART or self.needs_restart)


def new_run(
    run_id: str, station_id: StationId, at: datetime, requested_by: str, *, is_requested_here: bool = True
) -> ActivationRun:
    """A run with every step waiting."""
    steps = tuple(StepRecord(name, at) for name in StepName)
    return ActivationRun(
        run_id, station_id, at, requested_by, steps=steps, is_requested_here=is_requested_here
    )


def joined(phrases: Iterable[Phrase]) -> Phrase:
    """Several phrases as a list."""
    every = list(phrases)
    return Phrase(", ".join(each.fr for each in every), ", ".join(each.en for each in every))


def retry_after_s(attempts: int) -> float:
    """How long to wait after the `attempts`-th try: doubling, bounded."""
    return float(min(FIRST_RETRY_S * 2 ** min(attempts - 1, 20), LONGEST_RETRY_S))


def _without(record: StepRecord, codes: Collection[Code]) -> StepRecord:
    left = tuple(each for each in record.remarks if each.code not in codes)
    if record.step is not StepName.HOURS or not record.state.is_settled or len(left) == len(record.remarks):
        return record
    return replace(record, remarks=left, state=state_after(left))


def _again(record: StepRecord, at: datetime) -> StepRecord:
    """Asked anew. What it left behind last time is not true any more."""
    return StepRecord(record.step, at, requests=record.requests + 1)
