"""From the box to its certificate: photos hashed on the phone and sent last, verified without the server."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import FilePayload, Page, Route, expect

from tests.browser.phones import assert_for_gloves, phone
from tests.support.installing import PlannedSite, planned_site
from tests.support.wire_station import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")
MAC = "00:24:B1:02:9F:91"
ID = "0024b1029f91"
BOX = f"/install/stations/{ID}"
STATUS = {"connectorId": 1, "status": "Available", "errorCode": "NoError"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PlannedSite]:
    """One box."""
    async with planned_site(tmp_path_factory.mktemp("hand-over"), MAC) as planned:
        yield planned


async def photographed(page: Page, item: str, folder: Path, shade: int) -> None:
    """Take a photo, as the camera of the phone gives it."""
    file = folder / f"{item}.jpg"
    Image.effect_noise((2400, 1800), shade).convert("RGB").save(file, "JPEG", quality=90)
    await page.set_input_files(f"#photo-{item}", file)


async def test_from_the_box_to_a_certificate_with_a_tester_and_no_car(
    site: PlannedSite, tmp_path: Path
) -> None:
    """The checklist turns while the page is open; a photo whose line broke goes on where it was."""
    breaks = 1

    async def flaky(route: Route) -> None:
        nonlocal breaks
        if breaks and "start=0" not in route.request.url:
            breaks -= 1
            await route.abort("connectionreset")
        else:
            await route.continue_()

    async with phone(site) as page:
        await page.goto(BOX)
        await page.click("button[value=begin]")
        await expect(page.locator(".step")).to_have_text("Étape 3 de 7")
        await page.check("[name=check-1]")
        await page.click("form[action$='/checks'] button")
        async with connected(f"{site.ocpp_url}/{ID}", "1.6", boots=False) as station:
            await station.ask("BootNotification", {"chargePointVendor": "Acme", "chargePointModel": "Uno"})
            await expect(page.locator("[data-item=boot]")).to_have_attribute("data-verdict", "passed")
            await expect(page.locator("body[data-turned]")).to_be_attached()
            await page.fill("#id_token", "BADGE-7")
            await page.click("form[action$='/test-window'] button")
            await expect(page.get_by_text("seul BADGE-7 peut charger")).to_be_visible()
            station.answers |= {"ClearCache": {"status": "Accepted"}}
            await station.ask("BootNotification", {"chargePointVendor": "Acme", "chargePointModel": "Uno"})
            await station.ask("StatusNotification", STATUS)
            start = {"connectorId": 1, "meterStart": 0, "timestamp": "2026-01-05T12:00:00Z"}
            refused = await station.ask("StartTransaction", start | {"idTag": "OTHER"})
            assert refused["idTagInfo"]["status"] != "Accepted", "a second token in the window"
            started = await station.ask("StartTransaction", start | {"idTag": "BADGE-7"})
            assert started["idTagInfo"]["status"] == "Accepted"
            stop = {"meterStop": 0, "timestamp": "2026-01-05T12:01:00Z", "idTag": "BADGE-7"}
            await station.ask("StopTransaction", stop | {"transactionId": started["transactionId"]})
            await expect(page.locator("[data-item=charge]")).to_have_attribute("data-verdict", "tester_only")
            await page.route("**/power-up/photo?*", flaky)
            await photographed(page, "label", tmp_path, 90)
            await expect(page.locator("#unsent-photos")).to_be_visible()
            await page.evaluate("dispatchEvent(new Event('online'))")
            await expect(page.locator(".photos .badge.ready")).to_be_visible()
            await assert_for_gloves(page)
            await page.fill("#handed_to", "Ann Roy")
            await page.click("button[value=finish]")
            await expect(page.get_by_text("Certificat de mise sous tension")).to_be_visible()
        files = {}
        for name, way in (
            ("cp.json", "certificate"),
            ("cp.pdf", "certificate.pdf?language=fr"),
            ("f.jsonl", "frames"),
        ):
            answer = await page.request.get(f"/api/v1/stations/{ID}/power-up/{way}")
            files[name] = tmp_path / name
            files[name].write_bytes(await answer.body())
        sent = await (await page.request.get(f"/api/v1/stations/{ID}/power-up/photos")).json()
        picture = await page.request.get(f"/api/v1/stations/{ID}/power-up/photo?sha256={sent[0]['sha256']}")
        (tmp_path / "label.jpg").write_bytes(await picture.body())
        await verified_offline(page, files, tmp_path)


async def verified_offline(page: Page, files: dict[str, Path], folder: Path) -> None:
    """Whole, with its frames and its photo; then each of them changed."""
    await page.goto("/install/verify", wait_until="networkidle")
    assert await page.evaluate("window.isSecureContext")
    await page.context.set_offline(True)
    answer = page.locator("#verified .verdict")

    async def told(certificate: bytes, beside: dict[str, bytes]) -> str:
        rest = [FilePayload(name=name, mimeType="x/y", buffer=each) for name, each in beside.items()]
        await page.evaluate("document.getElementById('verified').replaceChildren()")
        await page.set_input_files("#certificate", FilePayload(name="c", mimeType="x/y", buffer=certificate))
        await page.set_input_files("#beside", rest)
        await page.click("#verify button")
        await expect(answer).to_be_visible()
        return await page.inner_text("#verified")

    document, pdf = files["cp.json"].read_bytes(), files["cp.pdf"].read_bytes()
    frames, photo = files["f.jsonl"].read_bytes(), (folder / "label.jpg").read_bytes()
    lines = frames.splitlines(keepends=True)
    for good in (document, pdf):
        text = await told(good, {"f.jsonl": frames, "label.jpg": photo})
        assert "Valide" in text, text
        assert "essayé sans voiture, 0" in text
    for certificate, beside, why in (
        (document.replace(b"Acme", b"Acne"), {}, "quelque chose a été changé"),
        (document.replace(b'":"', b'": "', 1), {}, "octet pour octet"),
        (pdf.replace(b"/Title", b"/Titel", 1), {}, "Le PDF a été changé"),
        (document, {"f.jsonl": b"".join(lines[:2] + lines[3:])}, "La trame 2 manque"),
        (document, {"f.jsonl": frames.replace(ID.encode(), b"other", 1)}, "autre borne, other"),
        (document, {"label.jpg": photo + b"x"}, "n'est pas la photo qui a été prise"),
    ):
        text = await told(certificate, beside)
        assert "Refusé" in text
        assert why in text, text
    await page.context.set_offline(False)


async def test_without_script_of_its_own_the_server_verifies(site: PlannedSite) -> None:
    """A browser that knows no Ed25519 sends the form."""
    async with phone(site) as page:
        await page.add_init_script("delete crypto.__proto__.subtle")
        await page.goto("/install/verify")
        await page.set_input_files("#certificate", FilePayload(name="c", mimeType="x/y", buffer=b"{}"))
        await page.click("#verify button")
        await expect(page.locator("#verified .verdict")).to_have_text("Refusé.")
        assert re.search(r"/install/verify$", page.url)
