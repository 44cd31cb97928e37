"""The installer's phone, in a real browser: the camera, the page without signal, the answer that was lost."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Page, Response, Route, expect

from console.assets import asset
from tests.browser.phones import PATIENCE_MS, PHONE, assert_for_gloves, log_in, phone
from tests.console.test_label_photo import code_picture
from tests.support.chromium import chromium
from tests.support.installing import PlannedSite, planned_site
from tests.support.labels import LABELS
from tests.support.pictures import picture_file

pytestmark = pytest.mark.asyncio(loop_scope="module")
MACS = [f"00:24:B1:02:9F:{number:02X}" for number in range(0x81, 0x88)]
USABLE_BYTES = 100_000
"""On the wire, until the first page below `/install` can be used."""
READER_BYTES = 150_000
"""What reads codes from the camera, fetched by the first tap."""
STATION_PAGE = re.compile(r"/install/stations/")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PlannedSite]:
    """A box for each test."""
    async with planned_site(tmp_path_factory.mktemp("phone"), *MACS) as planned:
        yield planned


async def fill_in(page: Page, site: PlannedSite, number: int) -> str:
    """The form of a box, as somebody types it; its MAC."""
    mac = MACS[number]
    await page.goto(f"/install/claim?job={site.job['job_id']}&place={site.places[number]}")
    await page.fill("#mac", mac.lower().replace(":", "-"))
    await page.fill("#code", site.codes[mac])
    return mac


async def claim(page: Page) -> None:
    """Send the form."""
    await page.click("form[data-outbox] > button")


def granted(mac: str) -> str:
    """As the list of claims names it."""
    return mac.replace(":", "").lower()


async def test_the_first_page_is_small_and_its_controls_suit_gloves(site: PlannedSite) -> None:
    fetched: list[Response] = []
    async with phone(site, keeps_pages=False) as page:
        page.on("response", lambda response: fetched.append(response))  # noqa: PLW0108 - a builtin is refused
        await page.goto("/install", wait_until="networkidle")
        sizes = [await each.request.sizes() for each in list(fetched)]
        weights = [each["responseBodySize"] + each["responseHeadersSize"] for each in sizes]
        assert 0 < sum(weights) <= USABLE_BYTES, weights
        await page.goto(f"/install/claim?job={site.job['job_id']}", wait_until="networkidle")
        await assert_for_gloves(page)


async def test_what_is_mistyped_is_told_while_it_is_typed(site: PlannedSite) -> None:
    async with phone(site) as page:
        await fill_in(page, site, 0)
        await expect(page.locator("#code-hint")).to_have_text("Le code est bien écrit.")
        code = await page.input_value("#code")
        await page.fill("#code", code[:-1] + ("7" if code[-1] != "7" else "8"))
        await expect(page.locator("#code-hint")).to_contain_text("faute de frappe")
        await page.fill("#mac", "0024B1029F8")
        await expect(page.locator("#mac-hint")).to_have_text("11 caractères; il y en a 12 ou 16.")
        await page.fill("#mac", "0024B1029FG1")
        await expect(page.locator("#mac-hint")).to_contain_text("lettres A à F")


async def test_a_phone_reads_labels_as_the_server_does(site: PlannedSite) -> None:
    """Without signal it reads them itself: the plain forms alike."""
    async with phone(site) as page:
        await page.goto("/install/claim")
        script = f"async text => (await import('{asset('install/label.js')}')).labelOf(text)"
        for text, mac, code in LABELS:
            assert await page.evaluate(script, text) == {"mac": mac, "code": code}, text


@pytest.mark.parametrize("kind", ["QRCode", "DataMatrix"])
async def test_the_camera_reads_the_label(site: PlannedSite, kind: str, tmp_path: Path) -> None:
    """Through Chromium's camera, which shows a film of the label; the reader comes with the first tap."""
    mac = MACS[0]
    film = tmp_path / "label.mjpeg"
    picture = Image.new("L", (640, 480), 120)
    picture.paste(
        code_picture(f"https://borne.example/install/claim?mac={mac}&code=7S9R-K7N99", kind, 7), (140, 60)
    )
    picture.convert("RGB").save(film, "JPEG", quality=95)
    film.write_bytes(film.read_bytes() * 20)
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    async with phone(site, *flags) as page:
        await page.goto("/install/claim", wait_until="networkidle")
        fetched: list[Response] = []
        page.on("response", lambda response: fetched.append(response))  # noqa: PLW0108 - a builtin is refused
        await page.click("#scan")
        await expect(page.locator("#scanned")).to_have_text("Étiquette lue.")
        assert await page.input_value("#mac") == mac.replace(":", "")
        assert await page.input_value("#code") == "7S9R-K7N99"
        await expect(page.locator("#camera"), "the camera is off again").to_be_hidden()
        (reader,) = [each for each in fetched if "zxing" in each.url]
        assert (await reader.request.sizes())["responseBodySize"] <= READER_BYTES


