"""Every central-system case is played against our own server, over real sockets."""

import asyncio

from borne.conform.config import ConformConfig
from borne.conform.suite import Choice, Suite, chosen_cases
from simulator.conform.case import ConformCase
from simulator.conform.results import CaseResult
from simulator.scenario.verdicts import Verdict
from simulator.scenario.words import RunTexts

BAD = (Verdict.FAILED, Verdict.INCONCLUSIVE)


def played(cases: list[ConformCase], choice: Choice) -> list[CaseResult]:
    """All of them, and each is published."""
    published: list[CaseResult] = []
    words = RunTexts("en")
    suite = Suite(cases=cases, config=ConformConfig(), choice=choice, words=words, publish=published.append)
    results = asyncio.run(suite.own_central())
    assert results == published
    return results


def test_our_central_system_passes_every_case() -> None:
    """Or the case says which feature it needs."""
    choice = Choice(side="csms")
    results = played(chosen_cases(choice), choice)
    assert {each.case_id: each.why for each in results if each.verdict in BAD} == {}


def test_cases_fail_against_a_mutant() -> None:
    """Some of each block; `borne conform --prove` plays all."""
    choice = Choice(side="csms", proves=True)
    by_block = {case.block: case for case in chosen_cases(choice)}
    results = played(list(by_block.values()), choice)
    assert {each.case_id: each.proof for each in results if each.proved is not True} == {}
