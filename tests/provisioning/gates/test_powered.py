"""A station that never booted was never powered."""

from provisioning.blockers import Code
from provisioning.gates.facts import GateFacts
from provisioning.gates.powered import POWERED


def test_it_is_passed_once_the_fact_is_there() -> None:
    """And names what is in the way until then."""
    blocked = POWERED.check(GateFacts())
    assert blocked is not None
    assert (blocked.code,) == POWERED.codes == (Code.NOT_SEEN,)
    assert POWERED.check(GateFacts(is_seen=True)) is None
