"""The demo's story, one line per act, in the language of the terminal."""

from collections.abc import Callable

_LINES: dict[str, tuple[str, str]] = {
    "seeded": (
        "The manager orders two stations, {first} and {second}, for the site «{site}».",
        "Le gestionnaire commande deux bornes, {first} et {second}, pour le site « {site} ».",
    ),
    "resumed": (
        "Going on with what is in {folder}: the order, the site and the stations are there already.",
        "On continue avec ce qui est dans {folder} : la commande, le site et les bornes y sont déjà.",
    ),
    "powered": (
        "{mac} is taken out of its box and powered up.",
        "{mac} sort de sa boîte et est mise sous tension.",
    ),
    "powered_unordered": (
        "{mac} is powered up too, but nobody ordered it: it will wait in quarantine.",
        "{mac} est aussi mise sous tension, mais personne ne l'a commandée : elle attendra en quarantaine.",
    ),
    "claimed": (
        "{who}, the installer, claims {mac} with the code on its label, at the place «{place}».",
        "{who}, l'installateur, réclame {mac} avec le code de son étiquette, à l'emplacement « {place} ».",
    ),
    "activated": (
        "The manager activates {mac}: clock, secret, tokens, hours and tariff go to it, each read back.",
        "Le gestionnaire active {mac} : horloge, secret, jetons, heures et tarif lui sont envoyés et relus.",
    ),
    "adopted": (
        "{mac} was adopted. An administrator puts it at the place «{place}».",
        "{mac} a été adoptée. Un administrateur la met à l'emplacement « {place} ».",
    ),
    "active": ("{mac} is active: cars may charge.", "{mac} est active : on peut y charger."),
    "hours": (
        "The site is open; it will close at {closes} and open again at {opens}.",
        "Le site est ouvert ; il fermera à {closes} et rouvrira à {opens}.",
    ),
    "closed": (
        "Closing time: free stations become unavailable, running charges may finish.",
        "Fermeture : les bornes libres deviennent indisponibles, les charges en cours se terminent.",
    ),
    "opened": (
        "Opening time: all stations are available again.",
        "Ouverture : les bornes sont de nouveau libres.",
    ),
    "arrives": (
        "{who} plugs in at {mac}, EVSE {evse}, and presents token {token}.",
        "{who} se branche à {mac}, EVSE {evse}, et présente le jeton {token}.",
    ),
    "refused": (
        "{who} may not charge at {mac}: {reason}.",
        "{who} ne peut pas charger à {mac} : {reason}.",
    ),
    "leaves": (
        "{who} stops at {mac}, EVSE {evse}, and drives away with {energy}{cost}.",
        "{who} arrête à {mac}, EVSE {evse}, et repart avec {energy}{cost}.",
    ),
    "problem": ("The demo could not go on there: {reason}", "La démo n'a pas pu continuer : {reason}"),
}


class Story:
    """Tells what people do. `write` puts one line on the screen."""

    def __init__(self, write: Callable[[str], object], language: str) -> None:
        self._write, self._is_french = write, language == "fr"

    def tell(self, key: str, **fields: object) -> None:
        """A line with its fields filled in. Raises KeyError for a key that nobody wrote."""
        english, french = _LINES[key]
        self._write((french if self._is_french else english).format(**fields))
