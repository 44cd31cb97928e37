"""While a test window is open a station is accepted, and nobody may charge but with its token."""

from ocppj.vocabulary import RegistrationStatus
from provisioning.blockers import Code
from provisioning.gates.facts import GateFacts
from provisioning.gates.lifecycle_status import derive
from provisioning.gates.test_over import TEST_OVER
from provisioning.lifecycle import Lifecycle

UNTIL = "2026-01-05T12:15:00Z"


def test_the_gate_is_there_while_the_window_is_open() -> None:
    """It names the end, and answers boots with Accepted."""
    assert TEST_OVER.check(GateFacts()) is None
    assert not TEST_OVER.is_armed(GateFacts())
    assert TEST_OVER.is_armed(GateFacts(tested_until=UNTIL))
    told = TEST_OVER.check(GateFacts(tested_until=UNTIL))
    assert told is not None
    assert told.code is Code.TEST_WINDOW
    assert UNTIL in told.text.en
    assert TEST_OVER.boot_answer is RegistrationStatus.ACCEPTED


def test_a_station_is_testing_whatever_else_it_lacks_but_not_if_nobody_ordered_it() -> None:
    """Neither account nor activation is asked for; what is in the way of those is told all the same."""
    found = derive(GateFacts(is_ours=True, is_seen=True, tested_until=UNTIL))
    assert found.state is Lifecycle.TESTING
    assert [each.code for each in found.blocked_by] == [Code.TEST_WINDOW, Code.NOT_LOCALIZED]
    assert derive(GateFacts(tested_until=UNTIL)).state is Lifecycle.QUARANTINE
