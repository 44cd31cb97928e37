"""What is said of jobs: why one is not ready to travel, and what is refused. Lines of the catalogue."""

from provisioning.blockers import Clearer, Code
from provisioning.entries import CatalogueEntry
from runtime.wording import Phrase, WayOut

_ADMINISTRATOR, _OWNER = Clearer.ADMINISTRATOR, Clearer.OWNER
_CHANGE_SITE = {"command": "ctl get /sites/{site_id}", "route": "PATCH /api/v1/sites/{site_id}"}

JOBS: dict[Code, CatalogueEntry] = {
    Code.JOB_UNKNOWN: CatalogueEntry(
        Phrase("Travail {job} inconnu.", "There is no job {job}."),
        WayOut(
            "Choisissez-en un parmi ceux qui existent.",
            "Choose one of those that exist.",
            command="ctl get /jobs",
            route="GET /api/v1/jobs",
        ),
        _OWNER,
        404,
    ),
    Code.JOB_CANCELLED: CatalogueEntry(
        Phrase("Le travail {job} est annulé.", "The job {job} is cancelled."),
        WayOut(
            "Planifiez-en un autre.", "Plan another one.", command="ctl post /jobs", route="POST /api/v1/jobs"
        ),
        _OWNER,
    ),
    Code.JOB_NO_INSTALLER: CatalogueEntry(
        Phrase("Personne n'est choisi pour ce travail.", "Nobody is chosen for this job."),
        WayOut(
            "Choisissez l'installateur.",
            "Choose the installer.",
            command='ctl patch /jobs/{job} \'{{"installer": "NAME"}}\'',
            route="PATCH /api/v1/jobs/{job}",
        ),
        _OWNER,
    ),
    Code.JOB_NO_ACCOUNT: CatalogueEntry(
        Phrase("{account} n'a pas de compte.", "{account} has no account."),
        WayOut(
            "Corrigez le nom, ou donnez un accès à cette personne.",
            "Correct the name, or let the person in.",
            command="ctl person {account} installer",
            route="PUT /api/v1/access/people/{account}",
        ),
        _OWNER,
    ),
    Code.JOB_NO_ACCESS: CatalogueEntry(
        Phrase("{account} n'a pas accès au site {site}.", "{account} has no access to the site {site}."),
        WayOut(
            "Donnez-lui le rôle d'installateur sur ce site.",
            "Give them the role of an installer on this site.",
            command="ctl member {organisation} {account} installer",
            route="PUT /api/v1/organisations/{organisation}/people/{account}",
        ),
        _OWNER,
    ),
    Code.JOB_NO_BOX: CatalogueEntry(
        Phrase("Aucune borne n'est prévue pour l'emplacement {place}.", "No station is meant for {place}."),
        WayOut(
            "Choisissez une borne commandée, ou commandez-en une.",
            "Choose an ordered station, or order one.",
            command="ctl get /orders",
            route="GET /api/v1/orders",
        ),
        _OWNER,
    ),
    Code.JOB_BOX_NOT_ORDERED: CatalogueEntry(
        Phrase("Personne n'a commandé la borne {mac}.", "Nobody ordered the station {mac}."),
        WayOut(
            "Commandez-la, ou choisissez-en une autre.",
            "Order it, or choose another one.",
            command="ctl post /orders",
            route="POST /api/v1/orders",
        ),
        _OWNER,
    ),
    Code.BOXES_MISSING: CatalogueEntry(
        Phrase(
            "Boîtes non reçues de la borne {mac} : {boxes}.", "Boxes of station {mac} not received: {boxes}."
        ),
        WayOut(
            "Attendez-les, ou dites qu'elles sont arrivées.",
            "Wait for them, or say that they are in.",
            command='ctl post /orders/{order}/receipts \'{{"boxes": ["LABEL"]}}\'',
            route="POST /api/v1/orders/{order}/receipts",
        ),
        _OWNER,
    ),
    Code.JOB_BOX_ELSEWHERE: CatalogueEntry(
        Phrase("La borne {mac} est déjà à un autre emplacement.", "The station {mac} is at another place."),
        WayOut(
            "Retirez-la d'abord de là, ou choisissez-en une autre.",
            "Release it first, or choose another one.",
            command="ctl delete /stations/{id}/assignment",
            route="DELETE /api/v1/stations/{id}/assignment",
        ),
        _OWNER,
    ),
    Code.JOB_NO_CODE: CatalogueEntry(
        Phrase("La borne {mac} n'a pas de code d'installation.", "The station {mac} has no claim code."),
        WayOut(
            "Faites-lui un code et collez-le sur son étiquette.",
            "Make it a code, and stick it on its label.",
            command="ctl post /stations/{id}/claim-code",
            route="POST /api/v1/stations/{id}/claim-code",
        ),
        _ADMINISTRATOR,
    ),
    Code.JOB_BOX_UNSEEN: CatalogueEntry(
        Phrase(
            "La borne {mac} n'a jamais été vue en ligne : est-elle livrée?",
            "The station {mac} was never seen online: is it delivered?",
        ),
        WayOut("Vérifiez qu'elle est sur place.", "Make sure that it is on site."),
        _OWNER,
    ),
    Code.JOB_NO_TARIFF: CatalogueEntry(
        Phrase("Le site {site} n'a pas de tarif.", "The site {site} has no tariff."),
        WayOut("Donnez-lui un tarif.", "Give it a tariff.", **_CHANGE_SITE),
        _OWNER,
    ),
    Code.JOB_NO_HOURS: CatalogueEntry(
        Phrase(
            "Le site {site} n'a pas d'heures d'ouverture : il est toujours ouvert.",
            "The site {site} has no opening hours: it is always open.",
        ),
        WayOut(
            "Donnez-lui ses heures si c'est une erreur.",
            "Give it its hours if that is a mistake.",
            command="ctl get /sites/{site_id}/hours",
            route="PUT /api/v1/sites/{site_id}/hours",
        ),
        _OWNER,
    ),
    Code.JOB_NO_ADDRESS: CatalogueEntry(
        Phrase("Le site {site} n'a pas d'adresse.", "The site {site} has no address."),
        WayOut("Écrivez son adresse.", "Write down its address.", **_CHANGE_SITE),
        _OWNER,
    ),
    Code.JOB_NO_CONTACT: CatalogueEntry(
        Phrase("Il n'y a personne à appeler.", "There is nobody to ring."),
        WayOut(
            "Réglez le nom et le téléphone de l'équipe (BORNE_TEAM_NAME, BORNE_TEAM_PHONE).",
            "Set the name and the phone number of the team (BORNE_TEAM_NAME, BORNE_TEAM_PHONE).",
        ),
        _ADMINISTRATOR,
    ),
    Code.JOB_NO_URL: CatalogueEntry(
        Phrase(
            "L'adresse que les bornes doivent appeler n'est pas réglée.",
            "The address that stations are to call is not set.",
        ),
        WayOut(
            "Réglez l'adresse publique du serveur (BORNE_PUBLIC_URL, ou BORNE_PUBLIC_OCPP_URL).",
            "Set the server's public address (BORNE_PUBLIC_URL, or BORNE_PUBLIC_OCPP_URL).",
        ),
        _ADMINISTRATOR,
    ),
}
