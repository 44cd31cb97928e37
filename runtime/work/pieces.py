"""A piece of work as it is stored, and what a run of it comes to. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from runtime.wording import Phrase, replaced, verbatim
from runtime.work.request import Lane, WorkRequest, WorkState

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 300.0
EVIDENCE_KEPT = 20
"""Lines of a piece, the newest."""
EVIDENCE_CHARACTERS = 300
GIVEN_UP = "given up before"
"""The cause of what is asked for again after all attempts were used up."""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of the evidence: what a run did, or why it did not come through."""

    at: datetime
    text: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of work. `attempt` counts the runs that were begun since it last only waited."""

    work_id: int
    kind: str
    subject: str
    lane: Lane
    key: str
    cause: str
    arguments: str
    state: WorkState
    attempt: int
    due_at: datetime | None
    """None: it waits for news of its subject, such as a station's next connection."""
    leased_by: str | None
    lease_until: datetime | None
    asked_at: datetime
    moved_at: datetime
    reason: Phrase | None
    """Why it waits, failed, or was superseded."""
    evidence: tuple[EvidenceLine, ...] = ()

    @property
    def name(self) -> tuple[str, str, str]:
        """That of the request for it: a newer one of this name replaces it while it waits."""
        return self.kind, self.subject, self.key

    @property
    def argument(self) -> Any:
        """What was asked for, as JSON values."""
        return json.loads(self.arguments)

    def again(self, at: datetime, due_at: datetime) -> WorkRequest:
        """The same once more, from the beginning."""
        return WorkRequest(
            kind=self.kind,
            subject=self.subject,
            lane=self.lane,
            asked_at=at,
            due_at=due_at,
            key=self.key,
            cause=GIVEN_UP,
            arguments=self.arguments,
        )


@dataclass(frozen=True, slots=True)
class WorkDone:
    """It is done. `then` is what follows from it, written in the same transaction."""

    evidence: Phrase | str = ""
    then: tuple[WorkRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkRetry:
    """It did not come through: again, ever more seldom, until the attempts of its kind are used up."""

    reason: Phrase
    evidence: Phrase | str = ""


@dataclass(frozen=True, slots=True)
class WorkWait:
    """Nothing went wrong, but it cannot go on before `until`; None: before somebody asks anew."""

    reason: Phrase
    until: datetime | None = None
    evidence: Phrase | str = ""


@dataclass(frozen=True, slots=True)
class WorkFailed:
    """It is given up. `then` is what follows from that."""

    reason: Phrase
    evidence: Phrase | str = ""
    then: tuple[WorkRequest, ...] = ()


WorkOutcome = WorkDone | WorkRetry | WorkWait | WorkFailed


def retry_at(now: datetime, attempt: int) -> datetime:
    """When the run after the `attempt`-th is due: the pause doubles, and is bounded."""
    return now + timedelta(seconds=min(FIRST_RETRY_S * 2 ** min(attempt - 1, 20), LONGEST_RETRY_S))


def with_line(
    evidence: tuple[EvidenceLine, ...], at: datetime, text: Phrase | str
) -> tuple[EvidenceLine, ...]:
    """The evidence after another line; the oldest go. What a station said is the same in both languages."""
    if not text:
        return evidence
    words = verbatim(text) if isinstance(text, str) else text
    line = EvidenceLine(at, replaced(words, lambda said: said[:EVIDENCE_CHARACTERS]))
    return (*evidence, line)[-EVIDENCE_KEPT:]
