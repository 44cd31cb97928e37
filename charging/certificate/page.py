"""The certificate as a PDF for people, in French or English, on A4 or Letter, with QR code and seal. Pure.

Set in Source Sans Pro (SIL Open Font License 1.1, `fonts/OFL.txt`), which has the accents of French.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fpdf import FPDF, XPos, YPos
from fpdf.fonts import TTFFont

from charging.certificate.document import (
    CertifiedItem,
    ItemValue,
    ItemVerdict,
    OverallVerdict,
    SignedCertificate,
    fingerprint,
    to_file,
)
from charging.certificate.page_words import (
    ITEM_VERDICTS,
    NO_BREAK,
    VERDICTS,
    PaperSize,
    in_language,
    value_name,
    words_of,
)
from charging.certificate.seal import seal_pdf
from charging.certificate.signing import qr_text

ATTACHMENT = "certificate.json"
_FONTS = Path(__file__).parent / "fonts"
_FAMILY = "sans"
_MARGIN_MM, _QR_MM, _LABEL_MM = 15.0, 37.0, 31.0
_MARK_MM, _VERDICT_MM, _LINE_MM = 7.0, 66.0, 4.9

_Colour = tuple[int, int, int]
_INK: _Colour = (28, 32, 38)
_MUTED: _Colour = (98, 106, 116)
_RULE: _Colour = (214, 219, 224)
_GREEN: _Colour = (18, 112, 66)
_AMBER: _Colour = (146, 90, 0)
_RED: _Colour = (176, 32, 36)
_BANDS: dict[OverallVerdict, _Colour] = {
    OverallVerdict.PASSED: _GREEN,
    OverallVerdict.INCOMPLETE: _AMBER,
    OverallVerdict.FAILED: _RED,
}
_MARKS: dict[ItemVerdict, tuple[str, _Colour]] = {
    ItemVerdict.PASSED: ("✓", _GREEN),
    ItemVerdict.FAILED: ("×", _RED),
    ItemVerdict.CANNOT_BE_CHECKED: ("…", _AMBER),
    ItemVerdict.TESTER_ONLY: ("≈", _AMBER),
    ItemVerdict.NOT_APPLICABLE: ("–", _MUTED),
}


def certificate_pdf(
    signed: SignedCertificate, *, language: str, paper: PaperSize, at: datetime, key: Ed25519PrivateKey
) -> bytes:
    """The page, with the certificate inside, sealed at that time with that key."""
    page = _CertificatePage(signed, language, paper, at)
    page.draw()
    return seal_pdf(bytes(page.output()), to_file(signed), at, key)


class _CertificatePage(FPDF):
    """Draws from top to bottom; FPDF begins a new page where one is full."""

    def __init__(self, signed: SignedCertificate, language: str, paper: PaperSize, at: datetime) -> None:
        super().__init__(format=paper)
        self._signed = signed
        self._certificate = signed.certificate
        self._language = language
        for style, name in (("", "Regular"), ("B", "Semibold")):
            self.add_font(_FAMILY, style, _FONTS / f"SourceSansPro-{name}.ttf")
        font = self.fonts[_FAMILY]
        self._drawn = set(font.cmap) if isinstance(font, TTFFont) else set()
        self.set_margin(_MARGIN_MM)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=_MARGIN_MM + 4)
        self.set_creation_date(at.astimezone(UTC))
        self.set_lang("fr-CA" if language == "fr" else "en-CA")
        self.set_title(f"{self._text('title')}, {self._certificate.station.station_id}")
        self.set_creator("borne")

    def draw(self) -> None:
        """Everything."""
        self.add_page()
        self._draw_head()
        self._draw_verdict()
        self._draw_identity()
        self._draw_items()
        self._draw_photos()
        self._draw_proof()
        self.embed_file(
            bytes=to_file(self._signed), basename=ATTACHMENT, mime_type="application/json", compress=False
        )

    def footer(self) -> None:
        """Which certificate it is, on every page."""
        self.set_y(-_MARGIN_MM + 2)
        self._use(8, colour=_MUTED)
        page = self._text("page", page=self.page_no(), pages="{nb}")
        self.cell(
            text=self._clean(f"{self._certificate.station.station_id} · {self._certificate.run.id} · ") + page
        )

    def _draw_head(self) -> None:
        top = self.get_y()
        self._draw_qr(self.w - _MARGIN_MM - _QR_MM, top)
        width = self.epw - _QR_MM - 6
        self.set_xy(_MARGIN_MM, top + 2)
        self._use(23, bold=True)
        self._write_block(width, 10, self._text("title"))
        self._use(12)
        self._write_block(width, 6, self._clean(self._place_line()))
        self.ln(1)
        self._use(9.5, colour=_MUTED)
        said = self._certificate
        issued = self._text("issued", issuer=self._clean(said.issuer), at=_time(said.issued_at))
        self._write_block(width, 5, issued)
        self.set_y(max(self.get_y(), top + _QR_MM) + 4)

    def _place_line(self) -> str:
        said = self._certificate
        names = (said.location.organisation, said.location.site, said.location.place)
        return " · ".join(filter(None, names)) or said.station.station_id

    def _draw_qr(self, x: float, y: float) -> None:
        picture = io.BytesIO()
        segno.make_qr(qr_text(self._signed), error="m").save(picture, kind="png", scale=8, border=0)
        self.image(picture, x, y, _QR_MM, _QR_MM, alt_text=qr_text(self._signed))

    def _draw_verdict(self) -> None:
        verdict = self._certificate.verdict
        self.set_fill_color(*_BANDS[verdict])
        self._use(17, bold=True, colour=(255, 255, 255))
        self.cell(self.epw, 13, f"  {in_language(VERDICTS[verdict], self._language)}", fill=True)
        self.ln(13)
        if self._certificate.station.is_simulated:
            self.set_fill_color(*_RULE)
            self._use(10.5, bold=True)
            self.cell(self.epw, 8, f"  {self._text('simulated')}", fill=True)
            self.ln(8)
        self.ln(4)

    def _draw_identity(self) -> None:
        station, run, where = self._certificate.station, self._certificate.run, self._certificate.location
        product = " ".join(filter(None, (station.vendor, station.model)))
        left = [
            ("station", station.station_id),
            ("macs", ", ".join(station.macs)),
            ("product", product),
            ("serial", station.serial),
            ("firmware", station.firmware),
            ("ocpp", station.ocpp_version),
        ]
        right = [
            ("organisation", where.organisation),
            ("site", where.site),
            ("place", where.place),
            ("by", run.by),
            ("started", _time(run.started_at)),
            ("ended", _time(run.ended_at)),
        ]
        top, width = self.get_y(), self.epw / 2 - 4
        bottom = self._draw_facts(left, _MARGIN_MM, width)
        self.set_y(top)
        bottom = max(bottom, self._draw_facts(right, _MARGIN_MM + width + 8, width))
        self.set_y(bottom + 4)

    def _draw_facts(self, facts: Iterable[tuple[str, str | None]], x: float, width: float) -> float:
        """Label and value, a line each; where they end."""
        for label, value in facts:
            if not value:
                continue
            self.set_x(x)
            self._use(9.5, colour=_MUTED)
            self.cell(_LABEL_MM, 5.4, self._text(label))
            self._use(10)
            self._write_block(width - _LABEL_MM, 5.4, self._clean(value))
        return self.get_y()

    def _draw_items(self) -> None:
        self._draw_heading("items")
        self.set_draw_color(*_RULE)
        for item in self._certificate.items:
            self._draw_item(item)
        self.ln(4)

    def _draw_item(self, item: CertifiedItem) -> None:
        """Mark and title, below it what was found; beside them the verdict and who completes it."""
        mark, colour = _MARKS[item.verdict]
        title, found = (
            self._clean(in_language(item.title, self._language)),
            self._clean(self._found_text(item)),
        )
        verdict = in_language(ITEM_VERDICTS[item.verdict], self._language)
        left, right = self.epw - _MARK_MM - _VERDICT_MM - 4, _VERDICT_MM
        lines = max(
            self._lines_of(left, title, 10) + self._lines_of(left, found, 9),
            self._lines_of(right, verdict, 10) + self._lines_of(right, self._open_text(item), 9),
        )
        if self.will_page_break(lines * _LINE_MM + 3):
            self.add_page()
        top = self.get_y() + 1.5
        self.line(_MARGIN_MM, top - 1.5, self.w - _MARGIN_MM, top - 1.5)
        self.set_xy(_MARGIN_MM + 1, top)
        self._use(11, bold=True, colour=colour)
        self.cell(_MARK_MM, _LINE_MM, mark)
        self._write_two(_MARGIN_MM + _MARK_MM, left, title, found)
        self.set_y(top)
        verdict_x = self.w - _MARGIN_MM - _VERDICT_MM
        self._write_two(verdict_x, right, verdict, self._open_text(item), colour=colour, bold=False)
        self.set_y(top + lines * _LINE_MM + 1.5)

    def _write_two(
        self, x: float, width: float, first: str, second: str, *, colour: _Colour = _INK, bold: bool = True
    ) -> None:
        self.set_x(x)
        self._use(10, bold=bold, colour=colour)
        self._write_block(width, _LINE_MM, first)
        if second:
            self.set_x(x)
            self._use(9, colour=_MUTED)
            self._write_block(width, _LINE_MM, second)

    def _lines_of(self, width: float, text: str, size: float) -> int:
        if not text:
            return 0
        self._use(size, bold=True)  # the wider one
        return len(self.multi_cell(width, _LINE_MM, text, align="L", dry_run=True, output="LINES"))  # type: ignore[arg-type] # the type of `output`'s answer

    def _found_text(self, item: CertifiedItem) -> str:
        detail = in_language(item.detail, self._language) if item.detail is not None else ""
        values = ", ".join(self._value_text(each) for each in item.values)
        return "\n".join(filter(None, (detail, values)))

    def _value_text(self, value: ItemValue) -> str:
        unit = NO_BREAK + value.unit if value.unit else ""
        return f"{value_name(value.name, self._language)} {_shown(value.value, self._language)}{unit}"

    def _open_text(self, item: CertifiedItem) -> str:
        if item.open_for is None:
            return ""
        return self._clean(self._text("open_for", what=in_language(item.open_for, self._language)))

    def _draw_photos(self) -> None:
        if not self._certificate.photos:
            return
        self._draw_heading("photos")
        for photo in self._certificate.photos:
            self._use(9.5)
            self.cell(52, 5, self._clean(photo.name))
            self._use(8, colour=_MUTED)
            self._write_block(self.epw - 52, 5, photo.sha256)
        self.ln(3)

    def _draw_proof(self) -> None:
        said = self._certificate
        self._draw_heading("proof", least_mm=50)
        versions = (said.versions.program, said.versions.scenario, said.versions.product)
        kind = "frames_of_log" if said.frames.tap == "wire_log" else "frames_complete"
        self._draw_lines(
            [
                ("frames", f"{self._text(kind, count=said.frames.count)}\n{said.frames.head}"),
                ("hash", fingerprint(said)),
                ("key", self._signed.signature.key_id),
                ("run", said.run.id),
                ("versions", " · ".join(filter(None, versions))),
            ]
        )
        self.ln(2)
        self._use(9, colour=_MUTED)
        self._write_block(self.epw, 4.6, self._text("how"))
        self._use(9, bold=True)
        self.cell(self.epw, 5, "borne certificate verify certificate.pdf --key certificate-keys.json")
        self.ln(5)

    def _draw_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        for label, value in lines:
            self._use(9, colour=_MUTED)
            self.cell(44, 4.8, self._text(label))
            self._use(9)
            self._write_block(self.epw - 44, 4.8, self._clean(value))

    def _draw_heading(self, key: str, least_mm: float = 24) -> None:
        """On the next page where less than that would fit below it."""
        if self.will_page_break(least_mm):
            self.add_page()
        self._use(12.5, bold=True)
        self.cell(self.epw, 8, self._text(key))
        self.ln(8)

    def _write_block(self, width: float, line_height: float, text: str) -> None:
        """A text on as many lines as it takes; the next thing begins below it."""
        self.multi_cell(width, line_height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _use(self, size: float, *, bold: bool = False, colour: _Colour = _INK) -> None:
        self.set_font(_FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def _text(self, key: str, **fields: object) -> str:
        return words_of(key, self._language, **fields)

    def _clean(self, text: str) -> str:
        """What the font cannot draw is a question mark, not an empty box or a control."""
        return "".join(each if ord(each) in self._drawn or each == "\n" else "?" for each in text)


def _time(at: datetime) -> str:
    """To the minute, in UTC: whoever reads it may be anywhere."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}{NO_BREAK}UTC"


def _shown(value: float | str, language: str) -> str:
    """A value for people; a yes or no as such."""
    if isinstance(value, bool):
        return {"fr": ("non", "oui")}.get(language, ("no", "yes"))[value]
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace(".", ",") if language == "fr" and isinstance(value, float) else text
