"""Failed connections are kept, bounded, with the operator's reason beside the public one."""

from csms.gateway.attempts import LIMIT, Attempts
from ocppj.aio.endpoint import AttemptReason, FailedAttempt, Peer
from runtime.clock import ManualClock


def failed(port: int, identity: str | None = None) -> FailedAttempt:
    """One refusal."""
    return FailedAttempt(
        peer=Peer("192.0.2.1", port),
        reason=AttemptReason.REFUSED,
        detail="no",
        first_bytes=b"GET",
        identity=identity,
    )


def test_the_cause_finds_its_attempt_by_address_and_port() -> None:
    """And only the one."""
    attempts = Attempts(ManualClock())
    attempts.note_cause("192.0.2.1", 1, "unknown_station")
    attempts.add(failed(2))
    attempts.add(failed(1))
    assert [attempt.cause for attempt in attempts.latest()] == ["unknown_station", None]


def test_both_lists_are_bounded() -> None:
    """A scanner costs a fixed amount of memory."""
    attempts = Attempts(ManualClock(), limit=10)
    for port in range(3 * LIMIT):
        attempts.note_cause("192.0.2.1", port, "x")
        attempts.add(failed(port + LIMIT))
    assert len(attempts.latest(limit=10_000)) == 10
    assert attempts.count == 3 * LIMIT
    assert len(attempts._causes) <= LIMIT


def test_attempts_are_found_by_identity_whatever_its_case() -> None:
    """Identities compare without case."""
    attempts = Attempts(ManualClock())
    attempts.add(failed(1, "CP1"))
    attempts.add(failed(2, "CP2"))
    assert [attempt.identity for attempt in attempts.latest("cp1")] == ["CP1"]
