"""Hands by name, and a rig that fails."""

import pytest

from simulator.scenario.hands import HANDS, HandAction, RigFailedError, RigTrouble, act_by_rig
from simulator.scenario.verdicts import RunResult, Verdict, exit_code
from simulator.scenario.words import RunTexts


class Jammed:
    """A rig that never does it."""

    def can(self, name: str) -> bool:
        """Everything, it says."""
        return name in HANDS

    async def act(self, action: HandAction) -> None:
        """It does not."""
        raise RigFailedError("the relay is stuck")


async def test_a_rig_that_fails_leaves_the_step_open() -> None:
    """Never failed."""
    action = HandAction(name="plug", station_id="CS-1", arguments={"evse": 1})
    assert action.values == {"hand": "plug", "station": "CS-1", "text": "", "evse": 1}
    with pytest.raises(RigTrouble, match=r"The rig did not do plug: the relay is stuck\.") as raised:
        await act_by_rig(Jammed(), action, RunTexts("en"))
    assert raised.value.verdict is Verdict.INCONCLUSIVE


def test_the_exit_code_says_so() -> None:
    """3, unless something failed."""
    jammed = RunResult("s", "S", "a", ("1.6",), 1, "", rig_failed=True)
    failed = RunResult("s", "S", "a", ("1.6",), 1, "", verdict=Verdict.FAILED)
    assert exit_code([jammed]) == 3
    assert exit_code([jammed, failed]) == 1
