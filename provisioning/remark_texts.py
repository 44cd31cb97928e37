"""What a station in service refused, lacks or suffers from. Lines of the catalogue."""

from provisioning.blockers import Clearer, Code
from provisioning.entries import CatalogueEntry
from runtime.wording import Phrase, WayOut

_INSTALLER = Clearer.INSTALLER
_ADMINISTRATOR = Clearer.ADMINISTRATOR
_OWNER = Clearer.OWNER
_STATION = Clearer.STATION

REMARKS: dict[Code, CatalogueEntry] = {
    Code.DUPLICATE_IDENTITY: CatalogueEntry(
        Phrase(
            "Plusieurs bornes viennent sous cet identifiant : {boxes}.",
            "More than one box comes under this id: {boxes}.",
        ),
        WayOut(
            "Donnez à chacune son identifiant : sur l'une d'elles, changez la fin de l'URL, par exemple pour "
            "son adresse MAC. C'est réglé dès qu'elle vient sous un nouvel identifiant, ou 15 minutes après "
            "son dernier essai.",
            "Give each its own id: at one of them change the end of its URL, for instance to its MAC. This "
            "goes when it comes under a new id, or 15 minutes after its last try.",
            page="/attempts",
            command="ctl attempts",
            route="GET /api/v1/connection-attempts?identity={id}",
        ),
        _INSTALLER,
    ),
    Code.OFFLINE: CatalogueEntry(
        Phrase("La borne est hors ligne {since}.", "The station is offline {since}."),
        WayOut(
            "Vérifiez son alimentation et son réseau; voyez les échecs de connexion.",
            "Check its power and its network; look at the failed connections.",
            page="/attempts",
            command="doctor {id}",
            route="GET /api/v1/connection-attempts?identity={id}",
        ),
        _INSTALLER,
    ),
    Code.FAULTED: CatalogueEntry(
        Phrase("{where} : en panne ({error}) {since}.", "{where}: faulted ({error}) {since}."),
        WayOut(
            "Cherchez cette erreur dans le manuel de la borne; si un redémarrage n'y fait rien, appelez son "
            "fabricant.",
            "Look for this error in the station's manual; if a restart does not help, call its maker.",
            page="/stations/{id}",
            command="ctl command {id} reset",
            route="POST /api/v1/stations/{id}/commands/reset",
        ),
        _INSTALLER,
    ),
    Code.ERROR_REPORTED: CatalogueEntry(
        Phrase(
            "{where} : signale une erreur ({error}) {since}, sans être en panne.",
            "{where}: reports an error ({error}) {since}, without being faulted.",
        ),
        WayOut(
            "Cherchez cette erreur dans le manuel de la borne.",
            "Look for this error in the station's manual.",
        ),
        _INSTALLER,
    ),
    Code.SITE_ITEM_FAILED: CatalogueEntry(
        Phrase(
            "La préparation du site {site} a trouvé en défaut : {items}.",
            "The preparation of the site {site} found this not as it has to be: {items}.",
        ),
        WayOut(
            "Vérifiez d'abord cela : la panne peut en venir.",
            "Look at that first: the fault may come from it.",
            command="ctl get /sites/{site_id}/preparation",
            route="GET /api/v1/sites/{site_id}/preparation",
        ),
        _INSTALLER,
    ),
    Code.CHANGE_PENDING: CatalogueEntry(
        Phrase(
            "Changement en attente : {steps}. La borne ne l'a pas encore confirmé.",
            "A change is pending: {steps}. The station has not confirmed it yet.",
        ),
        WayOut(
            "Rien à faire si la borne est en ligne; sinon elle le reçoit à son retour.",
            "Nothing to do while the station is online; otherwise it gets the change when it is back.",
        ),
        _STATION,
    ),
    Code.UNDER_TEST: CatalogueEntry(
        Phrase(
            "La borne est marquée comme étant à l'essai : le reste de sa configuration attend.",
            "The station is marked as under test: the rest of its configuration waits.",
        ),
        WayOut(
            "Demandez de nouveau son activation, ou terminez l'essai.",
            "Ask for its activation again, or end the test.",
            command="ctl post /stations/{id}/activation",
            route="POST /api/v1/stations/{id}/activation",
        ),
        _OWNER,
    ),
    Code.CREDENTIAL_REFUSED: CatalogueEntry(
        Phrase(
            "La borne n'a pas pris son secret : elle reste non authentifiée.",
            "The station did not take its secret: it stays unauthenticated.",
        ),
        WayOut(
            "Mettez son micrologiciel à jour, puis répétez l'activation.",
            "Update its firmware, then repeat the activation.",
            command="ctl post /stations/{id}/activation",
            route="POST /api/v1/stations/{id}/activation",
        ),
        _ADMINISTRATOR,
    ),
    Code.SECRET_KEPT: CatalogueEntry(
        Phrase(
            "La borne n'a pas pris de nouveau secret : celui qu'elle a reste valable.",
            "The station did not take a new secret: the one that it has stays valid.",
        ),
        WayOut(
            "Mettez son micrologiciel à jour, puis demandez-lui-en un autre.",
            "Update its firmware, then ask for another one.",
            command='ctl post /stations/{id}/activation \'{{"steps": ["credential"]}}\'',
            route="POST /api/v1/stations/{id}/activation",
        ),
        _ADMINISTRATOR,
    ),
    Code.SECRET_FORGOTTEN: CatalogueEntry(
        Phrase(
            "Secret oublié : qui vient sous ce nom est admis, en attente, pour en recevoir un autre.",
            "Secret forgotten: whoever comes under this name is let in, Pending, to be given another one.",
        ),
        WayOut(
            "Rien à faire si la borne vient; si son mot de passe est refusé (401), dites-le au serveur.",
            "Nothing to do if the station comes; if its password is refused (401), tell the server that one.",
            command='ctl put /stations/{id}/credential \'{{"password": "PASSWORD"}}\'',
            route="PUT /api/v1/stations/{id}/credential",
        ),
        _ADMINISTRATOR,
    ),
    Code.SECRET_MISSING: CatalogueEntry(
        Phrase(
            "Connexion refusée : sous ce nom, une borne est venue sans le bon secret.",
            "A connection was refused: a station came under this name without the right secret.",
        ),
        WayOut(
            "Si elle a été remise aux réglages d'usine, oubliez son secret : elle en reçoit un autre.",
            "If it was reset to factory settings, forget its secret: it gets a new one.",
            command="ctl delete /stations/{id}/credential",
            route="DELETE /api/v1/stations/{id}/credential",
        ),
        _ADMINISTRATOR,
    ),
    Code.CONFIG_DRIFT: CatalogueEntry(
        Phrase("{key} : demandé {asked}, rapporté {reported}.", "{key}: asked {asked}, reported {reported}."),
        WayOut(
            "Répétez l'activation; si l'écart demeure, adressez-vous au fabricant de la borne.",
            "Repeat the activation; if it stays so, ask the maker of the station.",
            command="ctl post /stations/{id}/activation",
            route="POST /api/v1/stations/{id}/activation",
        ),
        _ADMINISTRATOR,
    ),
    Code.NOT_PROVED: CatalogueEntry(
        Phrase(
            "{key} : la borne a accepté {asked}, mais ne dit pas ce qu'elle a.",
            "{key}: the station took {asked}, but does not say what it has.",
        ),
        WayOut(
            "Vérifiez-le à la borne s'il importe; on ne peut pas le lire d'ici.",
            "Look at the station if it matters; it cannot be read from here.",
        ),
        _INSTALLER,
    ),
    Code.KEY_LACKING: CatalogueEntry(
        Phrase("La borne n'a pas {key}.", "The station does not have {key}."),
        WayOut(
            "Rien à faire, à moins qu'une mise à jour du micrologiciel ne l'apporte.",
            "Nothing to do, unless a firmware update brings it.",
        ),
        _STATION,
    ),
    Code.KEY_REFUSED: CatalogueEntry(
        Phrase("La borne a refusé {key} ({reason}).", "The station refused {key} ({reason})."),
        WayOut(
            "Réglez-le à la borne, ou mettez son micrologiciel à jour et répétez l'activation.",
            "Set it at the station, or update its firmware and repeat the activation.",
            command="ctl post /stations/{id}/activation",
            route="POST /api/v1/stations/{id}/activation",
        ),
        _INSTALLER,
    ),
    Code.LIST_REFUSED: CatalogueEntry(
        Phrase(
            "La borne a refusé la liste d'autorisation ({reason}).",
            "The station refused the authorization list ({reason}).",
        ),
        WayOut(
            "Répétez l'activation; les jetons sont tout de même vérifiés en ligne.",
            "Repeat the activation; tokens are still checked online.",
            command="ctl post /stations/{id}/activation",
            route="POST /api/v1/stations/{id}/activation",
        ),
        _ADMINISTRATOR,
    ),
    Code.LIST_TOO_LONG: CatalogueEntry(
        Phrase(
            "La liste a {count} jetons, la borne en prend {limit}; les autres sont vérifiés en ligne.",
            "The list has {count} tokens, the station takes {limit}; the others are checked online.",
        ),
        WayOut(
            "Raccourcissez la liste du site si tous doivent fonctionner hors ligne.",
            "Shorten the site's list if all of them must work offline.",
        ),
        _OWNER,
    ),
    Code.TOKENS_UNFIT: CatalogueEntry(
        Phrase(
            "Trop longs pour que la borne les garde (plus de {limit} caractères), jetons : {count}.",
            "Too long for the station to keep (more than {limit} characters), tokens: {count}.",
        ),
        WayOut("Rien à faire : ils sont vérifiés en ligne.", "Nothing to do: they are checked online."),
        _OWNER,
    ),
    Code.HOURS_REFUSED: CatalogueEntry(
        Phrase(
            "La borne a refusé le changement de disponibilité ({reason}).",
            "The station refused to change its availability ({reason}).",
        ),
        WayOut(
            "Les heures valent tout de même pour l'autorisation; regardez l'état de la borne.",
            "Closed hours still hold for authorization; look at the station's status.",
            page="/stations/{id}",
            command="doctor {id}",
            route="GET /api/v1/stations/{id}",
        ),
        _INSTALLER,
    ),
    Code.STATUS_SILENT: CatalogueEntry(
        Phrase(
            "La borne a accepté le changement de disponibilité, mais n'a pas rapporté son état.",
            "The station agreed to its availability, but did not report its status.",
        ),
        WayOut(
            "Regardez à la borne si elle est {expected}.", "Look at the station: it should be {expected}."
        ),
        _INSTALLER,
    ),
    Code.TARIFF_NOT_REPRESENTABLE: CatalogueEntry(
        Phrase(
            "{feature} : non pris en charge par l'affichage de cette borne.",
            "{feature}: not supported by the display of this station.",
        ),
        WayOut(
            "Le prix est tout de même facturé; affichez-le sur place, ou choisissez un tarif plus simple.",
            "The price is still charged; show it at the place, or choose a simpler tariff.",
        ),
        _OWNER,
    ),
    Code.NOT_MEASURED: CatalogueEntry(
        Phrase(
            "{component} a un prix, mais la borne n'en dit rien {since} : cela ne sera pas facturé.",
            "{component} has a price, but the station has told nothing of it {since}: it will not be billed.",
        ),
        WayOut(
            "Réglez à la borne ce qu'elle mesure et envoie, ou donnez à son site un tarif sans ce prix.",
            "Set at the station what it measures and sends, or give its site a tariff without this price.",
            page="/stations/{id}",
            command='ctl patch /sites/{site} \'{{"tariff_id": "TARIFF"}}\'',
            route="PATCH /api/v1/sites/{site}",
        ),
        _OWNER,
    ),
}
