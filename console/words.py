"""Every text of the pages, in English and in the French of Canada. Both languages say the same, all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from console.advice import ADVICE
from console.catalogue import FOLDERS, texts_of
from runtime.texts import energy_text, number_text, power_text
from runtime.wording import Phrase, WayOut

if TYPE_CHECKING:
    from runtime.http import Problem

LANGUAGE_COOKIE = "borne_language"
_LOCALES = {"en": "en-CA", "fr": "fr-CA"}
PAGE_NAMES = {"/": "nav.today", "/stations": "nav.stations", "/attempts": "nav.attempts"}
STATION_PAGE = "nav.station"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language: `words("stations.title")`."""

    language: str

    @property
    def locale(self) -> str:
        """For the `lang` attribute of a page."""
        return _LOCALES[self.language]

    @property
    def texts(self) -> Mapping[str, str]:
        """All of this language, by key."""
        return texts_of(self.language)

    def __call__(self, key: str, **fields: object) -> str:
        """A text with its fields filled in. Raises KeyError for a key that nobody wrote."""
        return self.texts[key].format(**fields)

    def phrase(self, phrase: Phrase) -> str:
        """What another part of the program says in both languages."""
        return self.as_is(phrase.in_(self.language))

    def as_is(self, text: str) -> str:
        """A text of ours that stands in no catalogue, in this language already."""
        return text

    def find(self, group: str, word: object) -> str | None:
        """A word of the program in this language; None for one that nobody wrote."""
        return self.texts.get(f"{group}.{word}")

    def of(self, group: str, word: object) -> str:
        """A word of the program in this language; one that nobody wrote is shown as it is."""
        return self.find(group, word) or str(word) if word is not None else "–"

    def deviation(self, finding: str) -> str:
        """What a station does wrong; `refused:FormatViolation` has its detail behind the colon."""
        slug, _, detail = finding.partition(":")
        text = self.find("deviation", slug)
        return text.format(detail=detail) if text is not None else finding

    def advice(self, reason: str, cause: str | None) -> str | None:
        """What to do about a failed connection; the cause knows more than the reason."""
        found = way_out_of(reason, cause)
        return self.phrase(found.words) if found is not None else None

    def number(self, value: float, digits: int = 0) -> str:
        """With the language's separators."""
        return number_text(value, digits, self.language)

    def power(self, watts: float | None) -> str:
        """In kW."""
        return power_text(watts, self.language)

    def energy(self, watt_hours: float | None) -> str:
        """In kWh."""
        return energy_text(watt_hours, self.language)

    def instant(self, text: str | None) -> str:
        """An instant of the API for people, in UTC, which is what stations and logs speak."""
        if text is None:
            return "–"
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def ago(self, since: datetime | None, now: datetime) -> str:
        """How long ago: « 3 days »; `–` where nobody knows."""
        from babel.dates import format_timedelta

        if since is None:
            return "–"
        gone = max(now - since, timedelta(seconds=1))
        return self.as_is(format_timedelta(gone, threshold=1.5, locale=FOLDERS[self.language]))

    def day(self, text: str) -> str:
        """A day of the API for people: « mar. 1 déc. »."""
        from babel.dates import format_date

        return format_date(date.fromisoformat(text), "EEE d MMM", locale=FOLDERS[self.language])

    def blocker(self, blocker: Mapping[str, Any]) -> str:
        """What is in the way of a station."""
        text = blocker.get(f"text_{self.language}") or blocker.get("text")
        return self.as_is(str(text)) if text else str(blocker.get("code", ""))

    def way_out(self, blocker: Mapping[str, Any]) -> str:
        """What to do about it, in words that suit every reader; a surface adds its own of `ways_out`."""
        text = blocker.get(f"way_out_{self.language}") or blocker.get("way_out")
        return self.as_is(str(text)) if text else ""

    def problem(self, problem: "Problem") -> str:
        """Why something was not done, and what to do."""
        return f"{self.phrase(problem.text)}\n{self.phrase(problem.ways_out.words)}"

    def page_of(self, path: str) -> str:
        """What a link to a page of the console says."""
        return self(PAGE_NAMES.get(path, STATION_PAGE))


def way_out_of(reason: str, cause: str | None) -> WayOut | None:
    """What to do about a failed connection, and where; the cause knows more than the reason."""
    return ADVICE.get(cause or "") or ADVICE.get(reason)


def words_for(cookie: str | None, accept_language: str) -> Words:
    """The language somebody chose, else the first of the two that the browser asks for, else English."""
    if cookie in FOLDERS:
        return Words(cookie)
    for wish in accept_language.lower().split(","):
        tag = wish.split(";")[0].strip()[:2]
        if tag in FOLDERS:
            return Words(tag)
    return Words("en")
