"""Every station case is played against a simulated station, in virtual time, and its mutant fails."""

import pytest

from runtime.virtual_time import VirtualClock, VirtualLoop, run_virtual
from simulator.conform.case import case_ids, load_case
from simulator.conform.play import CaseSettings, not_applicable, play_simulated, with_proof
from simulator.conform.results import CaseResult
from simulator.scenario.verdicts import Verdict
from simulator.scenario.words import RunTexts

CASES = case_ids("cs")
NOT_BUILT = {
    "TC_B_43_CS": "the simulated station has no network profiles",
}
"""Cases that fail, and what the simulated station lacks."""


def played(case_id: str) -> CaseResult:
    """Against the simulated station, and where it passes against its mutant."""

    async def play(loop: VirtualLoop) -> CaseResult:
        case = load_case(case_id, "cs")
        settings = CaseSettings(clock=VirtualClock(loop), words=RunTexts("en"))
        if (result := not_applicable(case, settings)) is not None:
            return result
        result = await play_simulated(case, "ac-201", settings)
        if result.verdict is not Verdict.PASSED:
            return result
        return with_proof(result, await play_simulated(case, "ac-201", settings, is_mutant=True))

    return run_virtual(play)


@pytest.mark.parametrize("case_id", CASES)
def test_a_station_case(case_id: str) -> None:
    """It passes and can fail, or says which feature it needs."""
    result = played(case_id)
    if result.verdict is Verdict.NOT_APPLICABLE:
        assert "it needs" in result.why
        return
    if case_id in NOT_BUILT and result.verdict is Verdict.FAILED:
        return
    assert (result.verdict, result.why) == (Verdict.PASSED, "")
    assert result.proved, result.proof
