"""What steps are called."""

from typing import Any

import pytest

from simulator.scenario import model
from simulator.scenario.files import load_scenario, shipped_names
from simulator.scenario.scope import Scope
from simulator.scenario.titles import title_of, titles_of
from simulator.scenario.words import RunTexts


@pytest.mark.parametrize("name", shipped_names())
def test_every_step_of_a_shipped_scenario_has_a_title(name: str) -> None:
    """In both languages, without any variable left that the file gives."""
    scenario = load_scenario(name)
    scope = Scope(scenario.variables)
    for words in (RunTexts("en"), RunTexts("fr")):
        assert all(title_of(step, scope, words) for step in scenario.steps)


def test_titles_say_what_a_step_does() -> None:
    """Where the file gives none."""

    def title(step: model.Step, language: Any = "en") -> str:
        return title_of(step, Scope({"n": 2}), RunTexts(language))

    assert title(model.PlugStep(plug=model.ConnectorRef(evse="${n}"))) == "Plug the cable into connector 2"
    assert (
        title(model.PlugStep(plug=model.ConnectorRef(evse=1, connector=2)), "fr")
        == "Brancher le câble au connecteur 1.2"
    )
    assert title(model.ExpectStep(expect={"1.6": {"call": "X"}})) == "Expect call X"
    assert title(model.ExpectStep(expect={"event": "boot", "registration": "Pending"})) == (
        "Expect boot (registration Pending)"
    )
    assert title(model.NeverStep(never={"event": "boot"}), "fr") == "Vérifier que boot ne vient pas"
    assert (
        title(model.StatusStep.model_validate({"status": "Available"}))
        == "Status of every connector: Available"
    )
    assert title(model.CheckStep.model_validate({"check": "${zz}", "is": 1})) == "Check ${zz}"
    assert title(model.WaitStep(wait=5)) == "Wait 5 s"


def test_a_title_is_had_in_every_language() -> None:
    """Whichever the run speaks."""
    step = model.PlugStep(plug=model.ConnectorRef(evse="${n}"))
    assert titles_of(step, Scope({"n": 2})) == {
        "en": "Plug the cable into connector 2",
        "fr": "Brancher le câble au connecteur 2",
    }
