"""A suspended station stays accepted: its telemetry and queued transactions are still wanted."""

from ocppj.vocabulary import RegistrationStatus
from provisioning.blockers import Code
from provisioning.gates.facts import GateFacts
from provisioning.gates.in_service import SERVING


def test_it_exists_for_stations_in_service_alone() -> None:
    """Nobody is asked to resume what never began."""
    assert not SERVING.is_armed(GateFacts(is_suspended=True))
    assert SERVING.is_armed(GateFacts(is_activated=True))
    assert SERVING.holds_active
    assert SERVING.boot_answer is RegistrationStatus.ACCEPTED


def test_the_owner_reads_their_own_reason() -> None:
    """In both languages."""
    blocked = SERVING.check(GateFacts(is_activated=True, is_suspended=True, suspend_reason="roof leaks"))
    assert blocked is not None
    assert blocked.code is Code.SUSPENDED
    assert "roof leaks" in blocked.text.en
    assert "roof leaks" in blocked.text.fr
    assert SERVING.check(GateFacts(is_activated=True)) is None
