"""Somebody at the console with a real browser: logged in by keyboard, and every fault of a script noted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

AXE = (Path(__file__).parents[1] / "browser" / "axe" / "axe.min.js").read_text(encoding="utf-8")
PATIENCE_MS = 120_000
"""A loaded machine is slow; nothing waits for so long where it is not."""
expect.set_options(timeout=PATIENCE_MS)
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SERIOUS = frozenset({"critical", "serious", "moderate"})
AXE_RUN = """async (rules) => {
  const found = await axe.run(document, { resultTypes: ["violations"], ...rules });
  const told = (each) => [each.impact, each.id, each.nodes.map((node) => node.html).join(" ")];
  return found.violations.map(told);
}"""
NOTE_FOCUS = """() => {
  window.reached = new Set();
  document.addEventListener("focusin", (event) => window.reached.add(event.target.name || event.target));
  document.activeElement.blur();
}"""
CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']"
NOT_REACHED = """(controls) => [...document.querySelectorAll(controls)]
  .filter((each) => each.checkVisibility() && each.type !== "hidden" && !each.disabled)
  .filter((each) => !window.reached.has(each.name || each)).map((each) => each.outerHTML)"""
COUNT = (
    "() => document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]').length"
    " + 3 * document.querySelectorAll('[type=date], [type=time]').length"
)
"""As often as Tab has to be pressed: a date and a time have their parts and a calendar or a clock."""


@asynccontextmanager
async def visitor(browser: Browser, url: str, token: str, **more: Any) -> AsyncIterator[BrowserContext]:
    """Somebody's browser, logged in. A script's fault fails the test, and so does a request to elsewhere."""
    faults: list[str] = []
    options = {"viewport": DESK, "locale": "en-CA"} | more
    context = await browser.new_context(base_url=url, **options)
    context.set_default_timeout(PATIENCE_MS)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda told: faults.append(told.text) if _is_fault(told) else None)
    context.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith(url) else None)
    page = await context.new_page()
    await page.goto("/")
    await log_in(page, token)
    await page.close()
    try:
        yield context
    finally:
        await context.close()
    assert faults == []


def _is_fault(message: ConsoleMessage) -> bool:
    """A script's, or of the policy; what a server refuses is told there too, and is a page of its own."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


async def log_in(page: Page, token: str) -> None:
    """By keyboard: the name is where one begins."""
    await expect(page.locator("#name")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.type(token)
    await page.keyboard.press("Enter")
    await page.locator(".account").wait_for()


async def violations(page: Page, **rules: Any) -> list[str]:
    """What axe finds serious or moderate on a page, in a context that was given AXE."""
    found = await page.evaluate(AXE_RUN, rules)
    return [f"{page.url} {name}: {nodes}" for impact, name, nodes in found if impact in SERIOUS]


async def not_reached(page: Page) -> list[str]:
    """The controls of a page that Tab never gets to."""
    await page.evaluate(NOTE_FOCUS)
    for _ in range(await page.evaluate(COUNT, CONTROLS)):
        await page.keyboard.press("Tab")
    return list(await page.evaluate(NOT_REACHED, CONTROLS))
