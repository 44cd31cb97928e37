"""Nothing is configured before somebody asks for it."""

from provisioning.blockers import Code
from provisioning.gates.facts import GateFacts
from provisioning.gates.requested import REQUESTED


def test_it_is_passed_once_the_fact_is_there() -> None:
    """And names what is in the way until then."""
    blocked = REQUESTED.check(GateFacts())
    assert blocked is not None
    assert (blocked.code,) == REQUESTED.codes == (Code.NOT_ACTIVATED,)
    assert REQUESTED.check(GateFacts(is_requested=True)) is None
