"""A DC station is commissioned by the team before it is activated; so is what nobody knows."""

import pytest

from provisioning.blockers import Code
from provisioning.gates.commissioned import COMMISSIONED
from provisioning.gates.facts import Commissioning, GateFacts
from provisioning.lifecycle import Lifecycle

MANAGED = GateFacts(commissioning=Commissioning.MANAGED)
UNKNOWN = GateFacts(commissioning=Commissioning.UNKNOWN)


def test_it_exists_for_products_that_ask_for_it() -> None:
    """No other product has it, and no station in service is held up by it."""
    assert not COMMISSIONED.is_armed(GateFacts())
    assert COMMISSIONED.is_armed(MANAGED)
    assert COMMISSIONED.is_armed(UNKNOWN)
    assert not COMMISSIONED.holds_active
    assert COMMISSIONED.check(GateFacts()) is None


@pytest.mark.requirement("R34", "refuses")
def test_hardware_that_nobody_knows_is_a_question() -> None:
    """To the team's representative."""
    found = COMMISSIONED.check(UNKNOWN)
    assert found is not None
    assert found.code is Code.ONRAMP_PROFILE_UNKNOWN


@pytest.mark.requirement("R34", "passes")
def test_an_answered_question_is_passed() -> None:
    """By whoever commissioned it."""
    assert COMMISSIONED.check(GateFacts(commissioning=Commissioning.UNKNOWN, is_commissioned=True)) is None


def test_a_managed_one_names_what_it_waits_for() -> None:
    """The team; what comes after waits."""
    found = COMMISSIONED.check(MANAGED)
    assert found is not None
    assert found.code is Code.DC_MANAGED_COMMISSIONING
    assert COMMISSIONED.check(GateFacts(commissioning=Commissioning.MANAGED, is_commissioned=True)) is None
    assert set(COMMISSIONED.codes) == {Code.DC_MANAGED_COMMISSIONING, Code.ONRAMP_PROFILE_UNKNOWN}
    assert COMMISSIONED.state is Lifecycle.LOCALIZED
    assert COMMISSIONED.after == ("ordered", "powered", "localized")
