"""A station that nobody ordered is led by nobody."""

from provisioning.blockers import Code
from provisioning.gates.facts import GateFacts
from provisioning.gates.lifecycle_status import derive
from provisioning.gates.ordered import ORDERED
from provisioning.lifecycle import Lifecycle


def test_it_is_passed_once_the_fact_is_there() -> None:
    """And names what is in the way until then."""
    blocked = ORDERED.check(GateFacts())
    assert blocked is not None
    assert (blocked.code,) == ORDERED.codes == (Code.NOT_ORDERED,)
    assert ORDERED.check(GateFacts(is_ours=True)) is None


def test_a_station_in_service_that_is_nobodys_any_more_is_held_up() -> None:
    """It charged yesterday; today nobody answers for it."""
    assert derive(GateFacts(is_seen=True, is_activated=True)).state is Lifecycle.QUARANTINE
