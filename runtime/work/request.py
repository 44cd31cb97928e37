"""What work is: its lanes, its states, and the request for a piece of it. Pure, so that rules can ask.

A request is written in the transaction of the change that causes it (`runtime.work.storage.write_work`), and
takes the place of one that waits under the same kind, subject and key: what is to be done is looked up when
it is done, so the older one is needless.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Lane(StrEnum):
    """What pieces of one subject wait for each other: one at a time in each lane, never across lanes."""

    CONFIGURATION = "configuration"
    ACCESS = "access"
    """Who may charge: its end waits neither for a station's answer nor for a restart."""
    ACTIVATION = "activation"
    """It may wait minutes for a station that restarts; what has to be said meanwhile does not wait for it."""
    MAIL = "mail"
    """A mail server that does not answer holds up no station."""
    FILES = "files"
    """Firmware and logs: what is on its way for hours keeps nothing else from being said."""


class WorkState(StrEnum):
    """How a piece of work stands."""

    WAITING = "waiting"
    """For its time, for its turn, or for news of its subject."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """It was given up, and says why."""
    SUPERSEDED = "superseded"
    """A newer request made it needless, or its subject has gone."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self not in (WorkState.WAITING, WorkState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRequest:
    """A piece of work that somebody asks for. `arguments` is JSON; never a secret: everybody may read it."""

    kind: str
    subject: str
    """Whom it is about: usually a station."""
    lane: Lane
    asked_at: datetime
    due_at: datetime
    key: str = ""
    """What tells pieces of one kind and subject apart that must not replace each other."""
    cause: str = ""
    """Why, for people who read it later."""
    arguments: str = "{}"

    @property
    def name(self) -> tuple[str, str, str]:
        """What a newer request has in common with the one that it replaces."""
        return self.kind, self.subject, self.key


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A kind of work, and the lane that it is done in."""

    name: str
    lane: Lane

    def request(
        self,
        subject: str,
        at: datetime,
        *,
        due_at: datetime | None = None,
        key: str = "",
        cause: str = "",
        arguments: Mapping[str, object] | None = None,
    ) -> WorkRequest:
        """A request of this kind, made at an instant, due then or later."""
        return WorkRequest(
            kind=self.name,
            subject=subject,
            lane=self.lane,
            asked_at=at,
            due_at=due_at or at,
            key=key,
            cause=cause,
            arguments=json.dumps(arguments or {}, sort_keys=True),
        )
