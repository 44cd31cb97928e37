"""What is said of an account: what is not set up, and what is refused. Lines of the catalogue."""

from provisioning.blockers import Clearer, Code
from provisioning.entries import CatalogueEntry
from runtime.wording import Phrase, WayOut

_SET_UP = "/organisations/{organisation}/set-up"

ACCOUNTS: dict[Code, CatalogueEntry] = {
    Code.ACCT_BEFORE_CHARGE: CatalogueEntry(
        Phrase(
            "Le compte de gestionnaire de {organisation} doit être configuré avant toute recharge.",
            "The manager account of {organisation} must be set up before any charge.",
        ),
        WayOut(
            "Le gestionnaire ouvre son compte par son invitation, puis le confirme.",
            "The manager makes the account with the invitation, then confirms it.",
            command=f"ctl put {_SET_UP}/account",
            route=f"PUT /api/v1{_SET_UP}/account",
        ),
        Clearer.OWNER,
    ),
    Code.ORG_UNCONFIRMED: CatalogueEntry(
        Phrase(
            "Les renseignements sur {organisation} et ses bornes ne sont pas confirmés.",
            "The details of {organisation} and its stations are not confirmed.",
        ),
        WayOut(
            "Confirmez le nom légal, l'adresse et les bornes.",
            "Confirm the legal name, the address and the stations.",
            command=f'ctl put {_SET_UP}/organisation \'{{{{"legal_name": "NAME", "address": "ADDRESS"}}}}\'',
            route=f"PUT /api/v1{_SET_UP}/organisation",
        ),
        Clearer.OWNER,
    ),
    Code.FLEX_REQUIRED: CatalogueEntry(
        Phrase(
            "La facturation Flex de {organisation} est requise pour un tarif payant.",
            "Flex billing of {organisation} is required before a paid tariff.",
        ),
        WayOut(
            "Soumettez la facturation, que l'équipe approuve, ou choisissez un tarif gratuit.",
            "Submit billing, which the team approves, or choose a free tariff.",
            command=f'ctl put {_SET_UP}/billing \'{{{{"state": "submitted"}}}}\'',
            route=f"PUT /api/v1{_SET_UP}/billing",
        ),
        Clearer.OWNER,
    ),
    Code.CONTACTS_MISSING: CatalogueEntry(
        Phrase(
            "Personnes-ressources de {organisation} à désigner : {roles}.",
            "Contacts of {organisation} to be named: {roles}.",
        ),
        WayOut(
            "Désignez-les, avec un téléphone ou un courriel.",
            "Name them, with a phone number or an e-mail address.",
            command=f"ctl get {_SET_UP}",
            route=f"PUT /api/v1{_SET_UP}/contacts",
        ),
        Clearer.OWNER,
    ),
    Code.NO_MANAGER: CatalogueEntry(
        Phrase("{organisation} n'a pas encore de gestionnaire.", "{organisation} has no manager yet."),
        WayOut(
            "Donnez ce rôle à la personne, ou invitez-la.",
            "Give the person that role, or invite them.",
            command="ctl member {organisation} NAME manager",
            route="PUT /api/v1/organisations/{organisation}/people/NAME",
        ),
        Clearer.ADMINISTRATOR,
    ),
    Code.SET_UP_UNKNOWN: CatalogueEntry(
        Phrase(
            "Aucune configuration de compte n'est ouverte pour {organisation}.",
            "No set-up of an account is open for {organisation}.",
        ),
        WayOut(
            "Ouvrez-la d'abord.",
            "Open it first.",
            command=f"ctl post {_SET_UP}",
            route=f"POST /api/v1{_SET_UP}",
        ),
        Clearer.ADMINISTRATOR,
        404,
    ),
    Code.SET_UP_OF_THE_TEAM: CatalogueEntry(
        Phrase(
            "L'équipe seule approuve ou refuse la facturation Flex, revient là-dessus et ferme une "
            "configuration.",
            "The team alone approves or rejects Flex billing, takes that back, and closes a set-up.",
        ),
        WayOut("Demandez-le à l'équipe.", "Let the team do it."),
        Clearer.ADMINISTRATOR,
        403,
    ),
}
