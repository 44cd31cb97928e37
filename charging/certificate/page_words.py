"""The words of the certificate's page, in the French of Canada and in English, and the papers for it."""

from typing import Literal

from charging.certificate.document import BilingualText, ItemVerdict, OverallVerdict

PaperSize = Literal["A4", "Letter"]
NO_BREAK = "\N{NO-BREAK SPACE}"

WORDS: dict[str, BilingualText] = {
    "title": BilingualText("Certificat de mise sous tension", "Power-up certificate"),
    "issued": BilingualText("Émis par {issuer} le {at}", "Issued by {issuer} at {at}"),
    "simulated": BilingualText(
        "Borne simulée : un programme l'a jouée, il n'y a pas d'appareil.",
        "Simulated station: a program played it, there is no box.",
    ),
    "station": BilingualText("Borne", "Station"),
    "macs": BilingualText("Adresses MAC", "MAC addresses"),
    "serial": BilingualText("Numéro de série", "Serial number"),
    "product": BilingualText("Modèle", "Model"),
    "firmware": BilingualText("Micrologiciel", "Firmware"),
    "ocpp": BilingualText("OCPP", "OCPP"),
    "organisation": BilingualText("Organisation", "Organisation"),
    "site": BilingualText("Site", "Site"),
    "place": BilingualText("Emplacement", "Place"),
    "by": BilingualText("Vérifiée par", "Checked by"),
    "started": BilingualText("Début", "Started"),
    "ended": BilingualText("Fin", "Ended"),
    "run": BilingualText("Vérification", "Run"),
    "items": BilingualText("Ce qui a été vérifié", "What was checked"),
    "photos": BilingualText("Photos, avec leur SHA-256", "Photos, with their SHA-256"),
    "proof": BilingualText("Preuve", "Proof"),
    "frames": BilingualText("Trames de la borne", "Frames of the station"),
    "frames_complete": BilingualText(
        "{count}, toutes, enchaînées; fin de la chaîne :", "{count}, all of them, chained; end of the chain:"
    ),
    "frames_of_log": BilingualText(
        "{count}, du journal en direct, qui peut en omettre; fin de la chaîne :",
        "{count}, of the live log, which may leave some out; end of the chain:",
    ),
    "hash": BilingualText("SHA-256 du certificat", "SHA-256 of the certificate"),
    "key": BilingualText("Clé de l'émetteur", "Key of the issuer"),
    "versions": BilingualText("Versions", "Versions"),
    "open_for": BilingualText("Reste : {what}", "Still open: {what}"),
    "how": BilingualText(
        "Le code QR porte la borne, le verdict, le SHA-256, la clé et la signature. Ce PDF contient le "
        "certificat signé (pièce jointe) et porte un sceau; pour le vérifier, même sans réseau :",
        "The QR code holds station, verdict, SHA-256, key and signature. This PDF contains the signed "
        "certificate (attachment) and carries a seal; to verify it, also without a network:",
    ),
    "page": BilingualText("Page {page} de {pages}", "Page {page} of {pages}"),
}

VERDICTS: dict[OverallVerdict, BilingualText] = {
    OverallVerdict.PASSED: BilingualText("Réussie", "Passed"),
    OverallVerdict.INCOMPLETE: BilingualText(
        "Rien n'a échoué, mais il reste à vérifier", "Nothing failed, but something is still open"
    ),
    OverallVerdict.FAILED: BilingualText("Échouée", "Failed"),
}

ITEM_VERDICTS: dict[ItemVerdict, BilingualText] = {
    ItemVerdict.PASSED: BilingualText("Réussi", "Passed"),
    ItemVerdict.FAILED: BilingualText("Échoué", "Failed"),
    ItemVerdict.CANNOT_BE_CHECKED: BilingualText("Ne peut être vérifié ici", "Cannot be checked here"),
    ItemVerdict.TESTER_ONLY: BilingualText(
        f"Démarré et arrêté avec un testeur, 0{NO_BREAK}kWh",
        f"Started and stopped with a tester, 0{NO_BREAK}kWh",
    ),
    ItemVerdict.NOT_APPLICABLE: BilingualText("Sans objet", "Not applicable"),
}

VALUE_NAMES: dict[str, BilingualText] = {
    "address": BilingualText("adresse", "address"),
    "registration": BilingualText("réponse", "answer"),
    "firmware": BilingualText("version", "version"),
    "offset": BilingualText("écart", "offset"),
    "status": BilingualText("état", "status"),
    "error": BilingualText("erreur", "error"),
    "measured": BilingualText("mesuré", "measured"),
    "by": BilingualText("par", "by"),
    "to": BilingualText("à", "to"),
    "act": BilingualText("geste", "act"),
    "transaction": BilingualText("recharge", "transaction"),
    "energy": BilingualText("énergie", "energy"),
}
"""What is measured and read; another name is shown as it is."""


def in_language(text: BilingualText, language: str) -> str:
    """The one that is wanted; French has its no-break space before a colon."""
    return text.fr.replace(" :", f"{NO_BREAK}:") if language == "fr" else text.en


def words_of(key: str, language: str, **fields: object) -> str:
    """A text of the page, its fields filled in."""
    return in_language(WORDS[key], language).format(**fields)


def value_name(name: str, language: str) -> str:
    """What people call a value."""
    return in_language(VALUE_NAMES.get(name, BilingualText(name, name)), language)
