"""Every central-system case is played against our own server, over a real socket, and its mutant fails."""

import asyncio

from borne.conform.config import ConformConfig
from borne.conform.suite import Choice, Suite, chosen_cases
from simulator.conform.results import CaseResult
from simulator.scenario.verdicts import Verdict
from simulator.scenario.words import RunTexts


def test_our_central_system_passes_every_case() -> None:
    """Or the case says which feature it needs; none passes against its mutant."""
    choice = Choice(side="csms", proves=True)
    cases = chosen_cases(choice)
    published: list[CaseResult] = []
    suite = Suite(
        cases=cases,
        config=ConformConfig(),
        choice=choice,
        words=RunTexts("en"),
        publish=published.append,
    )
    results = asyncio.run(suite.own_central())
    assert results == published
    wrong = {
        each.case_id: each.why for each in results if each.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE)
    }
    assert wrong == {}
    assert {each.case_id: each.proof for each in results if each.proved is False} == {}
