"""A site's manager with a browser: the site, its hours, what it costs, who may charge."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.browsing import AXE, DESK, PHONE, not_reached, violations
from tests.support.chromium import chromium
from tests.support.pictures import picture_file
from tests.support.server import LiveServer, live_server

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAME, PASSWORD = "maud", "maud-secret-1234"
TOKENS = "BADGE-1\nBADGE-2\n"


@dataclass
class Desk:
    """A server with pages, and the manager's browser."""

    server: LiveServer
    browser: Browser

    @property
    def url(self) -> str:
        """Where the pages are."""
        return self.server.running.http_url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """With a person who manages."""
    async with (
        chromium() as browser,
        live_server(tmp_path_factory.mktemp("manager"), has_console=True) as server,
    ):
        person = {"password": PASSWORD, "role": "manager"}
        answer = await server.api.put(f"/access/people/{NAME}", json=person)
        assert answer.is_success, answer.text
        yield Desk(server, browser)


async def logged_in(page: Page) -> None:
    """By name and password."""
    await page.goto("/login")
    await page.fill("#name", NAME)
    await page.fill("#password", PASSWORD)
    await page.click("main form > button")
    await page.locator(".account").wait_for()


async def test_a_site_is_opened_priced_and_its_list_kept(desk: Desk) -> None:
    """Each page leads to the next one; what was typed is what the API tells."""
    context = await desk.browser.new_context(base_url=desk.url, locale="fr-CA", viewport=PHONE)
    page = await context.new_page()
    await logged_in(page)
    await page.goto("/tariffs/new?ready=energy")
    await page.fill("[name=name]", "Au kWh")
    await page.click("[name=act][value=preview]")
    await page.click("#preview [value=save]")
    await expect(page.locator(".done")).to_be_visible()
    await page.goto("/sites")
    await page.click("a[href='/sites/new']")
    await page.fill("[name=name]", "Quai Nord")
    (tariff,) = await desk.server.get("/tariffs")
    await page.select_option("[name=tariff_id]", tariff["tariff_id"])
    await page.click("main form > button")
    await expect(page.locator("h1")).to_have_text("Quai Nord")
    site = (await desk.server.get("/sites"))[0]
    await page.click(f"a[href='/sites/{site['site_id']}/hours']")
    await page.check("[name=open][value=weekly]")
    await page.fill("[name=w0-0-opens]", "08:00")
    await page.fill("[name=w0-0-closes]", "18:00")
    await page.click("[name=act][value=same]")
    await page.click("p.acts > [name=act][value=save]")
    await expect(page.locator(".done")).to_be_visible()
    await page.goto(f"/sites/{site['site_id']}/list")
    await page.fill("[name=lines]", TOKENS)
    await page.check("[name=change][value=add]")
    await page.click("main form > button")
    await expect(page.locator(".done")).to_be_visible()
    await context.close()
    told = await desk.server.get(f"/sites/{site['site_id']}")
    assert told["tariff_id"] == tariff["tariff_id"]
    assert [len(day) for day in told["weekly"]] == [1] * 7
    assert told["tokens"] == 2


async def test_everybody_can_use_the_pages_of_a_site(desk: Desk) -> None:
    """axe finds nothing, light and dark, wide and narrow; Tab gets to every control."""
    site = await desk.server.post("/sites", {"name": "Quai Sud", "zone": "America/Toronto"}, 201)
    place = await desk.server.post("/places", {"site_id": site["site_id"], "name": "P1"}, 201)
    root = f"/sites/{site['site_id']}"
    drawn = await desk.server.api.put(f"{root}/plans", content=picture_file(600, 400))
    assert drawn.is_success, drawn.text
    await desk.server.api.patch(f"/places/{place['place_id']}", json={"plan_x": 0.5, "plan_y": 0.5})
    found: list[str] = []
    for locale, size in (("fr-CA", DESK), ("en-CA", PHONE)):
        context = await desk.browser.new_context(base_url=desk.url, locale=locale, viewport=size)
        await context.add_init_script(AXE)
        page = await context.new_page()
        await logged_in(page)
        for path in (
            "/sites",
            "/sites/new",
            root,
            f"{root}/change",
            f"{root}/hours",
            f"{root}/list",
            f"{root}/places/new",
            f"{root}/plans/new",
            f"/places/{place['place_id']}",
            "/orders",
            "/orders/new",
        ):
            answer = await page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            found += await violations(page)
            await page.emulate_media(color_scheme="dark")
            found += await violations(page, runOnly=["color-contrast"])
            await page.emulate_media(color_scheme="light")
            found += [f"{path} out of reach: {each}" for each in await not_reached(page)]
            width = await page.evaluate("document.documentElement.scrollWidth")
            found += [f"{path} is {width} px wide"] if width > size["width"] else []
        await context.close()
    assert found == []
