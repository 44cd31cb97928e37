"""A real browser: the system's Chromium, driven by Playwright; nothing is downloaded."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from tests.support.required import without

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ABSENT = "no Chromium on this machine (Debian: apt-get install chromium)"


@asynccontextmanager
async def chromium(*more: str) -> AsyncIterator[Browser]:
    """The browser, without a window; skips the test where there is none."""
    if CHROMIUM is None:
        without("browser", ABSENT)
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", *more]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        try:
            yield browser
        finally:
            await browser.close()
