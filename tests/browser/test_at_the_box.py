"""In front of the box: the wrong one, a faulted connector; over https under a name of its own."""

import asyncio
import base64
import hashlib
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image, ImageFilter
from playwright.async_api import Page, expect

from borne.own_ca.authority import certify
from tests.browser.phones import PATIENCE_MS, PHONE, log_in, phone
from tests.console.test_label_photo import code_picture
from tests.support.chromium import chromium
from tests.support.installing import PlannedSite, made, planned_site
from tests.support.waiting import patient_http
from tests.support.wire_station import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")
MACS = [f"00:24:B1:02:9F:A{number}" for number in range(1, 6)]
HOST = "garage.lan"
BOOT = {"chargePointVendor": "Acme", "chargePointModel": "Uno"}


def id_of(mac: str) -> str:
    """As the server names the station."""
    return mac.replace(":", "").lower()


def box_of(mac: str) -> str:
    """Its page."""
    return f"/install/stations/{id_of(mac)}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PlannedSite]:
    """Served by https too, with a certificate of an own authority."""
    folder = tmp_path_factory.mktemp("box")
    ca = certify(folder / "ca", [HOST], datetime.now(UTC))
    tls = {"http_tls_certificate": ca.chain, "http_tls_key": ca.key, "https_port": 0}
    async with planned_site(folder / "var", *MACS, **tls) as planned:
        planned.folder = folder
        yield planned


async def claimed(site: PlannedSite, number: int) -> None:
    """A box is tied to its place."""
    mac = MACS[number]
    body = {"mac": mac, "claim_code": site.codes[mac], "place_id": site.places[number]}
    await made(site.team, "/claims", body)


async def begun(page: Page, mac: str) -> None:
    """A run of the box's checklist."""
    await page.goto(box_of(mac))
    await page.click("button[value=begin]")
    await expect(page.locator("button[value=power]")).to_be_visible()


async def switched_on(site: PlannedSite, mac: str) -> None:
    """Off and on: it connects anew, and boots."""
    async with connected(f"{site.ocpp_url}/{id_of(mac)}", "1.6", boots=False) as station:
        await station.ask("BootNotification", BOOT)


async def test_two_exchanged_labels_are_noticed_and_put_right(site: PlannedSite) -> None:
    """The act is seen at the other box; after the exchange its page says that it is this one."""
    for number in (0, 1):
        await claimed(site, number)
    async with phone(site) as page:
        await begun(page, MACS[0])
        await page.click("button[value=power]")
        await expect(page.locator("[data-until]")).to_contain_text("s")
        await switched_on(site, MACS[1])
        await expect(page.locator("#act [role=alert]")).to_contain_text(id_of(MACS[1]))
        await page.click("form[action$='/exchange'] button")
        await page.wait_for_url(f"**{box_of(MACS[1])}")
        await expect(page.locator("h1")).to_have_text("P1-01")
        await begun(page, MACS[1])
        await page.click("button[value=power]")
        await expect(page.locator("[data-until]")).to_be_visible()
        await switched_on(site, MACS[1])
        await expect(page.locator("[data-item=box]")).to_have_attribute("data-verdict", "passed")


async def test_a_faulted_connector_is_told_by_its_name(site: PlannedSite) -> None:
    """As the station tells it, while the page is open."""
    async with phone(site) as page:
        await begun(page, MACS[2])
        async with connected(f"{site.ocpp_url}/{id_of(MACS[2])}", "1.6", boots=False) as station:
            await station.ask("BootNotification", BOOT)
            await made(site.team, f"/stations/{id_of(MACS[2])}/test-window", {"id_token": "BADGE-7"})
            await station.ask("BootNotification", BOOT)
            faulted = {"connectorId": 1, "status": "Faulted", "errorCode": "GroundFailure"}
            await station.ask("StatusNotification", faulted)
            item = page.locator("[data-item=connector-1-1]")
            await expect(item).to_have_attribute("data-verdict", "failed")
            await expect(item).to_contain_text("GroundFailure")


async def test_a_wrong_url_scheme_is_told_with_what_to_write(site: PlannedSite) -> None:
    """wss:// names no station on a port without TLS, so it is told as what may be it; http:// does."""
    async with phone(site) as page:
        await begun(page, MACS[3])
        item, at = page.locator("[data-item=link]"), urlsplit(site.ocpp_url)
        await expect(item).to_have_attribute("data-verdict", "waiting")
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            await asyncio.open_connection(at.hostname, at.port, ssl=ssl.create_default_context())
        await expect(item).to_contain_text("Écrire ws:// au lieu de wss://")
        await expect(item).to_have_attribute("data-verdict", "waiting")
        async with patient_http() as client:
            await client.post(f"http://{at.netloc}{at.path}/{id_of(MACS[3])}", content="<soap/>")
        await expect(item).to_have_attribute("data-verdict", "failed")
        await expect(item).to_contain_text("commence par http://")


async def test_a_blurred_code_is_no_code_and_typing_stays(site: PlannedSite, tmp_path: Path) -> None:
    """The page says what to do; what was typed is still there."""
    picture = Image.new("L", (640, 480), 120)
    text = f"https://borne.example/install/claim?mac={MACS[0]}&code=7S9R-K7N99"
    picture.paste(code_picture(text, "QRCode", 5), (200, 100))
    picture.filter(ImageFilter.GaussianBlur(14)).convert("RGB").save(tmp_path / "blurred.jpg", "JPEG")
    async with phone(site) as page:
        await page.goto(f"/install/claim?mac={MACS[4]}")
        await page.set_input_files("#photo", tmp_path / "blurred.jpg")
        await expect(page.locator("[role=alert]")).to_contain_text("Prenez une autre photo")
        assert await page.input_value("#mac") == MACS[4]


async def test_over_https_under_its_own_name_the_page_is_secure(site: PlannedSite) -> None:
    """With an own authority that the phone trusts: no notice, the camera offered, kept without signal."""
    authority = x509.load_pem_x509_certificate((site.folder / "ca" / "ca.pem").read_bytes())
    key = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
    port = urlsplit(site.https_url).port
    flags = (
        f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
        f"--ignore-certificate-errors-spki-list={trusted}",
    )
    async with chromium(*flags) as browser:
        context = await browser.new_context(viewport=PHONE, locale="fr-CA", base_url=f"https://{HOST}:{port}")
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        await page.goto("/install/claim")
        await log_in(page)
        assert await page.evaluate("window.isSecureContext")
        assert urlsplit(page.url).hostname == HOST
        await expect(page.locator("#insecure")).to_be_hidden()
        await expect(page.locator("#scan")).to_be_visible()
        await page.fill("#mac", MACS[4])
        await page.fill("#code", site.codes[MACS[4]])
        await page.fill("#name", "B2-12")
        await page.evaluate("navigator.serviceWorker.ready")
        await context.set_offline(True)
        await page.click("form[data-outbox] > button")
        await expect(page.locator("#outbox li")).to_have_count(1)
        await context.set_offline(False)
        await expect(page.locator("#outbox .sent")).to_be_visible()
        assert id_of(MACS[4]) in await site.granted()
