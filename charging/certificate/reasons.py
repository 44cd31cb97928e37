"""Why a certificate, or what was handed over with it, is refused: a reason for each way. Pure."""

from enum import StrEnum
from typing import NamedTuple


class RefusalReason(StrEnum):
    """For programs: stable, one word group each."""

    NO_CERTIFICATE = "no_certificate"
    ALTERED_FORM = "altered_form"
    KEY_ID_FALSE = "key_id_false"
    SIGNATURE_FALSE = "signature_false"
    KEY_OF_ANOTHER = "key_of_another"
    KEY_NOT_YET = "key_not_yet"
    KEY_ENDED = "key_ended"
    FRAMES_UNREADABLE = "frames_unreadable"
    FRAMES_OF_ANOTHER_STATION = "frames_of_another_station"
    FRAMES_OF_ANOTHER_RUN = "frames_of_another_run"
    FRAME_LEFT_OUT = "frame_left_out"
    FRAME_CHANGED = "frame_changed"
    FRAMES_MISSING = "frames_missing"
    FRAMES_ADDED = "frames_added"
    CHAIN_OF_OTHERS = "chain_of_others"
    PHOTO_MISSING = "photo_missing"
    PHOTO_SWAPPED = "photo_swapped"
    PHOTO_CHANGED = "photo_changed"
    PHOTOS_OF_ANOTHER_RUN = "photos_of_another_run"
    PDF_CHANGED = "pdf_changed"
    PDF_WITHOUT_SEAL = "pdf_without_seal"


class ReasonText(NamedTuple):
    """A sentence in both languages, with fields to fill in."""

    fr: str
    en: str


TEXTS: dict[RefusalReason, ReasonText] = {
    RefusalReason.NO_CERTIFICATE: ReasonText(
        "Ce n'est pas un certificat de mise sous tension de ce format : {problem}",
        "This is no power-up certificate of this format: {problem}",
    ),
    RefusalReason.ALTERED_FORM: ReasonText(
        "Le fichier n'est pas, octet pour octet, celui qui a été signé : demandez l'original.",
        "The file is not, byte for byte, the one that was signed: ask for the original.",
    ),
    RefusalReason.KEY_ID_FALSE: ReasonText(
        "La clé jointe n'est pas celle que son numéro {key} désigne.",
        "The key in it is not the one that its id {key} stands for.",
    ),
    RefusalReason.SIGNATURE_FALSE: ReasonText(
        "La signature n'est pas celle de ce contenu par la clé {key} : quelque chose a été changé depuis.",
        "The signature is not that of this content by the key {key}: something was changed since.",
    ),
    RefusalReason.KEY_OF_ANOTHER: ReasonText(
        "Signé avec la clé {key}, que cet émetteur n'a jamais publiée : ce n'est pas son certificat.",
        "Signed with the key {key}, which this issuer never published: it is not its certificate.",
    ),
    RefusalReason.KEY_NOT_YET: ReasonText(
        "Signé le {at}, avant que la clé {key} ne vaille ({since}).",
        "Signed at {at}, before the key {key} was valid ({since}).",
    ),
    RefusalReason.KEY_ENDED: ReasonText(
        "Signé le {at}, après la fin de la clé {key} ({until}).",
        "Signed at {at}, after the end of the key {key} ({until}).",
    ),
    RefusalReason.FRAMES_UNREADABLE: ReasonText(
        "Le fichier des trames est illisible ou modifié à la ligne {line}.",
        "The file of the frames cannot be read, or was changed, at line {line}.",
    ),
    RefusalReason.FRAMES_OF_ANOTHER_STATION: ReasonText(
        "Les trames sont celles d'une autre borne, {station}.",
        "The frames are another station's, {station}.",
    ),
    RefusalReason.FRAMES_OF_ANOTHER_RUN: ReasonText(
        "Les trames sont celles d'une autre vérification, {run}.",
        "The frames are of another run, {run}.",
    ),
    RefusalReason.FRAME_LEFT_OUT: ReasonText(
        "La trame {frame} manque : la chaîne est rompue.", "Frame {frame} was left out: the chain is broken."
    ),
    RefusalReason.FRAME_CHANGED: ReasonText(
        "La trame {frame} ne suit pas celle d'avant : elle a été changée, ou une trame a été retirée.",
        "Frame {frame} does not follow the one before: it was changed, or one was left out.",
    ),
    RefusalReason.FRAMES_MISSING: ReasonText(
        "Il manque des trames à la fin : {found} au lieu de {wanted}.",
        "Frames are missing at the end: {found} instead of {wanted}.",
    ),
    RefusalReason.FRAMES_ADDED: ReasonText(
        "Il y a des trames de trop : {found} au lieu de {wanted}.",
        "There are too many frames: {found} instead of {wanted}.",
    ),
    RefusalReason.CHAIN_OF_OTHERS: ReasonText(
        "La chaîne des trames est une autre que celle du certificat.",
        "The chain of the frames is another than the certificate's.",
    ),
    RefusalReason.PHOTO_MISSING: ReasonText("La photo {name} manque.", "The photo {name} is missing."),
    RefusalReason.PHOTO_SWAPPED: ReasonText(
        "Sous le nom {name} se trouve une autre photo de la vérification, {other}.",
        "Under the name {name} there is another photo of the run, {other}.",
    ),
    RefusalReason.PHOTO_CHANGED: ReasonText(
        "{name} n'est pas la photo qui a été prise : elle a été remplacée ou changée.",
        "{name} is not the photo that was taken: it was replaced or changed.",
    ),
    RefusalReason.PHOTOS_OF_ANOTHER_RUN: ReasonText(
        "Aucune des {count} photos du dossier n'est de cette vérification : elles sont d'une autre.",
        "None of the {count} photos in the folder is of this run: they are of another.",
    ),
    RefusalReason.PDF_CHANGED: ReasonText(
        "Le PDF a été changé depuis qu'il a été scellé : demandez l'original.",
        "The PDF was changed since it was sealed: ask for the original.",
    ),
    RefusalReason.PDF_WITHOUT_SEAL: ReasonText(
        "Le PDF ne porte pas de sceau, ou quelque chose le suit : demandez l'original, ou le fichier JSON.",
        "The PDF carries no seal, or something stands after it: ask for the original, or for the JSON file.",
    ),
}


class CertificateRefusal:
    """One thing that is wrong: the reason, and what fills its sentence in."""

    def __init__(self, reason: RefusalReason, **fields: object) -> None:
        self.reason = reason
        self.fields = fields

    def text(self, language: str) -> str:
        """The sentence, in French or else English."""
        both = TEXTS[self.reason]
        return (both.fr if language == "fr" else both.en).format(**self.fields)
