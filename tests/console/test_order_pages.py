"""Orders over the pages: made from pasted lines, codes told once, labels that can be scanned."""

import io

import httpx
import pytest
from pypdf import PdfReader

from access.principals import Role
from console.label_sheet import PrintedLabel, label_sheet
from provisioning.rules.labels import read_label
from tests.support.central import ServedCentral
from tests.support.html import Html

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENGLISH = {"Accept-Language": "en"}
MACS = ("0024:B100:0002:AA01", "0024:B100:0002:AA02")


async def sent(console: ServedCentral, **typed: str) -> httpx.Response:
    """A manager's form, as browsers send it."""
    return await console.client(Role.MANAGER).post("/orders/new", data=typed, headers=ENGLISH)


async def test_boxes_are_ordered_and_their_codes_told_once(console: ServedCentral) -> None:
    """The page of the order knows how far each is, and no code."""
    lines = f"mac;serial;model\n{MACS[0].lower()};S1;Duo\n0024b1000002aa02"
    answer = await sent(console, reference="PO-7", contact="Ann", lines=lines)
    made = Html(answer)
    assert (answer.status_code, made.heading) == (200, "PO-7 is ordered")
    codes = made.texts(".code")
    assert [len(each) for each in codes] == [10, 10]
    (path,) = made.links("I have the codes")
    page = Html(await console.client(Role.VIEWER).get(path, headers=ENGLISH))
    assert [each for each in MACS if each in page.text] == list(MACS)
    assert "Duo · S1" in page.text
    assert codes[0] not in page.text
    listed = Html(await console.client(Role.VIEWER).get("/orders", headers=ENGLISH))
    assert path in listed.links("PO-7")
    assert "Boxes: 2" in listed.text
    assert not listed.links("Order stations")
    (hidden,) = made.all('textarea[name="lines"]')
    printed = await console.client(Role.MANAGER).post(f"{path}/labels", data={"lines": hidden.text()})
    assert printed.headers["content-type"] == "application/pdf"
    (sheet,) = PdfReader(io.BytesIO(printed.content)).pages
    assert all(each in sheet.extract_text() for each in (*MACS, *codes))


@pytest.mark.parametrize(
    ("typed", "status", "fault"),
    [
        ({"reference": "PO-8", "lines": "0024:B100:0002:BB01\n0024:B1"}, 422, "Line 2: 0024:B1 12 or 16"),
        ({"reference": "PO-8", "lines": "0024b1000002bb01\n0024:B100:0002:BB01"}, 422, "line 1 already"),
        ({"reference": "PO-8", "lines": "0024b1000002bb01,S,M,short"}, 422, "not 8 to 64 characters"),
        ({"reference": "PO-8", "lines": "0024b1000002bb01,S,M,,x"}, 422, "has more than MAC"),
        ({"reference": "", "lines": "0024b1000002bb01"}, 422, "at least 1 character"),
        ({"reference": "PO-8", "lines": ""}, 422, "Paste between 1 and 1000 lines"),
        (
            {"reference": "PO-8", "lines": "0024b1000002cc02"},
            409,
            "0024:B100:0002:CC02 is in an order",
        ),
    ],
)
async def test_one_wrong_line_orders_nothing(
    console: ServedCentral, typed: dict[str, str], status: int, fault: str
) -> None:
    """It is said, and what was typed stays."""
    await sent(console, reference="PO-C", lines="0024b1000002cc02")
    answer = await sent(console, **typed)
    page = Html(answer)
    assert (answer.status_code, fault in page.text) == (status, True), page.text
    assert [each.split() for each in page.texts("textarea")] == [typed["lines"].split()]
    assert (await console.client().get("/orders/PO-8")).status_code == 404


async def test_others_order_nothing(console: ServedCentral) -> None:
    """Neither is the form theirs, nor a sheet of labels."""
    installer = console.client(Role.INSTALLER)
    assert (await installer.get("/orders/new")).status_code == 403
    refused = await installer.post("/orders/new", data={"reference": "X", "lines": MACS[0]})
    assert refused.status_code == 403
    assert (await installer.post("/orders/x/labels", data={"lines": "a,b"})).status_code == 403
    assert (await console.client().get("/orders/nothing")).status_code == 404


async def test_a_sheet_goes_on_on_the_next_page() -> None:
    """21 labels each; what a QR code holds is read back as it was meant, with a link or without."""
    labels = [PrintedLabel(f"0024b10000{number:06x}", "K7QM-4T2X", "Duo é Ω") for number in range(22)]
    pages = PdfReader(io.BytesIO(await label_sheet(labels, "https://borne.example", "Code"))).pages
    assert [page.extract_text().count("K7QM-4T2X") for page in pages] == [21, 1]
    assert len(PdfReader(io.BytesIO(await label_sheet(labels[:1], "", "Code"))).pages) == 1
    bare = read_label("0024:B100:0000:0001 K7QM-4T2X")
    assert (bare.mac is not None and bare.mac.label, bare.code) == ("0024:B100:0000:0001", "K7QM-4T2X")
