"""The certificate as a PDF: what people read on it, on both papers and in both languages."""

import io

import msgspec
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from charging.certificate.document import (
    BilingualText,
    CertifiedItem,
    CertifiedPlace,
    ItemValue,
    ItemVerdict,
    fingerprint,
    to_file,
)
from charging.certificate.page import certificate_pdf
from charging.certificate.page_words import PaperSize
from charging.certificate.signing import qr_text, sign
from tests.support.certificates import ISSUED, KEY, certificate, handed_over


def pdf_of(language: str = "fr", paper: PaperSize = "A4", **about: object) -> PdfReader:
    """The page of a certificate, read."""
    said = certificate("ab" * 32, 6, **about)  # type: ignore[arg-type] # passed on
    return PdfReader(
        io.BytesIO(certificate_pdf(sign(said, KEY), language=language, paper=paper, at=ISSUED, key=KEY))
    )


def text_of(reader: PdfReader) -> str:
    """All its text, on one line."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "fr",
            (
                "Certificat de mise sous tension",
                "Rien n'a échoué",
                "Démarré et arrêté avec un testeur, 0 kWh",
                "Ne peut être vérifié ici",
                "écart -0,4 s, NTP oui",
                "Reste : l'équipe, depuis le bureau",
                "6, toutes, enchaînées",
                "Page 1 de 1",
            ),
        ),
        (
            "en",
            (
                "Power-up certificate",
                "Nothing failed",
                "Started and stopped with a tester, 0 kWh",
                "Cannot be checked here",
                "écart -0.4 s, NTP yes",
                "Still open: the team, from the office",
                "6, all of them, chained",
                "Page 1 of 1",
            ),
        ),
    ],
)
def test_people_read_all_of_it(language: str, texts: tuple[str, ...]) -> None:
    """Identity, verdicts, values, photos, hashes; with the accents of French."""
    shown = text_of(pdf_of(language))
    said = certificate("ab" * 32, 6)
    common = ("02B016C3F7A0", "02:B0:16:C3:F7:A0", "Ampère AC-22", "Zoé Bélanger", "Garage Létourneau")
    for text in (
        *texts,
        *common,
        fingerprint(said),
        "ab" * 32,
        said.photos[0].sha256,
        "2026-11-24 13:42 UTC",
    ):
        assert text in shown, text


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_both_papers_are_filled(paper: PaperSize, size: tuple[int, int]) -> None:
    """In their sizes, on one page each."""
    (page,) = pdf_of("fr", paper).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_the_qr_code_is_read_back() -> None:
    """By a reader that is not ours."""
    whole = handed_over()
    pdf = certificate_pdf(whole.signed, language="en", paper="A4", at=ISSUED, key=KEY)
    (picture,) = PdfReader(io.BytesIO(pdf)).pages[0].images
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)).convert("L").resize((800, 800)))
    assert found.text == qr_text(whole.signed)


def test_the_certificate_is_attached() -> None:
    """Any reader of PDF hands it out as it was signed."""
    whole = handed_over()
    pdf = certificate_pdf(whole.signed, language="en", paper="A4", at=ISSUED, key=KEY)
    assert PdfReader(io.BytesIO(pdf)).attachments == {"certificate.json": [to_file(whole.signed)]}


def test_a_simulated_station_is_called_one() -> None:
    """At the top, so that no page of the bench passes for a box on a wall."""
    assert "Borne simulée" in text_of(pdf_of("fr", is_simulated=True))
    assert "Borne simulée" not in text_of(pdf_of("fr"))


def test_a_long_list_goes_over_to_other_pages() -> None:
    """Each with the certificate that it belongs to; a failed one makes the whole failed."""
    title = BilingualText("Un point de la liste, assez long pour deux lignes " * 2, "An item")
    many = [
        CertifiedItem(str(n), title, ItemVerdict.PASSED, values=(ItemValue("mA", 0.5, "mA"),))
        for n in range(40)
    ]
    reader = pdf_of("fr", "Letter", checked=(*many, CertifiedItem("last", title, ItemVerdict.FAILED)))
    assert len(reader.pages) > 2
    for number, page in enumerate(reader.pages, 1):
        assert f"02B016C3F7A0 · run-1 · Page {number} de {len(reader.pages)}" in page.extract_text()
    assert "Échouée" in text_of(reader)


def test_a_heading_does_not_stand_alone_at_the_foot_of_a_page() -> None:
    """What it is above of comes with it."""
    title = BilingualText("Un point", "An item")
    reader = pdf_of("fr", "A4", checked=(CertifiedItem("x", title, ItemVerdict.PASSED),) * 12)
    assert [page.extract_text().split("\n")[0] for page in reader.pages[1:]] == ["Preuve"]


def test_what_is_not_known_leaves_no_line() -> None:
    """No place, no photo; frames of a live log are called that; a letter that the font lacks is a `?`."""
    said = certificate("ab" * 32, 1, photos={})
    bare = msgspec.structs.replace(
        said,
        location=CertifiedPlace(),
        station=msgspec.structs.replace(said.station, vendor="充电"),
        frames=msgspec.structs.replace(said.frames, tap="wire_log"),
    )
    shown = text_of(
        PdfReader(io.BytesIO(certificate_pdf(sign(bare, KEY), language="en", paper="A4", at=ISSUED, key=KEY)))
    )
    assert "Organisation" not in shown
    assert "Photos" not in shown
    assert "of the live log, which may leave some out" in shown
    assert "??" in shown