async def test_a_claim_without_signal_is_kept_and_goes_with_it_once(site: PlannedSite) -> None:
    """Also over a reload: the page opens from the phone."""
    async with phone(site) as page:
        await page.goto("/install", wait_until="networkidle")
        await page.evaluate("navigator.serviceWorker.ready")
        mac = await fill_in(page, site, 1)
        await page.context.set_offline(True)
        await claim(page)
        await expect(page.locator("#outbox")).to_contain_text(mac.lower().replace(":", "-"))
        await expect(page.locator("#away")).to_be_visible()
        await page.reload()
        await expect(page.locator("#outbox li")).to_have_count(1)
        assert granted(mac) not in await site.granted()
        await page.context.set_offline(False)
        await expect(page.locator("#outbox .sent")).to_be_visible()
        await page.click("#outbox a")
        await page.wait_for_url(STATION_PAGE)
        await page.reload()
        assert (await site.granted()).count(granted(mac)) == 1


async def test_a_station_is_shown_on_the_plan_of_its_floor(site: PlannedSite) -> None:
    """Tapped; the arrow keys move the mark; without signal too, once the job was taken along."""
    drawn = await site.team.put(
        f"/api/v1/sites/{site.form['site']}/plans?floor=P1", content=picture_file(600, 400)
    )
    assert drawn.is_success, drawn.text
    async with phone(site) as page:
        await page.goto("/install", wait_until="networkidle")
        await page.evaluate("navigator.serviceWorker.ready")
        await page.goto(f"/install/jobs/{site.job['job_id']}")
        await page.click("[data-take]")
        await expect(page.locator("[data-take]")).to_have_text("Emporté : s'ouvre sans réseau")
        mac = await fill_in(page, site, 6)
        await page.context.set_offline(True)
        await page.click(".plan-tap summary")
        plan = page.locator("button.plan")
        await expect(plan.locator("img")).to_have_js_property("naturalWidth", 600)
        box = await plan.bounding_box()
        assert box is not None
        await plan.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
        await plan.press("ArrowRight")
        await expect(page.locator(".plan-tap [role=status]")).to_have_text("Marquée sur le plan.")
        await page.context.set_offline(False)
        await claim(page)
        await page.wait_for_url(STATION_PAGE)
    places = (await site.team.get("/api/v1/places")).json()
    (place,) = [each for each in places if each["station_id"] == granted(mac)]
    assert (place["plan_x"], place["plan_y"]) == pytest.approx((0.27, 0.5), abs=0.02)
    assert place["floor"] == "P1"


async def test_a_claim_whose_answer_was_lost_is_one(site: PlannedSite) -> None:
    """The server has taken it; the phone does not know, and sends the same again."""
    is_lost = True

    async def lose(route: Route) -> None:
        nonlocal is_lost
        if is_lost and route.request.method == "POST":
            is_lost = False
            await route.fetch(max_redirects=0)
            await route.abort("connectionreset")
        else:
            await route.continue_()

    async with phone(site) as page:
        await page.route("**/install/claim", lose)
        mac = await fill_in(page, site, 2)
        await claim(page)
        await expect(page.locator("#outbox")).to_contain_text("Gardé sur le téléphone")
        assert (await site.granted()).count(granted(mac)) == 1
        await page.click("#outbox button")
        await expect(page.locator("#outbox .sent")).to_be_visible()
        assert (await site.granted()).count(granted(mac)) == 1


async def test_a_session_that_ended_without_signal_costs_nothing_that_was_typed(site: PlannedSite) -> None:
    async with phone(site) as page:
        mac = await fill_in(page, site, 3)
        await page.context.set_offline(True)
        await claim(page)
        await expect(page.locator("#outbox li")).to_have_count(1)
        await page.context.clear_cookies()
        await page.context.set_offline(False)
        await expect(page.locator("#outbox a")).to_have_text("Connexion")
        await page.click("#outbox a")
        await log_in(page)
        await expect(page.locator("#outbox .sent")).to_contain_text(mac.lower().replace(":", "-"))
        assert granted(mac) in await site.granted()


async def test_a_refused_claim_says_why_and_keeps_what_was_typed(site: PlannedSite) -> None:
    async with phone(site) as page:
        mac = await fill_in(page, site, 4)
        await page.fill("#code", site.codes[MACS[5]])
        await claim(page)
        await expect(page.locator("[role=alert]")).to_be_visible()
        assert await page.input_value("#mac") == mac.lower().replace(":", "-")
        assert await site.tries(granted(mac)) == 1, "sent as a script sends it, then as a form: one try"
        await page.fill("#code", site.codes[mac])
        await claim(page)
        await page.wait_for_url(STATION_PAGE)
        assert granted(mac) in await site.granted()


async def test_without_a_secure_context_the_page_says_so_and_works(site: PlannedSite) -> None:
    """By plain http under another name: no camera, no position; the photo of the label stays."""
    port = site.url.rpartition(":")[2]
    async with chromium("--host-resolver-rules=MAP garage.example 127.0.0.1") as browser:
        context = await browser.new_context(viewport=PHONE, locale="fr-CA")
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        await page.goto(f"http://garage.example:{port}/install/claim")
        await log_in(page)
        await expect(page.locator("#insecure")).to_be_visible()
        await expect(page.locator("#scan")).to_be_hidden()
        await expect(page.locator("#photo")).to_be_visible()
        await page.fill("#mac", MACS[5])
        await page.fill("#code", site.codes[MACS[5]])
        await page.fill("#name", "B2-11")
        await claim(page)
        await page.wait_for_url(STATION_PAGE)
        assert granted(MACS[5]) in await site.granted()
