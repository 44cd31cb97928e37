"""Waiting for a frame: what CI and scenarios ask. Taps the live frames, whatever the log samples or drops."""

from dataclasses import dataclass
from typing import Any

from csms.api.frames import Kind, Reader
from csms.api.ports import ApiParts
from csms.central.wire_log import WireFrame
from ocppj.vocabulary import StationId
from runtime.http import Problem
from runtime.patterns import PatternError, compile_pattern, fits
from runtime.slices import in_slices
from runtime.wording import Phrase, WayOut

SCAN_LIMIT = 10_000
"""Frames since `since` that are looked at before the live ones."""
TAP_LIMIT = 10_000
SLICE = 50
SEE_PATTERNS = WayOut(
    "Voyez dans docs/reference/scenarios.md ce qu'un motif peut être.",
    "See docs/reference/scenarios.md for what a pattern can be.",
)
SEE_FRAMES = WayOut(
    "Regardez les trames qui sont passées, et continuez à partir de `last_seq`.",
    "Look at the frames that passed, and go on from `last_seq`.",
    "/stations/{id}",
    "ctl get /stations/{id}/messages",
    "GET /api/v1/stations/{id}/messages",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What to wait for; None fits everything. `match` is a pattern of the payload (`runtime.patterns`)."""

    action: str | None = None
    direction: str | None = None
    kind: Kind | None = None
    match: Any = None


class Expecter:
    """Looks at frames one after the other, in order of their numbers. Raises Problem 422: a bad pattern."""

    def __init__(self, expectation: Expectation, since: int) -> None:
        self._expectation = expectation
        try:
            # a regular expression can be made to take for ever, and this is the server's own loop
            self._pattern = compile_pattern(expectation.match, allow_regex=False)
        except PatternError as error:
            text = Phrase(f"match : {error}", f"match: {error}")
            raise Problem(422, "pattern_invalid", text, SEE_PATTERNS) from None
        self._reader = Reader()
        self.last_seq = since
        self.seen = 0

    def look_at(self, frame: WireFrame) -> dict[str, Any] | None:
        """The frame read, if it is the one that was expected."""
        if frame.seq <= self.last_seq:  # seen already: memory and tap overlap
            return None
        self.last_seq = frame.seq
        self.seen += 1
        shown = self._reader.read(frame)
        return shown if self._is_met_by(shown) else None

    def _is_met_by(self, frame: dict[str, Any]) -> bool:
        wanted = self._expectation
        return (
            (wanted.action is None or frame["action"] == wanted.action)
            and (wanted.direction is None or frame["direction"] == wanted.direction)
            and (wanted.kind is None or frame["kind"] == wanted.kind)
            and (wanted.match is None or fits(self._pattern, frame["payload"]))
        )


def is_pattern(match: Any) -> bool:
    """Whether something can be compared with it; `Expecter` says what is wrong with one that cannot."""
    try:
        compile_pattern(match, allow_regex=False)
    except PatternError:
        return False
    return match is not None


async def expect(
    parts: ApiParts, station_id: StationId, expectation: Expectation, since: int | None, within_s: float
) -> dict[str, Any]:
    """The first frame after `since` (None: from now on) that fits.

    Raises Problem 408 when the time is up, 422 for a bad pattern.
    """
    wire_log = parts.wire_log
    with wire_log.tap(station_id, TAP_LIMIT) as live:
        start = wire_log.last_seq if since is None else since
        expecter = Expecter(expectation, start)
        timer = parts.clock.call_later(within_s, live.close)
        try:
            if since is not None and (found := await _search(parts, station_id, expecter)) is not None:
                return found
            async for frame in live:
                if (found := expecter.look_at(frame)) is not None:
                    return found
        finally:
            timer.cancel()
    raise _not_met(station_id, expectation, expecter, within_s)


async def _search(parts: ApiParts, station_id: StationId, expecter: Expecter) -> dict[str, Any] | None:
    """What fits among the frames since; read and looked at in parts, so that nobody waits for it."""
    left = SCAN_LIMIT
    while left > 0:
        frames = await parts.wire_log.since(station_id, expecter.last_seq, left)
        if not frames:
            return None
        left -= len(frames)
        async for some in in_slices(frames, SLICE):
            for frame in some:
                if (found := expecter.look_at(frame)) is not None:
                    return found
    return None


def _not_met(station_id: StationId, wanted: Expectation, expecter: Expecter, within_s: float) -> Problem:
    words = [wanted.direction or "", wanted.kind or "", wanted.action or "frame"]
    what = " ".join(word for word in words if word)
    return Problem(
        408,
        "expectation_not_met",
        Phrase(
            f"Aucune trame qui convienne ({what}) n'est venue de {station_id} ou allée vers elle en "
            f"{within_s:g} s; {expecter.seen} autres, oui",
            f"No {what} that fits came from or went to {station_id} within {within_s:g} s; "
            f"{expecter.seen} other frames did",
        ),
        SEE_FRAMES.at(station_id),
        seen=expecter.seen,
        last_seq=expecter.last_seq,
    )
