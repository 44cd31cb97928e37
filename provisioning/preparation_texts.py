"""What is said of how a site is prepared: what is in the way, and what is refused. Lines of the catalogue."""

from provisioning.blockers import Clearer, Code
from provisioning.entries import CatalogueEntry
from runtime.wording import Phrase, WayOut

_SITE = "/sites/{site_id}/preparation"

PREPARING: dict[Code, CatalogueEntry] = {
    Code.SITE_UNSAFE: CatalogueEntry(
        Phrase(
            "Le site {site} n'est pas sécuritaire : {items}. Rien n'y est installé.",
            "The site {site} is not safe: {items}. Nothing is installed there.",
        ),
        WayOut(
            "L'entrepreneur corrige le défaut, puis répond de nouveau à ce point.",
            "The contractor mends it, then answers that item again.",
            command=f"ctl get {_SITE}",
            route=f"PUT /api/v1{_SITE}/items",
        ),
        Clearer.INSTALLER,
    ),
    Code.SIGNAL_BELOW_MIN: CatalogueEntry(
        Phrase(
            "Signal cellulaire trop faible à {site} : {signal}.",
            "The cellular signal at {site} is too weak: {signal}.",
        ),
        WayOut(
            "Déplacez la borne ou ajoutez un répéteur, puis mesurez de nouveau au point de montage.",
            "Move the station or add a repeater, then measure again where it is to be mounted.",
            command=f"ctl get {_SITE}",
            route=f"PUT /api/v1{_SITE}/signals",
        ),
        Clearer.INSTALLER,
    ),
    Code.SITE_UNPREPARED: CatalogueEntry(
        Phrase(
            "La préparation du site {site} n'est pas terminée. Il reste : {left}.",
            "The preparation of the site {site} is not finished. Left: {left}.",
        ),
        WayOut(
            "L'entrepreneur lit le guide, répond à chaque point et mesure le signal.",
            "The contractor reads the guide, answers each item and measures the signal.",
            command=f"ctl get {_SITE}",
            route=f"PUT /api/v1{_SITE}/items",
        ),
        Clearer.INSTALLER,
    ),
    Code.SITE_NOT_APPROVED: CatalogueEntry(
        Phrase(
            "Le site {site} n'est pas approuvé : un service sur place a été acheté.",
            "The site {site} is not approved: a service on site was bought.",
        ),
        WayOut(
            "L'équipe examine la préparation du site, puis l'approuve.",
            "The team looks at the preparation of the site, then approves it.",
            command=f"ctl put {_SITE}/approval '{{{{\"is_approved\": true}}}}'",
            route=f"PUT /api/v1{_SITE}/approval",
        ),
        Clearer.ADMINISTRATOR,
        409,
    ),
    Code.GUIDE_UNREAD: CatalogueEntry(
        Phrase("{account} n'a pas lu : {guides}.", "{account} has not read: {guides}."),
        WayOut(
            "Lisez-le, puis confirmez-le.",
            "Read it, then confirm that.",
            command=f"ctl get {_SITE}",
            route=f"POST /api/v1{_SITE}/guides",
        ),
        Clearer.INSTALLER,
    ),
    Code.PREPARATION_UNKNOWN: CatalogueEntry(
        Phrase(
            "Personne ne prépare le site {site} : aucun produit n'a été choisi.",
            "Nobody prepares the site {site}: no product was chosen.",
        ),
        WayOut(
            "Choisissez qui installe et les produits.",
            "Choose who installs, and the products.",
            command=f'ctl put {_SITE} \'{{{{"path": "certified-installer", "products": ["PRODUCT"]}}}}\'',
            route=f"PUT /api/v1{_SITE}",
        ),
        Clearer.OWNER,
        404,
    ),
    Code.SITE_ITEM_UNKNOWN: CatalogueEntry(
        Phrase(
            "La préparation ne connaît pas « {item} ». Elle connaît : {known}.",
            'The preparation does not know "{item}". It knows: {known}.',
        ),
        WayOut(
            "Choisissez-en un de la liste.",
            "Choose one of the list.",
            command=f"ctl get {_SITE}",
            route=f"GET /api/v1{_SITE}",
        ),
        Clearer.INSTALLER,
        422,
    ),
    Code.GUIDE_UNKNOWN: CatalogueEntry(
        Phrase(
            "Le produit {product} n'a pas de guide « {guide} » en version {version}.",
            'The product {product} has no guide "{guide}" in version {version}.',
        ),
        WayOut(
            "Lisez celui que le produit a maintenant.",
            "Read the one that the product has now.",
            command="ctl get /products/{product}",
            route="GET /api/v1/products/{product}",
        ),
        Clearer.INSTALLER,
        422,
    ),
    Code.PREPARATION_OF_THE_TEAM: CatalogueEntry(
        Phrase(
            "L'équipe seule approuve un site et met fin à une préparation.",
            "The team alone approves a site and ends a preparation.",
        ),
        WayOut("Demandez-le à l'équipe.", "Let the team do it."),
        Clearer.ADMINISTRATOR,
        403,
    ),
}
