"""What steps are called."""

from typing import Any

import pytest

from simulator.scenario import model
from simulator.scenario.files import load_scenario, shipped_names
from simulator.scenario.scope import Scope
from simulator.scenario.titles import title_of
from simulator.scenario.words import Words


@pytest.mark.parametrize("name", shipped_names())
def test_every_step_of_a_shipped_scenario_has_a_title(name: str) -> None:
    """In both languages, without any variable left that the file gives."""
    scenario = load_scenario(name)
    scope = Scope(scenario.variables)
    for words in (Words("en"), Words("fr")):
        assert all(title_of(step, scope, words) for step in scenario.steps)


def test_titles_say_what_a_step_does() -> None:
    """Where the file gives none."""

    def title(step: model.Step, language: Any = "en") -> str:
        return title_of(step, Scope({"n": 2}), Words(language))

    assert title(model.Plug(plug=model.Socket(evse="${n}"))) == "Plug the cable into connector 2"
    assert (
        title(model.Plug(plug=model.Socket(evse=1, connector=2)), "fr")
        == "Brancher le câble au connecteur 1.2"
    )
    assert title(model.Expect(expect={"1.6": {"call": "X"}})) == "Expect call X"
    assert title(model.Expect(expect={"event": "boot", "registration": "Pending"})) == (
        "Expect boot (registration Pending)"
    )
    assert title(model.Never(never={"event": "boot"}), "fr") == "Vérifier que boot ne vient pas"
    assert (
        title(model.Status.model_validate({"status": "Available"})) == "Status of every connector: Available"
    )
    assert title(model.Check.model_validate({"check": "${zz}", "is": 1})) == "Check ${zz}"
    assert title(model.Wait(wait=5)) == "Wait 5 s"
