"""Everything provisioning says is in the way, in French and English, with the way out and who can take it.

One table: lifecycle blockers, activation steps, refusals of the API and the docs page all read it.
"""

from dataclasses import dataclass
from typing import Any

from provisioning.blockers import Blocker, Clearer, Code, Phrase


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue; the texts may hold `{fields}`."""

    fr: str
    en: str
    way_out_fr: str
    way_out: str
    clearer: Clearer
    status: int = 409


_INSTALLER, _ADMINISTRATOR = Clearer.INSTALLER, Clearer.ADMINISTRATOR
_OWNER, _STATION = Clearer.OWNER, Clearer.STATION

_ON_THE_WAY: dict[Code, Entry] = {
    Code.NOT_ORDERED: Entry(
        "Personne n'a commandé cette borne.",
        "Nobody ordered this station.",
        "Adoptez-la (POST /api/v1/adoptions) ou commandez-la (POST /api/v1/orders).",
        "Adopt it: POST /api/v1/adoptions, or order it: POST /api/v1/orders.",
        _ADMINISTRATOR,
    ),
    Code.NOT_SEEN: Entry(
        "Borne jamais vue en ligne ; alimentation, signal, URL ?",
        "Station never seen online; power, signal, URL?",
        "Mettez-la sous tension et vérifiez l'URL ; essais manqués : /api/v1/connection-attempts.",
        "Power it up and check the URL; failed attempts are listed under /api/v1/connection-attempts.",
        _INSTALLER,
    ),
    Code.NOT_LOCALIZED: Entry(
        "La borne n'est pas localisée : adresse MAC et code de l'étiquette requis.",
        "The station is not localized: its MAC and the claim code on its label are needed.",
        "Réclamez-la sur place, avec MAC, code, position et nom : POST /api/v1/claims.",
        "Claim it at its place: POST /api/v1/claims with MAC, claim code, position and name.",
        _INSTALLER,
    ),
    Code.NOT_ACTIVATED: Entry(
        "La borne attend son activation par le gestionnaire.",
        "The station waits for the station manager to activate it.",
        "Activez-la : POST /api/v1/stations/{id}/activation.",
        "Activate it: POST /api/v1/stations/{id}/activation.",
        _OWNER,
    ),
    Code.CONFIGURING: Entry(
        "Configuration en cours : {step}.",
        "Being configured: {step}.",
        "Rien à faire : la borne répond.",
        "Nothing to do: the station is answering.",
        _STATION,
    ),
    Code.STEP_STUCK: Entry(
        "L'étape « {step} » n'aboutit pas ({reason}) ; nouvel essai dans {wait} s.",
        "The step {step} does not succeed ({reason}); next try in {wait} s.",
        "Consultez le journal de la borne ; redémarrez-la si elle ne répond toujours pas.",
        "Look at the station's wire log; restart the station if it stays silent.",
        _ADMINISTRATOR,
    ),
    Code.NOT_BOOTED: Entry(
        "La borne est en ligne, mais ne s'est pas encore présentée.",
        "The station is online, but has not booted on this connection yet.",
        "Rien à faire : elle se présente d'elle-même ; si elle tarde, redémarrez-la.",
        "Nothing to do: it boots by itself within its interval; restart it if it takes longer.",
        _STATION,
    ),
    Code.WAITING_FOR_BOOT: Entry(
        "Tout est configuré ; la borne doit se présenter à nouveau.",
        "All is configured; the station has to boot once more.",
        "Rien à faire : elle revient d'elle-même à l'intervalle qu'elle a reçu.",
        "Nothing to do: it comes back by itself within the interval it was given.",
        _STATION,
    ),
    Code.STATION_OFFLINE: Entry(
        "La borne est hors ligne ; la configuration reprendra à son retour.",
        "The station is offline; its configuration goes on when it is back.",
        "Vérifiez l'alimentation et le réseau de la borne.",
        "Check power and network at the station.",
        _INSTALLER,
    ),
    Code.SUSPENDED: Entry(
        "La borne est suspendue : {reason}.",
        "The station is suspended: {reason}.",
        "Remettez-la en service : POST /api/v1/stations/{id}/resume.",
        "Resume it: POST /api/v1/stations/{id}/resume.",
        _OWNER,
    ),
}

_REMARKS: dict[Code, Entry] = {
    Code.CHANGE_PENDING: Entry(
        "Changement en attente : {steps}. La borne ne l'a pas encore confirmé.",
        "A change is pending: {steps}. The station has not confirmed it yet.",
        "Rien à faire si la borne est en ligne ; sinon elle le reçoit à son retour.",
        "Nothing to do while the station is online; otherwise it gets the change when it is back.",
        _STATION,
    ),
    Code.CREDENTIAL_REFUSED: Entry(
        "La borne n'a pas pris son secret : elle reste non authentifiée.",
        "The station did not take its secret: it stays unauthenticated.",
        "Mettez son micrologiciel à jour, puis répétez l'activation.",
        "Update its firmware, then repeat the activation.",
        _ADMINISTRATOR,
    ),
    Code.SECRET_MISSING: Entry(
        "Connexion refusée : sous ce nom, quelqu'un est venu sans le bon secret.",
        "A connection was refused: somebody came under this name without the right secret.",
        "Si elle a été réinitialisée : DELETE /api/v1/stations/{id}/credential, et elle en reçoit un autre.",
        "If the station was reset: DELETE /api/v1/stations/{id}/credential, and it gets a new one.",
        _ADMINISTRATOR,
    ),
    Code.CONFIG_DRIFT: Entry(
        "{key} : demandé {asked}, rapporté {reported}.",
        "{key}: asked {asked}, reported {reported}.",
        "Répétez l'activation ; si l'écart demeure, adressez-vous au fabricant de la borne.",
        "Repeat the activation; if it stays so, ask the maker of the station.",
        _ADMINISTRATOR,
    ),
    Code.KEY_LACKING: Entry(
        "La borne n'a pas {key}.",
        "The station does not have {key}.",
        "Rien à faire, à moins qu'une mise à jour du micrologiciel ne l'apporte.",
        "Nothing to do, unless a firmware update brings it.",
        _STATION,
    ),
    Code.KEY_REFUSED: Entry(
        "La borne a refusé {key} ({reason}).",
        "The station refused {key} ({reason}).",
        "Réglez-le à la borne, ou mettez son micrologiciel à jour et répétez l'activation.",
        "Set it at the station, or update its firmware and repeat the activation.",
        _INSTALLER,
    ),
    Code.LIST_REFUSED: Entry(
        "La borne a refusé la liste d'autorisation ({reason}).",
        "The station refused the authorization list ({reason}).",
        "Répétez l'activation ; les jetons sont tout de même vérifiés en ligne.",
        "Repeat the activation; tokens are still checked online.",
        _ADMINISTRATOR,
    ),
    Code.LIST_TOO_LONG: Entry(
        "La liste a {count} jetons, la borne en prend {limit} ; les autres sont vérifiés en ligne.",
        "The list has {count} tokens, the station takes {limit}; the others are checked online.",
        "Raccourcissez la liste du site si tous doivent fonctionner hors ligne.",
        "Shorten the site's list if all of them must work offline.",
        _OWNER,
    ),
    Code.TOKENS_UNFIT: Entry(
        "{count} jeton(s) de plus de {limit} caractères : la borne ne peut pas les garder.",
        "{count} token(s) with more than {limit} characters: the station cannot keep them.",
        "Rien à faire : ils sont vérifiés en ligne.",
        "Nothing to do: they are checked online.",
        _OWNER,
    ),
    Code.HOURS_REFUSED: Entry(
        "La borne a refusé le changement de disponibilité ({reason}).",
        "The station refused to change its availability ({reason}).",
        "Les heures valent tout de même pour l'autorisation ; regardez l'état de la borne.",
        "Closed hours still hold for authorization; look at the station's status.",
        _INSTALLER,
    ),
    Code.STATUS_SILENT: Entry(
        "La borne a accepté le changement de disponibilité, mais n'a pas rapporté son état.",
        "The station agreed to its availability, but did not report its status.",
        "Regardez à la borne si elle est {expected}.",
        "Look at the station: it should be {expected}.",
        _INSTALLER,
    ),
    Code.TARIFF_NOT_REPRESENTABLE: Entry(
        "{feature} : non pris en charge par l'affichage de cette borne.",
        "{feature}: not supported by the display of this station.",
        "Le prix est tout de même facturé ; affichez-le sur place, ou choisissez un tarif plus simple.",
        "The price is still charged; show it at the place, or choose a simpler tariff.",
        _OWNER,
    ),
}

_REFUSALS: dict[Code, Entry] = {
    Code.MAC_INVALID: Entry(
        "« {text} » n'est pas une adresse MAC : {reason}.",
        "{text} is no MAC address: {reason}.",
        "Copiez les 12 ou 16 chiffres hexadécimaux de l'étiquette.",
        "Copy the 12 or 16 hexadecimal digits from the label.",
        _INSTALLER,
        422,
    ),
    Code.IDENTITY_INVALID: Entry(
        "« {text} » ne peut pas être l'identité d'une borne : {reason}.",
        "{text} cannot be the identity of a station: {reason}.",
        "Donnez l'adresse MAC, ou l'identité que la borne met à la fin de son URL.",
        "Give its MAC address, or the identity that it puts at the end of its URL.",
        _OWNER,
        422,
    ),
    Code.MAC_UNKNOWN: Entry(
        "Adresse MAC inconnue ; vouliez-vous dire {near} ?",
        "Unknown MAC; did you mean {near}?",
        "Comparez avec l'étiquette, ou commandez d'abord la borne.",
        "Compare with the label, or order the station first.",
        _INSTALLER,
        404,
    ),
    Code.STATION_UNKNOWN: Entry(
        "Aucune borne ne porte le nom « {text} ».",
        "No station goes by the name {text}.",
        "Comparez avec l'étiquette, ou commandez d'abord la borne ; voir GET /api/v1/orders.",
        "Compare with the label, or order the station first; see GET /api/v1/orders.",
        _INSTALLER,
        404,
    ),
    Code.MAC_IN_USE: Entry(
        "Cette borne est déjà à l'emplacement {place} ; remplacement ?",
        "This station is already at {place}; swap?",
        "Retirez-la d'abord de là : DELETE /api/v1/stations/{id}/assignment.",
        "Release it first: DELETE /api/v1/stations/{id}/assignment.",
        _INSTALLER,
    ),
    Code.PLACE_TAKEN: Entry(
        "L'emplacement {place} a déjà la borne {station}.",
        "The place {place} has the station {station} already.",
        "Retirez d'abord cette borne, ou choisissez un autre emplacement.",
        "Release that station first, or choose another place.",
        _INSTALLER,
    ),
    Code.NAME_TAKEN: Entry(
        "Le nom {name} existe déjà.",
        "The name {name} exists already.",
        "Choisissez un autre nom.",
        "Choose another name.",
        _OWNER,
    ),
    Code.ALREADY_ORDERED: Entry(
        "{mac} figure déjà dans une commande.",
        "{mac} is in an order already.",
        "Laissez-la de côté ; voir GET /api/v1/orders. Étiquette perdue : "
        "POST /api/v1/stations/{id}/claim-code.",
        "Leave it out; see GET /api/v1/orders. For a lost label: POST /api/v1/stations/{id}/claim-code.",
        _OWNER,
    ),
    Code.STILL_ASSIGNED: Entry(
        "La borne est encore à l'emplacement {place}.",
        "The station is still at {place}.",
        "Retirez-la d'abord de là : DELETE /api/v1/stations/{id}/assignment.",
        "Release it first: DELETE /api/v1/stations/{id}/assignment.",
        _INSTALLER,
    ),
    Code.CLAIM_REFUSED: Entry(
        "Adresse MAC ou code de réclamation non reconnu ; {tries} essai(s) restant(s).",
        "The MAC or the claim code is not right; {tries} tries left.",
        "Comparez les deux avec l'étiquette. Après 5 erreurs, la borne et votre compte sont bloqués 24 h.",
        "Compare both with the label. After 5 wrong tries the station and your account are locked for 24 h.",
        _INSTALLER,
        403,
    ),
    Code.CLAIM_MISTYPED: Entry(
        "Le code semble mal recopié : son dernier caractère ne convient pas ; {tries} essai(s) restant(s).",
        "The claim code seems mistyped: its last character does not fit; {tries} tries left.",
        "Recopiez le code de l'étiquette, tiret compris ou non.",
        "Copy the code from the label again, with or without its dash.",
        _INSTALLER,
        403,
    ),
    Code.CLAIM_LOCKED: Entry(
        "Trop d'essais ; déblocage dans {hours} h ou par l'équipe.",
        "Too many attempts; unlocks in {hours} h or by the team.",
        "Attendez, ou adressez-vous à un administrateur : DELETE /api/v1/claims/locks/{borne ou compte}.",
        "Wait, or ask an administrator: DELETE /api/v1/claims/locks/{station or account}.",
        _ADMINISTRATOR,
        429,
    ),
    Code.NOT_ACTIVE: Entry(
        "La borne est dans l'état « {state} », pas active.",
        "The station is {state}, not active.",
        "Voyez ce qui la bloque : GET /api/v1/stations/{id}/lifecycle.",
        "Look at what blocks it: GET /api/v1/stations/{id}/lifecycle.",
        _OWNER,
    ),
    Code.SITE_MISSING: Entry(
        "Il y a {count} sites : dites lequel.",
        "There are {count} sites: say which.",
        "Ajoutez site_id ; voir GET /api/v1/sites.",
        "Add site_id; see GET /api/v1/sites.",
        _INSTALLER,
        422,
    ),
    Code.SITE_UNKNOWN: Entry(
        "Site {id} inconnu.",
        "There is no site {id}.",
        "Voir GET /api/v1/sites.",
        "See GET /api/v1/sites.",
        _OWNER,
        404,
    ),
    Code.PLACE_UNKNOWN: Entry(
        "Emplacement {id} inconnu.",
        "There is no place {id}.",
        "Voir GET /api/v1/places.",
        "See GET /api/v1/places.",
        _INSTALLER,
        404,
    ),
    Code.TARIFF_UNKNOWN: Entry(
        "Tarif {id} inconnu.",
        "There is no tariff {id}.",
        "Voir GET /api/v1/tariffs.",
        "See GET /api/v1/tariffs.",
        _OWNER,
        404,
    ),
    Code.TARIFF_INVALID: Entry(
        "Ce tarif se contredit : {reason}.",
        "This tariff contradicts itself: {reason}.",
        "Corrigez le champ nommé.",
        "Correct the field that is named.",
        _OWNER,
        422,
    ),
    Code.ORDER_UNKNOWN: Entry(
        "Commande {id} inconnue.",
        "There is no order {id}.",
        "Voir GET /api/v1/orders.",
        "See GET /api/v1/orders.",
        _OWNER,
        404,
    ),
    Code.INSTALLER_ACCOUNT: Entry(
        "Un compte d'installateur est requis pour localiser la borne ; {account} n'en est pas un.",
        "An installer account is required to localize the station; {account} is none.",
        "Un gestionnaire vous inscrit : POST /api/v1/installers.",
        "A manager registers you: POST /api/v1/installers.",
        _OWNER,
        403,
    ),
    Code.HOURS_INVALID: Entry(
        "Heures d'ouverture invalides : {reason}.",
        "These opening hours are not valid: {reason}.",
        "Écrivez des périodes comme 08:00 à 21:00 ; fermer avant d'ouvrir veut dire le lendemain.",
        "Write periods as 08:00 to 21:00; closing at or before opening means the next day.",
        _OWNER,
        422,
    ),
    Code.ZONE_UNKNOWN: Entry(
        "Fuseau horaire {zone} inconnu.",
        "There is no time zone {zone}.",
        "Prenez un nom IANA comme America/Toronto.",
        "Use an IANA name such as America/Toronto.",
        _OWNER,
        422,
    ),
}

CATALOGUE: dict[Code, Entry] = _ON_THE_WAY | _REMARKS | _REFUSALS


def blocker(code: Code, **fields: Any) -> Blocker:
    """The catalogue's line with its fields filled in. Raises KeyError where one is missing in a text."""
    entry = CATALOGUE[code]
    french = {name: each.fr if isinstance(each, Phrase) else each for name, each in fields.items()}
    english = {name: each.en if isinstance(each, Phrase) else each for name, each in fields.items()}
    return Blocker(
        code,
        entry.fr.format_map(french),
        entry.en.format_map(english),
        entry.way_out_fr.format_map(_Placeholders(french)),
        entry.way_out.format_map(_Placeholders(english)),
        entry.clearer,
    )


class _Placeholders(dict[str, Any]):
    """The `{id}` of a route stays as it is where nobody gives one."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
