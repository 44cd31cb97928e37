"""Everything provisioning says is in the way, in French and English, and who can clear it.

One table: lifecycle blockers, activation steps, refusals of the API and the docs page all read it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Clearer(StrEnum):
    """Who can clear what is in the way."""

    INSTALLER = "installer"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"
    STATION = "station"


class Code(StrEnum):
    """The catalogue's codes; E stops something, W only tells."""

    NOT_ORDERED = "E_NOT_ORDERED"
    NOT_SEEN = "E_NOT_SEEN"
    NOT_LOCALIZED = "E_NOT_LOCALIZED"
    NOT_ACTIVATED = "E_NOT_ACTIVATED"
    CONFIGURING = "W_CONFIGURING"
    STEP_STUCK = "E_STEP_STUCK"
    WAITING_FOR_BOOT = "W_WAITING_FOR_BOOT"
    STATION_OFFLINE = "E_STATION_OFFLINE"
    SUSPENDED = "E_SUSPENDED"
    CREDENTIAL_REFUSED = "W_CREDENTIAL_REFUSED"
    CONFIG_DRIFT = "E_CONFIG_DRIFT"
    KEY_LACKING = "W_KEY_LACKING"
    KEY_REFUSED = "E_KEY_REFUSED"
    LIST_REFUSED = "E_LIST_REFUSED"
    LIST_TOO_LONG = "E_LIST_TOO_LONG"
    HOURS_REFUSED = "E_HOURS_REFUSED"
    TARIFF_NOT_REPRESENTABLE = "E_TARIFF_NOT_REPRESENTABLE"
    MAC_INVALID = "E_MAC_INVALID"
    MAC_UNKNOWN = "E_MAC_UNKNOWN"
    MAC_IN_USE = "E_MAC_IN_USE"
    PLACE_TAKEN = "E_PLACE_TAKEN"
    NAME_TAKEN = "E_NAME_TAKEN"
    ALREADY_ORDERED = "E_ALREADY_ORDERED"
    CLAIM_REFUSED = "E_CLAIM_REFUSED"
    CLAIM_LOCKED = "E_CLAIM_LOCKED"
    NOT_ACTIVE = "E_NOT_ACTIVE"
    SITE_UNKNOWN = "E_SITE_UNKNOWN"
    PLACE_UNKNOWN = "E_PLACE_UNKNOWN"
    TARIFF_UNKNOWN = "E_TARIFF_UNKNOWN"
    ORDER_UNKNOWN = "E_ORDER_UNKNOWN"
    INSTALLER_ACCOUNT = "E_INSTALLER_ACCOUNT"
    HOURS_INVALID = "E_HOURS_INVALID"
    ZONE_UNKNOWN = "E_ZONE_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue; the texts may hold `{fields}`."""

    fr: str
    en: str
    way_out: str
    clearer: Clearer
    status: int = 409


@dataclass(frozen=True, slots=True)
class Blocker:
    """What is in the way of a station, ready to show."""

    code: Code
    fr: str
    en: str
    way_out: str
    who_clears: Clearer

    @property
    def as_json(self) -> dict[str, str]:
        """For the API and the console; `text` is English."""
        return {
            "code": self.code.value,
            "text": self.en,
            "text_fr": self.fr,
            "text_en": self.en,
            "way_out": self.way_out,
            "who_clears": self.who_clears.value,
        }


_INSTALLER, _ADMINISTRATOR = Clearer.INSTALLER, Clearer.ADMINISTRATOR
_OWNER, _STATION = Clearer.OWNER, Clearer.STATION

