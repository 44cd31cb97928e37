"""Why a station is not connected, for whoever stands in front of it: the failed connections in words.

A station that dials a wrong URL often names no station: with `wss://` on the port without TLS nothing of its
request can be read. Such a failure is told where nothing of its own is known, as what may be it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from console.words import Words
from csms.gateway.attempts import Attempt, Attempts
from ocppj.aio.endpoint import AttemptReason
from ocppj.vocabulary import StationId
from provisioning.rules.power_up import LinkFailure
from runtime.clock import Clock
from runtime.wording import FRENCH, Phrase

NAMELESS_FOR = timedelta(minutes=10)
"""So old a failure without a name may be of a station that somebody is setting up now."""
LIKELY = frozenset(
    {
        AttemptReason.TLS_ON_PLAIN_PORT,
        AttemptReason.PLAIN_ON_TLS_PORT,
        AttemptReason.TLS_FAILED,
        AttemptReason.REQUEST_MALFORMED,
        AttemptReason.NOT_AN_UPGRADE,
        AttemptReason.UPGRADE_INVALID,
        AttemptReason.WRONG_PATH,
        AttemptReason.IDENTITY_INVALID,
    }
)
"""What a URL that was typed wrong comes to; a connection that sends nothing is mostly a probe."""
_SPOKEN = (Words(FRENCH), Words("en"))


def last_failure(attempts: Attempts, clock: Clock) -> Callable[[StationId], LinkFailure | None]:
    """Looks for the last failed connection of a station; without any, for the last that named none."""

    def find(station_id: StationId) -> LinkFailure | None:
        for attempt in attempts.latest(station_id, 1):
            return LinkFailure(_phrase_of(attempt), is_its_own=True)
        since = clock.now() - NAMELESS_FOR
        return next(_nameless(each for each in attempts.latest() if each.at >= since), None)

    return find


def _nameless(attempts: Iterable[Attempt]) -> Iterator[LinkFailure]:
    for each in attempts:
        if each.identity is None and each.reason in LIKELY:
            # No address: whoever asks may be of another organisation than the station that called.
            at, told = each.at.strftime("%H:%M"), _phrase_of(each)
            text = Phrase(
                f"à {at} UTC, une borne a appelé sans donner son nom, peut-être celle-ci : {told.fr}",
                f"at {at} UTC a station called without giving its name, perhaps this one: {told.en}",
            )
            yield LinkFailure(text, is_its_own=False)


def _phrase_of(attempt: Attempt) -> Phrase:
    """What happened, and what to do about it."""
    french, english = (_sentences(attempt, words) for words in _SPOKEN)
    return Phrase(french, english)


def _sentences(attempt: Attempt, words: Words) -> str:
    cause, reason = attempt.cause, attempt.reason.value
    why = words.of("cause", cause) if cause else words.of("attempt", reason)
    return ". ".join(each.rstrip(".") for each in (why, words.advice(reason, cause)) if each) + "."
