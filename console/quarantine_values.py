"""A message in quarantine in words."""

from dataclasses import dataclass

from console.words import Words
from csms.api.quarantine_views import QuarantineAnswer
from csms.domain.quarantine import OPEN_STATES


@dataclass(frozen=True, slots=True)
class QuarantineCard:
    """A message in words."""

    quarantine_id: int
    station: str
    when: str
    state: str
    cause: str
    reason: str
    decided: str
    is_open: bool


def quarantine_card(message: QuarantineAnswer, words: Words) -> QuarantineCard:
    """A message as a card."""
    decided = ""
    if message.decided_by is not None:
        decided = words(
            "quarantine.decided",
            state=words.of("quarantine_state", message.state),
            who=message.decided_by,
            when=words.instant(message.decided_at),
            reason=message.decision,
        )
    return QuarantineCard(
        quarantine_id=message.quarantine_id,
        station=message.station_id,
        when=words.instant(message.received_at),
        state=words.of("quarantine_state", message.state),
        cause=words.of("quarantine_cause", message.cause),
        reason=message.reason,
        decided=decided,
        is_open=message.state in OPEN_STATES,
    )
