"""Why a request is not granted as things are. Lines of the catalogue."""

from provisioning.blockers import Clearer, Code
from provisioning.entries import CatalogueEntry
from runtime.wording import Phrase, WayOut

_INSTALLER = Clearer.INSTALLER
_ADMINISTRATOR = Clearer.ADMINISTRATOR
_OWNER = Clearer.OWNER
_RELEASE_IT = WayOut(
    "Retirez-la d'abord de là.",
    "Release it first.",
    command="ctl delete /stations/{id}/assignment",
    route="DELETE /api/v1/stations/{id}/assignment",
)

REFUSALS: dict[Code, CatalogueEntry] = {
    Code.MAC_INVALID: CatalogueEntry(
        Phrase("« {text} » n'est pas une adresse MAC : {reason}.", "{text} is no MAC address: {reason}."),
        WayOut(
            "Copiez les 12 ou 16 chiffres hexadécimaux de l'étiquette.",
            "Copy the 12 or 16 hexadecimal digits from the label.",
        ),
        _INSTALLER,
        422,
    ),
    Code.IDENTITY_INVALID: CatalogueEntry(
        Phrase(
            "« {text} » ne peut pas être l'identité d'une borne : {reason}.",
            "{text} cannot be the identity of a station: {reason}.",
        ),
        WayOut(
            "Donnez l'adresse MAC, ou l'identité que la borne met à la fin de son URL.",
            "Give its MAC address, or the identity that it puts at the end of its URL.",
        ),
        _OWNER,
        422,
    ),
    Code.PASSWORD_UNFIT: CatalogueEntry(
        Phrase(
            "Aucune borne ne peut avoir ce mot de passe : {reason}.",
            "No station can have this password: {reason}.",
        ),
        WayOut(
            "Donnez-le tel que la borne l'envoie; celui d'une borne 1.6 aussi en chiffres hexadécimaux.",
            "Give it as the station sends it; that of a 1.6 station as its hexadecimal digits too.",
        ),
        _ADMINISTRATOR,
        422,
    ),
    Code.MAC_UNKNOWN: CatalogueEntry(
        Phrase("Adresse MAC inconnue; vouliez-vous dire {near}?", "Unknown MAC; did you mean {near}?"),
        WayOut(
            "Comparez avec l'étiquette, ou commandez d'abord la borne.",
            "Compare with the label, or order the station first.",
            page="/stations",
            command="ctl stations",
            route="GET /api/v1/stations",
        ),
        _INSTALLER,
        404,
    ),
    Code.STATION_UNKNOWN: CatalogueEntry(
        Phrase("Aucune borne ne porte le nom « {text} ».", "No station goes by the name {text}."),
        WayOut(
            "Comparez avec l'étiquette, ou commandez d'abord la borne.",
            "Compare with the label, or order the station first.",
            page="/stations",
            command="ctl stations",
            route="GET /api/v1/orders",
        ),
        _INSTALLER,
        404,
    ),
    Code.NO_LIFECYCLE: CatalogueEntry(
        Phrase(
            "La borne {id} est connue, mais personne ne l'a commandée : elle n'a pas de parcours.",
            "Station {id} is known, but nobody ordered it: it has no lifecycle.",
        ),
        WayOut(
            "Adoptez-la pour lui en donner un, ou commandez-la.",
            "Adopt it to give it one, or order it.",
            page="/stations/{id}",
            command="ctl adopt {id}",
            route="POST /api/v1/adoptions",
        ),
        _ADMINISTRATOR,
        404,
    ),
    Code.MAC_IN_USE: CatalogueEntry(
        Phrase(
            "Cette borne est déjà à l'emplacement {place}; remplacement?",
            "This station is already at {place}; swap?",
        ),
        _RELEASE_IT,
        _INSTALLER,
    ),
    Code.PLACE_TAKEN: CatalogueEntry(
        Phrase(
            "L'emplacement {place} a déjà la borne {station}.",
            "The place {place} has the station {station} already.",
        ),
        WayOut(
            "Retirez d'abord cette borne, ou choisissez un autre emplacement.",
            "Release that station first, or choose another place.",
            command="ctl delete /stations/{id}/assignment",
            route="DELETE /api/v1/stations/{id}/assignment",
        ),
        _INSTALLER,
    ),
    Code.NAME_TAKEN: CatalogueEntry(
        Phrase("Le nom {name} existe déjà.", "The name {name} exists already."),
        WayOut("Choisissez un autre nom.", "Choose another name."),
        _OWNER,
    ),
    Code.ALREADY_ORDERED: CatalogueEntry(
        Phrase("{mac} figure déjà dans une commande.", "{mac} is in an order already."),
        WayOut(
            "Laissez-la de côté; si l'étiquette est perdue, faites-lui un nouveau code d'installation.",
            "Leave it out; if its label is lost, make it a new claim code.",
            command="ctl post /stations/{id}/claim-code",
            route="POST /api/v1/stations/{id}/claim-code",
        ),
        _OWNER,
    ),
    Code.STILL_ASSIGNED: CatalogueEntry(
        Phrase("La borne est encore à l'emplacement {place}.", "The station is still at {place}."),
        _RELEASE_IT,
        _INSTALLER,
    ),
    Code.CLAIM_REFUSED: CatalogueEntry(
        Phrase(
            "Adresse MAC ou code d'installation non reconnu; essais restants : {tries}.",
            "The MAC or the claim code is not right; tries left: {tries}.",
        ),
        WayOut(
            "Comparez avec l'étiquette. Après 5 erreurs, la borne et votre compte sont bloqués 24 h.",
            "Compare with the label. After 5 wrong tries the station and your account are locked for 24 h.",
        ),
        _INSTALLER,
        403,
    ),
    Code.CLAIM_MISTYPED: CatalogueEntry(
        Phrase(
            "Code d'installation mal recopié : le dernier caractère est faux; essais restants : {tries}.",
            "The claim code seems mistyped: its last character does not fit; tries left: {tries}.",
        ),
        WayOut(
            "Recopiez le code de l'étiquette, tiret compris ou non.",
            "Copy the code from the label again, with or without its dash.",
        ),
        _INSTALLER,
        403,
    ),
    Code.CLAIM_LOCKED: CatalogueEntry(
        Phrase(
            "Trop d'essais; déblocage dans {hours} h ou par l'équipe.",
            "Too many attempts; unlocks in {hours} h or by the team.",
        ),
        WayOut(
            "Attendez, ou demandez à un administrateur de débloquer.",
            "Wait, or ask an administrator to unlock it.",
            command="ctl delete /claims/locks/{locked}",
            route="DELETE /api/v1/claims/locks/{locked}",
        ),
        _ADMINISTRATOR,
        429,
    ),
    Code.NOT_ACTIVE: CatalogueEntry(
        Phrase("La borne est dans l'état « {state} », pas active.", "The station is {state}, not active."),
        WayOut(
            "Voyez ce qui la bloque.",
            "Look at what blocks it.",
            page="/stations/{id}",
            command="doctor {id}",
            route="GET /api/v1/stations/{id}/lifecycle",
        ),
        _OWNER,
    ),
    Code.SITE_MISSING: CatalogueEntry(
        Phrase("Il y a {count} sites : dites lequel.", "There are {count} sites: say which."),
        WayOut(
            "Choisissez-en un.", "Choose one of them.", command="ctl get /sites", route="GET /api/v1/sites"
        ),
        _INSTALLER,
        422,
    ),
    Code.SITE_UNKNOWN: CatalogueEntry(
        Phrase("Site {id} inconnu.", "There is no site {id}."),
        WayOut(
            "Choisissez-en un parmi ceux qui existent.",
            "Choose one of those that exist.",
            command="ctl get /sites",
            route="GET /api/v1/sites",
        ),
        _OWNER,
        404,
    ),
    Code.PLACE_UNKNOWN: CatalogueEntry(
        Phrase("Emplacement {id} inconnu.", "There is no place {id}."),
        WayOut(
            "Choisissez-en un parmi ceux qui existent.",
            "Choose one of those that exist.",
            command="ctl get /places",
            route="GET /api/v1/places",
        ),
        _INSTALLER,
        404,
    ),
    Code.TARIFF_UNKNOWN: CatalogueEntry(
        Phrase("Tarif {id} inconnu.", "There is no tariff {id}."),
        WayOut(
            "Choisissez-en un parmi ceux qui existent.",
            "Choose one of those that exist.",
            command="ctl get /tariffs",
            route="GET /api/v1/tariffs",
        ),
        _OWNER,
        404,
    ),
    Code.NO_POWER_UP: CatalogueEntry(
        Phrase("Aucune vérification n'est en cours.", "No power-up check is under way."),
        WayOut(
            "Commencez-en une.",
            "Begin one.",
            command="ctl post /stations/{id}/power-up",
            route="POST /api/v1/stations/{id}/power-up",
        ),
        _INSTALLER,
        409,
    ),
    Code.CHECK_UNKNOWN: CatalogueEntry(
        Phrase(
            "La liste de ce produit n'a pas « {item} »; elle a : {known}.",
            "The checklist of this product has no {item}; it has: {known}.",
        ),
        WayOut(
            "Voyez la liste de la borne.",
            "See the station's checklist.",
            command="ctl get /stations/{id}/power-up",
            route="GET /api/v1/stations/{id}/power-up",
        ),
        _INSTALLER,
        422,
    ),
    Code.NO_CERTIFICATE: CatalogueEntry(
        Phrase("Cette borne n'a pas encore de certificat.", "This station has no certificate yet."),
        WayOut(
            "Terminez une vérification : elle en donne un.",
            "End a power-up check: it gives one.",
            command="ctl post /stations/{id}/power-up/finish",
            route="POST /api/v1/stations/{id}/power-up/finish",
        ),
        _INSTALLER,
        404,
    ),
    Code.PHOTO_UNKNOWN: CatalogueEntry(
        Phrase(
            "Aucune photo « {item} » n'est voulue ici; voulues : {known}.",
            "No photo {item} is wanted here; wanted are: {known}.",
        ),
        WayOut(
            "Voyez les photos de la vérification.",
            "See the photos of the run.",
            command="ctl get /stations/{id}/power-up/photos",
            route="GET /api/v1/stations/{id}/power-up/photos",
        ),
        _INSTALLER,
        404,
    ),
    Code.PHOTO_REFUSED: CatalogueEntry(
        Phrase("La photo n'est pas prise : {reason}.", "The photo is not taken: {reason}."),
        WayOut(
            "Prenez-en une autre.",
            "Take another one.",
            command="ctl get /stations/{id}/power-up/photos",
            route="POST /api/v1/stations/{id}/power-up/photos",
        ),
        _INSTALLER,
        422,
    ),
    Code.READING_UNKNOWN: CatalogueEntry(
        Phrase(
            "Ce produit ne demande pas la mesure « {reading} »; plus proche : {near}.",
            "This product asks for no reading {reading}; nearest: {near}.",
        ),
        WayOut(
            "Voyez son fichier de produit.",
            "See its product file.",
            command="ctl products",
            route="GET /api/v1/products",
        ),
        _INSTALLER,
        422,
    ),
    Code.TEST_REFUSED: CatalogueEntry(
        Phrase(
            "Pas de fenêtre d'essai : {reason}.",
            "No test window can be opened: {reason}.",
        ),
        WayOut(
            "Essayez une borne qui s'est connectée et qui n'est pas encore en service.",
            "Try out a station that has connected and is not in service yet.",
            page="/stations/{id}",
            command="ctl station {id}",
            route="GET /api/v1/stations/{id}/lifecycle",
        ),
        _INSTALLER,
        409,
    ),
    Code.NO_TEST_WINDOW: CatalogueEntry(
        Phrase("Aucune fenêtre d'essai n'est ouverte.", "No test window is open."),
        WayOut(
            "Ouvrez-en une.",
            "Open one.",
            command='ctl post /stations/{id}/test-window \'{{"id_token": "TOKEN"}}\'',
            route="POST /api/v1/stations/{id}/test-window",
        ),
        _INSTALLER,
        404,
    ),
    Code.PRODUCT_UNKNOWN: CatalogueEntry(
        Phrase("Produit {id} inconnu; plus proche : {near}.", "There is no product {id}; nearest: {near}."),
        WayOut(
            "Choisissez-en un parmi ceux qui existent, ou écrivez son fichier de produit.",
            "Choose one of those that exist, or write its product file.",
            command="ctl products",
            route="GET /api/v1/products",
        ),
        _ADMINISTRATOR,
        404,
    ),
    Code.TARIFF_INVALID: CatalogueEntry(
        Phrase("Ce tarif se contredit : {reason}.", "This tariff contradicts itself: {reason}."),
        WayOut("Corrigez le champ nommé.", "Correct the field that is named."),
        _OWNER,
        422,
    ),
    Code.ORDER_UNKNOWN: CatalogueEntry(
        Phrase("Commande {id} inconnue.", "There is no order {id}."),
        WayOut(
            "Choisissez-en une parmi celles qui existent.",
            "Choose one of those that exist.",
            command="ctl get /orders",
            route="GET /api/v1/orders",
        ),
        _OWNER,
        404,
    ),
    Code.BOX_UNKNOWN: CatalogueEntry(
        Phrase(
            "La commande {order} n'a aucune boîte « {label} » en route.",
            "No box {label} of order {order} is on its way.",
        ),
        WayOut(
            "Comparez avec les boîtes expédiées.",
            "Compare with the boxes that were shipped.",
            command="ctl get /orders/{order}/shipments",
            route="GET /api/v1/orders/{order}/shipments",
        ),
        _OWNER,
        404,
    ),
    Code.INSTALLER_ACCOUNT: CatalogueEntry(
        Phrase(
            "Un compte d'installateur est requis pour localiser la borne; {account} n'en est pas un.",
            "An installer account is required to localize the station; {account} is none.",
        ),
        WayOut(
            "Demandez à un gestionnaire de vous inscrire.",
            "Ask a manager to register you.",
            command='ctl post /installers \'{{"name": "NAME", "account": "ACCOUNT"}}\'',
            route="POST /api/v1/installers",
        ),
        _OWNER,
        403,
    ),
    Code.HOURS_INVALID: CatalogueEntry(
        Phrase("Heures d'ouverture invalides : {reason}.", "These opening hours are not valid: {reason}."),
        WayOut(
            "Écrivez des périodes comme 08:00 à 21:00; fermer avant d'ouvrir veut dire le lendemain.",
            "Write periods as 08:00 to 21:00; closing at or before opening means the next day.",
        ),
        _OWNER,
        422,
    ),
    Code.ZONE_UNKNOWN: CatalogueEntry(
        Phrase("Fuseau horaire {zone} inconnu.", "There is no time zone {zone}."),
        WayOut("Prenez un nom IANA comme America/Toronto.", "Use an IANA name such as America/Toronto."),
        _OWNER,
        422,
    ),
}
