"""What people are told of a claim that is not granted. Lines of the catalogue; `{team}` is whom to ring."""

from provisioning.blockers import Clearer, Code
from provisioning.entries import CatalogueEntry
from runtime.wording import Phrase, WayOut

_UNLOCK = {
    "command": "ctl delete /claims/locks/{locked}",
    "route": "DELETE /api/v1/claims/locks/{locked}",
}

CLAIMS: dict[Code, CatalogueEntry] = {
    Code.CODE_MISTYPED: CatalogueEntry(
        Phrase(
            "Code d'installation mal recopié : le dernier caractère ne va pas avec les autres.",
            "The claim code is mistyped: its last character does not go with the others.",
        ),
        WayOut(
            "Recopiez-le de l'étiquette; cela ne coûte aucun essai.",
            "Copy it from the label again; this costs no try.",
        ),
        Clearer.INSTALLER,
        422,
    ),
    Code.CODE_WRONG: CatalogueEntry(
        Phrase(
            "Adresse MAC ou code d'installation non reconnu; essais avant le blocage de la borne : {tries}.",
            "The MAC or the claim code is not right; tries before the station is locked: {tries}.",
        ),
        WayOut(
            "Comparez avec l'étiquette; si elle est usée, appelez {team}.",
            "Compare with the label; if that is worn, ring {team}.",
        ),
        Clearer.INSTALLER,
        403,
    ),
    Code.NOT_ON_JOB: CatalogueEntry(
        Phrase(
            "La borne {mac} n'est pas dans votre travail sur ce site.",
            "The station {mac} is not in your job on this site.",
        ),
        WayOut(
            "Comparez avec l'étiquette; si c'est bien elle, appelez {team} pour l'ajouter au travail.",
            "Compare with the label; if it is the one, ring {team}, who can add it to the job.",
            command="ctl get /jobs",
            route="GET /api/v1/jobs",
        ),
        Clearer.INSTALLER,
        403,
    ),
    Code.STATION_LOCKED: CatalogueEntry(
        Phrase(
            "Trop de codes faux pour cette borne; déblocage dans {hours} h, ou tout de suite par {team}.",
            "Too many wrong codes for this station; it unlocks in {hours} h, or at once by {team}.",
        ),
        WayOut(
            "Appelez {team}; vos autres bornes ne sont pas bloquées.",
            "Ring {team}; your other stations are not locked.",
            **_UNLOCK,
        ),
        Clearer.ADMINISTRATOR,
        429,
    ),
    Code.CLAIM_SLOWED: CatalogueEntry(
        Phrase(
            "Trop de codes faux; réessayez dans {minutes} min.",
            "Too many wrong codes; try again in {minutes} min.",
        ),
        WayOut(
            "Attendez, ou appelez {team}, qui peut débloquer.",
            "Wait, or ring {team}, who can unlock it.",
            **_UNLOCK,
        ),
        Clearer.ADMINISTRATOR,
        429,
    ),
    Code.SAME_STATION: CatalogueEntry(
        Phrase("C'est la même borne.", "It is the same station."),
        WayOut("Nommez l'autre borne.", "Name the other station."),
        Clearer.INSTALLER,
        422,
    ),
    Code.PLACE_LEFT: CatalogueEntry(
        Phrase(
            "La borne {station} n'est plus à l'emplacement {place}, où elle était en dernier.",
            "The station {station} is no longer at {place}, where it was last.",
        ),
        WayOut(
            "Si la nouvelle borne y va, localisez-la à cet emplacement.",
            "If that is where the new station goes, claim it for this place.",
            "",
            "ctl post /claims",
            "POST /api/v1/claims",
        ),
        Clearer.INSTALLER,
        409,
    ),
    Code.KEY_REUSED: CatalogueEntry(
        Phrase("Cette clé a déjà servi à une autre demande.", "This key was used for another claim already."),
        WayOut(
            "Prenez une clé nouvelle pour chaque demande, et la même seulement pour la renvoyer.",
            "Take a new key for each claim, and the same only to send it again.",
        ),
        Clearer.INSTALLER,
        422,
    ),
}
