"""A station that nobody ordered is led by nobody."""

from provisioning.blockers import Code
from provisioning.gates.facts import GateFacts
from provisioning.gates.ordered import ORDERED


def test_it_is_passed_once_the_fact_is_there() -> None:
    """And names what is in the way until then."""
    blocked = ORDERED.check(GateFacts())
    assert blocked is not None
    assert (blocked.code,) == ORDERED.codes == (Code.NOT_ORDERED,)
    assert ORDERED.check(GateFacts(is_ours=True)) is None
