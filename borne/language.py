"""What the terminal says, in English and in the French of Canada, on top of the console's words."""

import os
from collections.abc import Mapping

from console.words import Words

_TEXTS: dict[str, tuple[str, str]] = {
    "charging": ("charging", "en charge"),
    "no_stations": (
        "No station has connected yet: {url}",
        "Aucune borne ne s'est encore connectée : {url}",
    ),
    "more": ("… and {count} more", "… et {count} de plus"),
    "adopt": (
        "An administrator lets it in with: {command} ctl adopt {station}",
        "Un administrateur l'admet avec : {command} ctl adopt {station}",
    ),
    "console": ("Console: {url} (log in with the token in {file})", "Console : {url} (jeton dans {file})"),
    "leave": ("Ctrl-C leaves.", "Ctrl-C pour quitter."),
    "stop": ("Ctrl-C stops everything.", "Ctrl-C arrête tout."),
    "trouble": ("The server does not answer; trying again.", "Le serveur ne répond pas ; nouvel essai."),
}


class Speech(Words):
    """The words of one language for a terminal: `Words`, and `say` for what only a terminal says."""

    def say(self, key: str, **fields: object) -> str:
        """A text with its fields filled in. Raises KeyError for a key that nobody wrote."""
        english, french = _TEXTS[key]
        return (french if self.language == "fr" else english).format(**fields)


def speech_of(wish: str | None = None, environment: Mapping[str, str] | None = None) -> Speech:
    """The language wished for (`fr`, `en`), else that of `LC_ALL`, `LC_MESSAGES` or `LANG`, else English."""
    if wish is not None:
        return Speech(wish)
    found = os.environ if environment is None else environment
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := found.get(name))), "")
    return Speech("fr" if locale.lower().startswith("fr") else "en")
