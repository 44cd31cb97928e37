"""What came of a verification, for people in a terminal and for programs."""

from collections.abc import Iterator
from typing import Any

import msgspec
from rich.text import Text

from borne.terminal import joined, one_line
from charging.certificate.document import Certificate, CertifiedItem, ItemVerdict
from charging.certificate.page_words import ITEM_VERDICTS, VERDICTS, in_language
from charging.certificate.signing import PublishedKeys
from charging.certificate.verifying import Trust, Verification
from runtime.texts import instant_text
from runtime.wording import Phrase

HEADS = {
    Trust.VALID: (
        "✓",
        "bold green",
        Phrase("Valide : signé par {issuer}, clé {key}.", "Valid: signed by {issuer}, key {key}."),
    ),
    Trust.UNKNOWN_ISSUER: (
        "?",
        "bold yellow",
        Phrase(
            "Intact, mais l'émetteur est inconnu : il se nomme {issuer}, clé {key}. Donnez ses clés "
            "publiques avec --key.",
            "Whole, but its issuer is unknown: it calls itself {issuer}, key {key}. Give its public keys "
            "with --key.",
        ),
    ),
    Trust.REFUSED: ("✗", "bold red", Phrase("Refusé.", "Refused.")),
}
MARKS = {
    ItemVerdict.PASSED: ("✓", "green"),
    ItemVerdict.FAILED: ("✗", "red"),
    ItemVerdict.CANNOT_BE_CHECKED: ("…", "yellow"),
    ItemVerdict.TESTER_ONLY: ("≈", "yellow"),
    ItemVerdict.NOT_APPLICABLE: ("–", "dim"),
}
ABOUT = Phrase(
    "Borne {station}{kind}, vérification {run} du {at}", "Station {station}{kind}, run {run} of {at}"
)
SIMULATED = Phrase(" (simulée)", " (simulated)")
PARTS = {
    "file": Phrase("le fichier", "the file"),
    "pdf": Phrase("le PDF", "the PDF"),
    "frames": Phrase("les {frames} trames", "the {frames} frames"),
    "photos": Phrase("les {photos} photos", "the {photos} photos"),
}
EXAMINED = Phrase("Examiné : {parts}", "Examined: {parts}")
NOT_EXAMINED = Phrase(
    "Pas examiné, faute d'avoir été donné : {parts}", "Not examined, because not given: {parts}"
)


def shown_lines(found: Verification, keys: PublishedKeys | None, language: str) -> Iterator[Text]:
    """The answer first, then why, then what the certificate says and what was looked at."""
    mark, style, head = HEADS[found.trust]
    signed = found.signed
    issuer = keys.issuer if keys is not None and keys.issuer else None
    fields = {
        "issuer": issuer or (signed.certificate.issuer if signed else ""),
        "key": signed.signature.key_id if signed else "",
    }
    yield one_line(f"{mark} {head.in_(language).format(**fields)}", style)
    for each in found.refused:
        yield joined("  • ", each.text(language))
    if signed is None or found.trust is Trust.REFUSED:
        return
    yield from _certificate_lines(signed.certificate, language)
    yield from _examined_lines(found, signed.certificate, language)


def _certificate_lines(stated: Certificate, language: str) -> Iterator[Text]:
    kind = SIMULATED.in_(language) if stated.station.is_simulated else ""
    about = ABOUT.in_(language).format(
        station=stated.station.station_id,
        kind=kind,
        run=stated.run.id,
        at=instant_text(stated.run.started_at),
    )
    yield joined("  ", about)
    places = " · ".join(
        filter(None, (stated.location.organisation, stated.location.site, stated.location.place))
    )
    if places:
        yield joined("  ", places)
    yield joined("  ", (in_language(VERDICTS[stated.verdict], language), "bold"))
    for item in stated.items:
        yield _item_line(item, language)


def _item_line(item: CertifiedItem, language: str) -> Text:
    mark, style = MARKS[item.verdict]
    verdict = in_language(ITEM_VERDICTS[item.verdict], language)
    return joined("    ", (mark, style), " ", in_language(item.title, language), (f" - {verdict}", "dim"))


def _examined_lines(found: Verification, stated: Certificate, language: str) -> Iterator[Text]:
    counts = {"frames": stated.frames.count, "photos": len(stated.photos)}

    def named(parts: list[str]) -> str:
        return ", ".join(PARTS[part].in_(language).format(**counts) for part in parts)

    yield joined("  ", (EXAMINED.in_(language).format(parts=named(list(found.examined))), "dim"))
    left = [part for part, count in counts.items() if count and part not in found.examined]
    if left:
        yield joined("  ", (NOT_EXAMINED.in_(language).format(parts=named(left)), "dim"))


def shown_json(found: Verification) -> dict[str, Any]:
    """For programs: the answer, each reason with its sentence in both languages, and the certificate."""
    signed = found.signed
    return {
        "trust": found.trust.value,
        "refused": [
            {"reason": each.reason.value, "text": each.text("en"), "text_fr": each.text("fr")}
            for each in found.refused
        ],
        "examined": list(found.examined),
        "key_id": signed.signature.key_id if signed else None,
        "certificate": msgspec.to_builtins(signed.certificate) if signed else None,
    }
