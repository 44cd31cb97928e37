"""Somebody's phone: Chromium at 390 px, logged in as the installer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from playwright.async_api import ConsoleMessage, Page, ViewportSize, expect

from tests.support.chromium import chromium
from tests.support.installing import INSTALLER, PASSWORD, PlannedSite

PHONE: ViewportSize = {"width": 390, "height": 844}
GLOVES_PX = 56
PATIENCE_MS = 120_000
"""A loaded machine is slow; nothing waits for so long where it is not."""
expect.set_options(timeout=PATIENCE_MS)


@asynccontextmanager
async def phone(site: PlannedSite, *flags: str, keeps_pages: bool = True) -> AsyncIterator[Page]:
    """Somebody's phone, after logging in. A script that fails fails the test, and so does another host.
    `keeps_pages`: a service worker may answer, which no byte is counted of.
    """
    faults: list[str] = []
    async with chromium(*flags) as browser:
        workers: Literal["allow", "block"] = "allow" if keeps_pages else "block"
        context = await browser.new_context(
            viewport=PHONE, locale="fr-CA", base_url=site.url, service_workers=workers
        )
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
        page.on(
            "request", lambda asked: faults.append(asked.url) if not asked.url.startswith(site.url) else None
        )
        await page.goto("/install")
        await log_in(page)
        yield page
    assert faults == []


def _is_fault(message: ConsoleMessage) -> bool:
    """A script's; what a server refuses, or cannot be reached for, is told there too."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


async def log_in(page: Page) -> None:
    """And on to where somebody wanted to go."""
    await page.fill("#name", INSTALLER)
    await page.fill("#password", PASSWORD)
    await page.click("main form > button")
    await page.wait_for_url("**/install**")


async def assert_for_gloves(page: Page) -> None:
    """No control of the page is under 56 px."""
    for control in await page.query_selector_all("main :is(button, a.button, input, select, summary)"):
        box = await control.bounding_box()
        kind = await control.get_attribute("type")
        if box is not None and kind not in ("hidden", "radio", "checkbox"):
            assert box["height"] >= GLOVES_PX, await control.evaluate("each => each.outerHTML")
