"""What a person who watches a fleet should do, each thing said once."""

from borne.station_cli.hints import PENDING_HINT, token_hint
from simulator.fleet import FleetSummary

PATIENCE_S = 4.0
"""Stations that are Pending for so long are not on their way in."""


class FleetAdvice:
    """Remembers what it has said."""

    def __init__(self, id_token: str) -> None:
        self._id_token = id_token
        self._given: set[str] = set()
        self._pending_since_s: float | None = None

    def on(self, now: FleetSummary, at_s: float) -> list[str]:
        """What is new to say of the fleet at that moment of a monotonic clock."""
        advice = [text for text in (self._of_token(now), self._of_pending(now, at_s)) if text is not None]
        new = [text for text in advice if text not in self._given]
        self._given.update(new)
        return new

    def _of_token(self, now: FleetSummary) -> str | None:
        if now.refused_as is None:
            return None
        hint = token_hint(self._id_token, now.refused_as)
        refused = f"The token {self._id_token} is refused: {now.refused_as.value}."
        return refused if hint is None else f"{refused} {hint}"

    def _of_pending(self, now: FleetSummary, at_s: float) -> str | None:
        if now.pending == 0:
            self._pending_since_s = None
            return None
        if self._pending_since_s is None:
            self._pending_since_s = at_s
        return PENDING_HINT if at_s - self._pending_since_s >= PATIENCE_S else None