CATALOGUE: dict[Code, Entry] = {
    Code.NOT_ORDERED: Entry(
        "Personne n'a commandé cette borne.",
        "Nobody ordered this station.",
        "Adopt it: POST /api/v1/adoptions, or order it: POST /api/v1/orders.",
        _ADMINISTRATOR,
    ),
    Code.NOT_SEEN: Entry(
        "Borne jamais vue en ligne ; alimentation, signal, URL ?",
        "Station never seen online; power, signal, URL?",
        "Power it up and check the URL; failed attempts are listed under /api/v1/connection-attempts.",
        _INSTALLER,
    ),
    Code.NOT_LOCALIZED: Entry(
        "La borne n'est pas localisée : adresse MAC et code de l'étiquette requis.",
        "The station is not localized: its MAC and the claim code on its label are needed.",
        "Claim it at its place: POST /api/v1/claims with MAC, claim code, position and name.",
        _INSTALLER,
    ),
    Code.NOT_ACTIVATED: Entry(
        "La borne attend son activation par le gestionnaire.",
        "The station waits for the station manager to activate it.",
        "Activate it: POST /api/v1/stations/{id}/activation.",
        _OWNER,
    ),
    Code.CONFIGURING: Entry(
        "Configuration en cours : {step}.",
        "Being configured: {step}.",
        "Nothing to do: the station is answering.",
        _STATION,
    ),
    Code.STEP_STUCK: Entry(
        "L'étape {step} n'aboutit pas ({reason}) ; nouvel essai dans {wait} s.",
        "The step {step} does not succeed ({reason}); next try in {wait} s.",
        "Look at the station's wire log; restart the station if it stays silent.",
        _ADMINISTRATOR,
    ),
    Code.WAITING_FOR_BOOT: Entry(
        "Tout est configuré ; la borne doit se présenter à nouveau.",
        "All is configured; the station has to boot once more.",
        "Nothing to do: it comes back by itself within the interval it was given.",
        _STATION,
    ),
    Code.STATION_OFFLINE: Entry(
        "La borne est hors ligne ; la configuration reprendra à son retour.",
        "The station is offline; its configuration goes on when it is back.",
        "Check power and network at the station.",
        _INSTALLER,
    ),
    Code.SUSPENDED: Entry(
        "La borne est suspendue : {reason}.",
        "The station is suspended: {reason}.",
        "Resume it: POST /api/v1/stations/{id}/resume.",
        _OWNER,
    ),
    Code.CREDENTIAL_REFUSED: Entry(
        "La borne n'a pas pris son secret : elle reste non authentifiée.",
        "The station did not take its secret: it stays unauthenticated.",
        "Update its firmware, then repeat the activation.",
        _ADMINISTRATOR,
    ),
    Code.CONFIG_DRIFT: Entry(
        "{key} : demandé {asked}, rapporté {reported}.",
        "{key}: asked {asked}, reported {reported}.",
        "Repeat the activation; if it stays so, ask the maker of the station.",
        _ADMINISTRATOR,
    ),
    Code.KEY_LACKING: Entry(
        "La borne n'a pas {key}.",
        "The station does not have {key}.",
        "Nothing to do, unless a firmware update brings it.",
        _STATION,
    ),
    Code.KEY_REFUSED: Entry(
        "La borne a refusé {key} ({reason}).",
        "The station refused {key} ({reason}).",
        "Set it at the station, or update its firmware and repeat the activation.",
        _INSTALLER,
    ),
    Code.LIST_REFUSED: Entry(
        "La borne a refusé la liste d'autorisation ({reason}).",
        "The station refused the authorization list ({reason}).",
        "Repeat the activation; tokens are still checked online.",
        _ADMINISTRATOR,
    ),
    Code.LIST_TOO_LONG: Entry(
        "La liste a {count} jetons, la borne en prend {limit} ; les autres sont vérifiés en ligne.",
        "The list has {count} tokens, the station takes {limit}; the others are checked online.",
        "Shorten the site's list if all of them must work offline.",
        _OWNER,
    ),
    Code.HOURS_REFUSED: Entry(
        "La borne a refusé le changement de disponibilité ({reason}).",
        "The station refused to change its availability ({reason}).",
        "Closed hours still hold for authorization; look at the station's status.",
        _INSTALLER,
    ),
    Code.TARIFF_NOT_REPRESENTABLE: Entry(
        "{feature} non pris en charge par cette borne.",
        "{feature} is not supported by this station.",
        "The price is still charged; show it at the place, or choose a simpler tariff.",
        _OWNER,
    ),
    Code.MAC_INVALID: Entry(
        "{text} n'est pas une adresse MAC : {reason}.",
        "{text} is no MAC address: {reason}.",
        "Copy the 12 or 16 hexadecimal digits from the label.",
        _INSTALLER,
        422,
    ),
    Code.MAC_UNKNOWN: Entry(
        "Adresse MAC inconnue ; vouliez-vous dire {near} ?",
        "Unknown MAC; did you mean {near}?",
        "Compare with the label, or order the station first.",
        _INSTALLER,
        404,
    ),
    Code.MAC_IN_USE: Entry(
        "Cette borne est déjà à {place} ; remplacement ?",
        "This station is already at {place}; swap?",
        "Release it first: DELETE /api/v1/stations/{id}/assignment.",
        _INSTALLER,
    ),
    Code.PLACE_TAKEN: Entry(
        "L'emplacement {place} a déjà une borne.",
        "The place {place} has a station already.",
        "Release that station first, or choose another place.",
        _INSTALLER,
    ),
    Code.NAME_TAKEN: Entry(
        "Le nom {name} existe déjà.",
        "The name {name} exists already.",
        "Choose another name.",
        _OWNER,
    ),
    Code.ALREADY_ORDERED: Entry(
        "{mac} figure déjà dans une commande.",
        "{mac} is in an order already.",
        "Leave it out, or look at GET /api/v1/orders.",
        _OWNER,
    ),
    Code.CLAIM_REFUSED: Entry(
        "Adresse MAC ou code de réclamation non reconnu.",
        "The MAC or the claim code is not right.",
        "Compare both with the label. After 5 wrong tries the station and your account are locked for 24 h.",
        _INSTALLER,
        403,
    ),
    Code.CLAIM_LOCKED: Entry(
        "Trop d'essais ; déblocage dans {hours} h ou par l'équipe.",
        "Too many attempts; unlocks in {hours} h or by the team.",
        "Wait, or ask an administrator: DELETE /api/v1/claims/locks/{station or account}.",
        _ADMINISTRATOR,
        429,
    ),
    Code.NOT_ACTIVE: Entry(
        "La borne est dans l'état {state}, pas active.",
        "The station is {state}, not active.",
        "Look at what blocks it: GET /api/v1/stations/{id}/lifecycle.",
        _OWNER,
    ),
    Code.SITE_UNKNOWN: Entry(
        "Site {id} inconnu.", "There is no site {id}.", "See GET /api/v1/sites.", _OWNER, 404
    ),
    Code.PLACE_UNKNOWN: Entry(
        "Emplacement {id} inconnu.", "There is no place {id}.", "See GET /api/v1/places.", _INSTALLER, 404
    ),
    Code.TARIFF_UNKNOWN: Entry(
        "Tarif {id} inconnu.", "There is no tariff {id}.", "See GET /api/v1/tariffs.", _OWNER, 404
    ),
    Code.ORDER_UNKNOWN: Entry(
        "Commande {id} inconnue.", "There is no order {id}.", "See GET /api/v1/orders.", _OWNER, 404
    ),
    Code.INSTALLER_ACCOUNT: Entry(
        "Un compte d'installateur est requis pour localiser la borne.",
        "An installer account is required to localize the station.",
        "Register the installer: POST /api/v1/installers.",
        _INSTALLER,
        422,
    ),
    Code.HOURS_INVALID: Entry(
        "Heures d'ouverture invalides : {reason}.",
        "These opening hours are not valid: {reason}.",
        "Write periods as 08:00 to 21:00; closing at or before opening means the next day.",
        _OWNER,
        422,
    ),
    Code.ZONE_UNKNOWN: Entry(
        "Fuseau horaire {zone} inconnu.",
        "There is no time zone {zone}.",
        "Use an IANA name such as America/Toronto.",
        _OWNER,
        422,
    ),
}


def blocker(code: Code, **fields: Any) -> Blocker:
    """The catalogue's line with its fields filled in; a field nobody gave stays visible as `{field}`."""
    entry, given = CATALOGUE[code], _Fields(fields)
    return Blocker(
        code,
        entry.fr.format_map(given),
        entry.en.format_map(given),
        entry.way_out.format_map(given),
        entry.clearer,
    )


class _Fields(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
