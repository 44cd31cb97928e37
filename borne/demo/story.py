"""The demo's story, one line per act, in the language of the terminal."""

from collections.abc import Callable

from runtime.wording import typeset

_LINES: dict[str, tuple[str, str]] = {
    "seeded": (
        "The manager orders two stations for {site}.",
        "Le gestionnaire commande deux bornes pour {site}.",
    ),
    "resumed": (
        "Going on with what is in {folder}: order, site and stations are there.",
        "On continue avec ce qui est dans {folder} : commande, site et bornes y sont.",
    ),
    "powered": ("{mac} is unpacked and powered up.", "{mac} est déballée et mise sous tension."),
    "powered_unordered": (
        "{mac} is powered up too, though nobody ordered it.",
        "{mac} est aussi mise sous tension, mais nul ne l'a commandée.",
    ),
    "claimed": (
        "{who} claims {mac} with its code, at «{place}».",
        "{who} localise {mac} avec son code d'installation, à « {place} ».",
    ),
    "activated": (
        "The manager activates {mac}; it is configured step by step.",
        "Le gestionnaire active {mac}; elle est configurée pas à pas.",
    ),
    "adopted": (
        "An administrator has adopted {mac}; it is put at «{place}».",
        "Un administrateur a adopté {mac}; elle est mise à « {place} ».",
    ),
    "active": ("{mac} is active: cars may charge.", "{mac} est active : on peut y charger."),
    "hours": (
        "The site is open. It closes at {closes} and opens again at {opens}.",
        "Le site est ouvert. Il ferme à {closes} et rouvre à {opens}.",
    ),
    "closed": (
        "Closing time: what is free becomes unavailable, charges may finish.",
        "Fermeture : ce qui est libre devient indisponible, les charges se terminent.",
    ),
    "opened": ("Opening time: all is available again.", "Ouverture : tout est de nouveau disponible."),
    "arrives": (
        "{who} plugs in at {mac} (EVSE {evse}) and presents {token}.",
        "{who} se branche à {mac} (EVSE {evse}) et présente {token}.",
    ),
    "refused": ("{who} may not charge at {mac}: {reason}.", "{who} ne peut pas charger à {mac} : {reason}."),
    "leaves": (
        "{who} leaves {mac} (EVSE {evse}) with {energy}{cost}.",
        "{who} quitte {mac} (EVSE {evse}) avec {energy}{cost}.",
    ),
    "problem": ("The demo could not go on there: {reason}", "La démo n'a pas pu continuer : {reason}"),
}


class Story:
    """Tells what people do. `write` puts one line on the screen."""

    def __init__(self, write: Callable[[str], object], language: str) -> None:
        self._write, self._is_french = write, language == "fr"

    def write(self, key: str, **fields: object) -> None:
        """A line with its fields filled in. Raises KeyError for a key that nobody wrote."""
        english, french = _LINES[key]
        self._write((typeset(french) if self._is_french else english).format(**fields))
