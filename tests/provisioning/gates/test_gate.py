"""What every gate is unless it says otherwise."""

from hypothesis import given

from ocppj.vocabulary import RegistrationStatus
from provisioning.gates.facts import GateFacts
from provisioning.gates.gate import always
from provisioning.gates.localized import LOCALIZED
from tests.support.gates import GATE_FACTS


@given(known=GATE_FACTS)
def test_a_gate_exists_for_every_station_and_leaves_those_in_service_alone(known: GateFacts) -> None:
    """A station that it holds up waits at its boot."""
    assert always(known)
    assert LOCALIZED.is_armed is always
    assert not LOCALIZED.holds_active
    assert LOCALIZED.boot_answer is RegistrationStatus.PENDING
