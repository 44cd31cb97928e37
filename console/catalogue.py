"""The texts of the pages, from the gettext catalogues in `console/locale/<language>/*.po`, one file a page.

A key is `page.thing`, or `group.word` for words of the program; texts may hold `{fields}`. It names a place
and not an English sentence: what reads the same in English at two places may differ in French, and a sentence
can be bettered without touching its translation. What the rest of the program says in both languages itself
(commands, lifecycle, what to do about a failed connection) is taken from there.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from console.advice import ADVICE
from csms.rules.command_rules import COMMAND_RULES
from provisioning.lifecycle import STATE_WORDS
from runtime.wording import Phrase, typeset

FOLDERS = {"en": "en", "fr": "fr_CA"}
"""The folder of each language."""


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """All texts of a language. Raises KeyError for one that nobody speaks here."""
    found: dict[str, str] = {}
    for file, key, text in written(language):
        if key in found:
            raise ValueError(f"{file}: {key} is written twice")
        found[key] = text if language == "en" else typeset(text)
    return found | {key: phrase.in_(language) for key, phrase in _from_elsewhere()}


def written(language: str) -> Iterator[tuple[str, str, str]]:
    """File, key and text of each message of the catalogues."""
    from babel.messages.pofile import read_po  # a terminal that says nothing of this need not load it

    folder = files("console") / "locale" / FOLDERS[language]
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        with file.open("rb") as opened:
            catalogue = read_po(opened, locale=FOLDERS[language], abort_invalid=True)
        yield from ((file.name, str(each.id), str(each.string)) for each in catalogue if each.id)


def _from_elsewhere() -> Iterator[tuple[str, Phrase]]:
    for command, rule in COMMAND_RULES.items():
        yield f"command.{command.name}", rule.label
    for state, words in STATE_WORDS.items():
        yield f"lifecycle.{state.value}", words
    for slug, way_out in ADVICE.items():
        yield f"advice.{slug}", way_out.words
