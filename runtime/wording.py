"""Texts for people in English and in the French of Canada, and where each reader does what a text says. Pure.

A `Phrase` says one thing in both languages; a `WayOut` says what to do about it, and where that is done: on a
page, in a terminal, through the API. Whoever shows one picks what suits the reader.
"""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

NO_BREAK = "\N{NO-BREAK SPACE}"
FRENCH = "fr"
_BEFORE_COLON = re.compile(r" +:(?!\S)")
_WITHOUT_SPACE = re.compile(rf"[ {NO_BREAK}]+([;!?])(?=[\s)»]|$)")
_UNITS = re.compile(r"(?<=[\d}]) (?=(?:%|\$|€|s|min|h|W|kW|Wh|kWh|A|V|[KMG]io)(?!\w))")


def typeset(french: str) -> str:
    """French as it is set in Canada (Office québécois de la langue française): a no-break space before a
    colon, inside guillemets and before a unit; none before a semicolon, a question or an exclamation mark.
    """
    text = _BEFORE_COLON.sub(f"{NO_BREAK}:", french.replace("« ", f"«{NO_BREAK}"))
    text = text.replace(" »", f"{NO_BREAK}»")
    return _UNITS.sub(NO_BREAK, _WITHOUT_SPACE.sub(r"\1", text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """The same words in both languages; the texts may hold `{fields}`."""

    fr: str
    en: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "fr", typeset(self.fr))

    def __str__(self) -> str:
        return self.en

    def in_(self, language: str) -> str:
        """In this language; English for one that nobody wrote."""
        return self.fr if language == FRENCH else self.en

    def filled(self, fields: Mapping[str, Any]) -> "Phrase":
        """With its fields filled in, phrases among them in their own language. Raises KeyError for a
        missing one.
        """
        return _as_is(
            self.fr.format_map({name: _in(each, FRENCH) for name, each in fields.items()}),
            self.en.format_map({name: _in(each, "en") for name, each in fields.items()}),
        )


@dataclass(frozen=True, slots=True)
class WayOut:
    """What to do, in words that name no surface, and where: each place may be missing.

    `page` is a path of the console, `command` what stands after the program's name in a terminal, `route` a
    method and a path of the API. They may hold `{fields}`; `{id}` is the station's.
    """

    fr: str
    en: str
    page: str = ""
    command: str = ""
    route: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "fr", typeset(self.fr))

    @property
    def words(self) -> Phrase:
        """What to do."""
        return _as_is(self.fr, self.en)

    @property
    def as_json(self) -> dict[str, str | None]:
        """The three places, for the API; None where there is none."""
        return {"page": self.page or None, "command": self.command or None, "route": self.route or None}

    def filled(self, fields: Mapping[str, Any]) -> "WayOut":
        """With the fields filled in, quoted as each place needs it; `{id}` may wait for `at`.

        Raises KeyError for any other that is missing.
        """
        words = self.words.filled(fields)
        later = {"id": "{id}"}
        in_url = later | {name: quote(str(each), safe="") for name, each in fields.items()}
        in_shell = later | {name: shlex.quote(str(each)) for name, each in fields.items()}
        return WayOut(
            words.fr,
            words.en,
            self.page.format_map(in_url),
            self.command.format_map(in_shell),
            self.route.format_map(in_url),
        )

    def at(self, station_id: str) -> "WayOut":
        """With the station's id where `{id}` is left."""
        return replace(
            self,
            page=self.page.replace("{id}", quote(station_id, safe="")),
            command=self.command.replace("{id}", shlex.quote(station_id)),
            route=self.route.replace("{id}", quote(station_id, safe="")),
        )


def counted(count: int, one: Phrase, many: Phrase) -> Phrase:
    """The one that goes with so many, with its `{count}` filled in: French says *0 borne*, English
    *0 stations*.
    """
    fitting = Phrase((one if count < 2 else many).fr, (one if count == 1 else many).en)
    return fitting.filled({"count": count})


def verbatim(text: str) -> Phrase:
    """What reads the same in both languages, such as a station's own words: nothing of it is typeset."""
    return _as_is(text, text)


def stored_phrase(french: str, english: str) -> Phrase:
    """A phrase as it was kept: it was typeset, and filled in, before."""
    return _as_is(french, english)


def replaced(phrase: Phrase, change: Callable[[str], str]) -> Phrase:
    """The same with its text changed in both languages; what is put in is not typeset."""
    return _as_is(change(phrase.fr), change(phrase.en))


def _as_is(french: str, english: str) -> Phrase:
    """What people typed stays as they typed it: only templates are typeset."""
    phrase = object.__new__(Phrase)
    object.__setattr__(phrase, "fr", french)
    object.__setattr__(phrase, "en", english)
    return phrase


def _in(value: Any, language: str) -> Any:
    return value.in_(language) if isinstance(value, Phrase) else value
