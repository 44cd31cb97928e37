"""What the terminal says, in English and in the French of Canada, on top of the console's words."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from borne.terminal import language_of
from console.words import Words, way_out_of
from runtime.wording import FRENCH, NO_BREAK, typeset

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
    "claim_code": (
        "Claim code for the installer, shown this once: {code}",
        "Code d'installation pour l'installateur, affiché cette seule fois : {code}",
    ),
    "next": ("Next, by the {who}: {way_out}", "Ensuite ({who}) : {way_out}"),
    "running": ("{name} is running.", "{name} est en marche."),
    "up_stations": ("Stations connect to", "Adresse des bornes"),
    "up_console": ("Console", "Console"),
    "up_console_tls": ("Console with TLS", "Console avec TLS"),
    "up_phone": ("Open on a phone", "À ouvrir au téléphone"),
    "up_phone_plain": (
        "Not https: on a phone no camera, no position, no work without signal. See `borne doctor --phone`.",
        "Sans https : au téléphone ni caméra, ni position, ni hors réseau. Voyez `borne doctor --phone`.",
    ),
    "up_api": ("REST API", "API REST"),
    "up_login": ("Log in with", "Connexion"),
    "up_token": ("the token in {file}", "le jeton du fichier {file}"),
    "up_replace": (
        "Replace {placeholder} by the station's MAC address or id. Stop with Ctrl-C.",
        "Remplacez {placeholder} par l'adresse MAC ou l'identifiant de la borne. Ctrl-C arrête le serveur.",
    ),
    "up_loopback": (
        "Only this machine can connect. To take real stations: {command}",
        "Seule cette machine peut se connecter. Pour de vraies bornes : {command}",
    ),
    "unknown_accept": ("Every station is accepted.", "Toute borne est acceptée."),
    "unknown_quarantine": (
        "One that nobody ordered waits in quarantine: {command} ctl adopt ID lets it in.",
        "Une borne que personne n'a commandée attend en quarantaine : {command} ctl adopt ID l'admet.",
    ),
    "unknown_reject": (
        "One that nobody ordered is rejected: order it, or start with --unknown quarantine.",
        "Une borne que personne n'a commandée est rejetée : commandez-la, ou --unknown quarantine.",
    ),
    "unknown_refuse": (
        "One that nobody ordered is refused: order it, or start with --unknown quarantine.",
        "Une borne que personne n'a commandée est refusée : commandez-la, ou --unknown quarantine.",
    ),
    "console": ("Console: {url} (log in with the token in {file})", "Console : {url} (jeton dans {file})"),
    "leave": ("Ctrl-C leaves.", "Ctrl-C pour quitter."),
    "stop": ("Ctrl-C stops everything.", "Ctrl-C arrête tout."),
    "trouble": ("The server does not answer; trying again.", "Le serveur ne répond pas; nouvel essai."),
}


@dataclass(frozen=True, slots=True)
class Speech(Words):
    """The words of one language for a terminal: `Words`, and `text` for what only a terminal says.

    `program` is how whoever reads calls this program.
    """

    program: str = "borne"

    def text(self, key: str, **fields: object) -> str:
        """A text with its fields filled in. Raises KeyError for a key that nobody wrote."""
        english, french = _TEXTS[key]
        return (typeset(french) if self.language == "fr" else english).format(**fields)

    def way_out_here(self, blocker: Mapping[str, Any]) -> str:
        """What to do about a blocker or a problem of the API, as one does it in a terminal."""
        return self.with_command(self.way_out(blocker), (blocker.get("ways_out") or {}).get("command"))

    def advice_here(self, attempt: Mapping[str, Any]) -> str | None:
        """The same about a connection that failed."""
        found = way_out_of(attempt["reason"], attempt["cause"])
        if found is None:
            return None
        identity = attempt["identity"]
        command = found.at(identity).command if identity else ""
        return self.with_command(found.words.in_(self.language), command)

    def with_command(self, words: str, command: str | None) -> str:
        """A sentence, and after a colon the command that does it."""
        if not command:
            return words
        return f"{words.rstrip('.')}{NO_BREAK if self.language == FRENCH else ''}: {self.program} {command}"


def speech_of(
    wish: str | None = None, environment: Mapping[str, str] | None = None, program: str = "borne"
) -> Speech:
    """The language wished for (`fr`, `en`), else that of the environment, else English.

    Of the environment see `language_of`.
    """
    if wish is not None:
        return Speech(wish, program)
    return Speech(language_of(os.environ if environment is None else environment), program)
