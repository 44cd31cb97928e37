"""What holds up a configuration, the first thing first."""

from dataclasses import replace

import pytest

from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.gates.configured import CONFIGURED
from provisioning.gates.facts import GateFacts

ASKED = GateFacts(is_ours=True, is_seen=True, is_assigned=True, is_requested=True)
STUCK = blocker(Code.STEP_STUCK, step="clock", reason="no answer", wait=5)
NO_BOOT = blocker(Code.BOOT_MISSING)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (ASKED, Code.CONFIGURING),
        (replace(ASKED, progress=STUCK), Code.STEP_STUCK),
        (replace(ASKED, is_released=True), Code.WAITING_FOR_BOOT),
        (replace(ASKED, is_released=True, progress=STUCK), Code.WAITING_FOR_BOOT),
        (replace(ASKED, is_released=True, progress=NO_BOOT), Code.BOOT_MISSING),
        (replace(ASKED, is_paused=True, is_released=True), Code.UNDER_TEST),
        (replace(ASKED, is_paused=True, is_online=False), Code.STATION_OFFLINE),
    ],
)
def test_one_thing_is_told(known: GateFacts, code: Code) -> None:
    """The one that has to be done first; each is among those that the gate declares."""
    blocked = CONFIGURED.check(known)
    assert blocked is not None
    assert blocked.code is code
    assert code in CONFIGURED.codes


def test_a_station_that_is_active_has_passed() -> None:
    """Whatever else is told of it."""
    assert CONFIGURED.check(replace(ASKED, is_activated=True, is_online=False, progress=STUCK)) is None
