"""What is said of who installs and who commissions. Lines of the catalogue."""

from provisioning.blockers import Clearer, Code
from provisioning.entries import CatalogueEntry
from runtime.wording import Phrase, WayOut

_COMMISSION = {
    "command": "ctl post /stations/{id}/commissioning",
    "route": "POST /api/v1/stations/{id}/commissioning",
}

INSTALLING: dict[Code, CatalogueEntry] = {
    Code.PLAN_UNKNOWN: CatalogueEntry(
        Phrase("Ce site n'a pas de plan {plan}.", "This site has no plan {plan}."),
        WayOut(
            "Choisissez-en un parmi ceux du site.",
            "Choose one of those of the site.",
            command="ctl get /sites/{site_id}/plans",
            route="GET /api/v1/sites/{site_id}/plans",
        ),
        Clearer.OWNER,
        404,
    ),
    Code.PLAN_REFUSED: CatalogueEntry(
        Phrase("Le plan n'est pas pris : {reason}.", "The plan is not taken: {reason}."),
        WayOut(
            "Envoyez une image JPEG, PNG ou WebP plus petite, ou retirez un plan.",
            "Send a smaller JPEG, PNG or WebP picture, or take a plan away.",
            command="ctl get /sites/{site_id}/plans",
            route="PUT /api/v1/sites/{site_id}/plans",
        ),
        Clearer.OWNER,
        422,
    ),
    Code.DC_MANAGED_COMMISSIONING: CatalogueEntry(
        Phrase(
            "Ce produit est mis en service par l'équipe ou par un partenaire.",
            "This product is commissioned by the team or a partner.",
        ),
        WayOut(
            "L'équipe la met en service, puis le confirme.",
            "The team commissions it, then confirms that.",
            **_COMMISSION,
        ),
        Clearer.ADMINISTRATOR,
    ),
    Code.ONRAMP_PROFILE_UNKNOWN: CatalogueEntry(
        Phrase(
            "Matériel d'un autre fabricant : sa procédure de mise en service reste à confirmer.",
            "Third-party hardware: its commissioning procedure is to be confirmed.",
        ),
        WayOut(
            "L'équipe demande à son représentant ce qu'il faut, le fait et le confirme.",
            "The team asks its representative what is needed, does it, and confirms that.",
            **_COMMISSION,
        ),
        Clearer.ADMINISTRATOR,
    ),
    Code.NOT_CERTIFIED: CatalogueEntry(
        Phrase(
            "{account} n'a pas de certification valide le {day} pour {family}.",
            "{account} has no certification for {family} that is valid on {day}.",
        ),
        WayOut(
            "Suivez la formation, ou choisissez une personne certifiée; l'équipe l'enregistre.",
            "Take the training, or choose somebody who is certified; the team keeps that.",
            command="ctl get /certifications",
            route="POST /api/v1/certifications",
        ),
        Clearer.INSTALLER,
        403,
    ),
    Code.DC_LATE_NOTICE: CatalogueEntry(
        Phrase(
            "Mise en service de {mac} demandée moins de deux semaines avant : le {date} est proposé.",
            "Commissioning of {mac} asked for less than two weeks before: {date} is proposed.",
        ),
        WayOut(
            "Gardez le jour et convenez d'une autre date pour la mise en service, ou reportez le travail.",
            "Keep the day and agree on another one for the commissioning, or put the job off.",
            command='ctl patch /jobs/{job} \'{{"day": "{date}"}}\'',
            route="PATCH /api/v1/jobs/{job}",
        ),
        Clearer.OWNER,
    ),
}
