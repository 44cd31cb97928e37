"""Failed connections are kept, bounded, with the operator's reason beside the public one."""

from csms.gateway.attempts import LIMIT, OF_ADDRESS, OF_IDENTITY, Attempts
from ocppj.aio.endpoint import AttemptReason, FailedAttempt, Peer
from runtime.clock import ManualClock


def failed(port: int, identity: str | None = None, address: str = "192.0.2.1") -> FailedAttempt:
    """One refusal."""
    return FailedAttempt(
        peer=Peer(address, port),
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


def kept(attempts: Attempts, address: str) -> int:
    return sum(attempt.address == address for attempt in attempts.latest(limit=10_000))


def test_a_flood_for_one_identity_keeps_its_newest() -> None:
    """Of one identity at one address twenty say all there is to say."""
    attempts = Attempts(ManualClock())
    attempts.add(failed(1, "CP1", "192.0.2.9"))
    for port in range(5000):
        attempts.add(failed(port, "CP1"))
    assert [attempt.port for attempt in attempts.latest("cp1")[:3]] == [4999, 4998, 4997]
    assert kept(attempts, "192.0.2.1") == OF_IDENTITY
    assert kept(attempts, "192.0.2.9") == 1
    assert attempts.count == 5001


def test_a_flood_of_made_up_identities_washes_out_only_its_own_evidence() -> None:
    """From one address, or from a network in which one machine can have any."""
    attempts = Attempts(ManualClock())
    for number in range(30):
        attempts.add(failed(number, f"CP{number}", f"198.51.100.{number}"))
    for number in range(3000):
        attempts.add(failed(number, f"X{number}"))
        attempts.add(failed(number, f"Y{number}", f"2001:db8:0:1::{number:x}"))
    assert sum(kept(attempts, f"198.51.100.{number}") for number in range(30)) == 30
    assert kept(attempts, "192.0.2.1") == OF_ADDRESS
    assert len(attempts.latest(limit=10_000)) == 30 + 2 * OF_ADDRESS


def test_where_all_are_full_the_busiest_gives_way() -> None:
    """Many that flood from many addresses leave one that failed twice alone."""
    attempts = Attempts(ManualClock(), limit=50)
    attempts.add(failed(1, "CP1", "198.51.100.1"))
    attempts.add(failed(2, "CP1", "198.51.100.1"))
    for number in range(2000):
        attempts.add(failed(number, f"X{number}", f"192.0.2.{number % 8}"))
    assert kept(attempts, "198.51.100.1") == 2
    assert len(attempts.latest(limit=10_000)) == 50
