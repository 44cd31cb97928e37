"""One typography for all French: what the sources hold is what `typeset` makes, or passes through it."""

import ast
import re

import access.login
import borne.demo.story
import csms.gateway.explain
import simulator.scenario.words
from borne import language
from console.catalogue import texts_of
from provisioning.catalogue import CATALOGUE
from runtime.wording import typeset
from tests.support.sources import product_sources


def shown_french() -> dict[str, str]:
    """Every French text, as people see it, by where it comes from."""
    found = {f"console {key}": text for key, text in texts_of("fr").items()}
    for code, entry in CATALOGUE.items():
        found[f"catalogue {code.value}"] = entry.text.fr
        found[f"way out {code.value}"] = entry.way_out.fr
    speech = language.Speech("fr")
    words = simulator.scenario.words.RunTexts("fr")
    for key, (_, french) in language._TEXTS.items():
        fields = dict.fromkeys(re.findall(r"{(\w+)}", french), "x")
        found[f"terminal {key}"] = speech.text(key, **fields)
    for key, (_, french) in simulator.scenario.words.texts().items():
        fields = dict.fromkeys(re.findall(r"(?<!{){(\w+)}", french), "x") | {"name": "x"}
        found[f"runner {key}"] = words.text(key, **fields)
    told: list[str] = []
    for key, (_, french) in borne.demo.story._LINES.items():
        fields = dict.fromkeys(re.findall(r"{(\w+)}", french), "x")
        borne.demo.story.Story(told.append, "fr").write(key, **fields)
        found[f"demo {key}"] = told[-1]
    found |= {f"login {key}": text for key, text in access.login._WORDS["fr"].items()}
    return found | {f"explained {key}": text for key, text in csms.gateway.explain._FRENCH.items()}


def test_all_french_is_set_alike() -> None:
    """No-break spaces where Québec writes them, and no space before ; ! and ?"""
    assert {where: text for where, text in shown_french().items() if typeset(text) != text} == {}


def test_the_seed_s_words_are_used() -> None:
    """«localiser» and «code d'installation»: nobody claims anything back."""
    assert {where: text for where, text in shown_french().items() if re.search("réclam", text, re.I)} == {}


def test_no_french_in_the_sources_has_a_space_before_a_semicolon() -> None:
    """Also what is put together elsewhere."""
    loose = []
    for source in product_sources():
        for node in source.nodes:
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.search(r"[éèàêç].* [;!](?: |$)", text):
                loose.append(f"{source} {text[:60]}")
    assert loose == []
