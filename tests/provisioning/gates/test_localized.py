"""A station at no place is localized nowhere."""

from provisioning.blockers import Code
from provisioning.gates.facts import GateFacts
from provisioning.gates.localized import LOCALIZED


def test_it_is_passed_once_the_fact_is_there() -> None:
    """And names what is in the way until then."""
    blocked = LOCALIZED.check(GateFacts())
    assert blocked is not None
    assert (blocked.code,) == LOCALIZED.codes == (Code.NOT_LOCALIZED,)
    assert LOCALIZED.check(GateFacts(is_assigned=True)) is None
