"""The console in a real browser: live without a reload, by keyboard, for everybody, small."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Response, expect

from borne.app import running_server
from borne.settings import ServerSettings
from tests.support.browsing import AXE, DESK, PHONE, log_in, not_reached, violations, visitor
from tests.support.chromium import chromium
from tests.support.server import LiveServer, live_server
from tests.support.wire_station import AGREED, WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")
FIRST_VIEW_BYTES = 150_000
"""On the wire, until a page can be used by somebody who was never here."""
TABS = 10
LONG_AGO, NOON = "2013-01-01T00:00:00Z", "2026-11-24T12:00:00Z"
KEPT = (
    "INSERT INTO quarantine (station_id, epoch, raw, reason, received_at) "
    "VALUES ('shown', 1, CAST('{}' AS BLOB), 'TypeConstraintViolation', 1764000000000000)"
)
HELD = "UPDATE transactions SET review = 'held' WHERE station_id = 'shown' AND ended_at IS NOT NULL"


@dataclass
class Shown:
    """A server with pages, a station that is there, and somebody who looks."""

    server: LiveServer
    station: WireStation
    browser: Browser
    desk: BrowserContext
    number: int
    """Of the transaction that waits for a person."""

    @property
    def url(self) -> str:
        """Where the pages are."""
        return self.server.running.http_url

    async def tell(self, status: str, error: str = "NoError") -> None:
        """The connector has changed."""
        payload = {"connectorId": 1, "errorCode": error, "status": status}
        await self.station.ask("StatusNotification", payload)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shown(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shown]:
    """One server, one browser; a transaction that is held, and a message in quarantine that reads today."""
    answers = {"Reset": AGREED, "UnlockConnector": {"status": "Unlocked"}}
    async with (
        chromium() as browser,
        live_server(tmp_path_factory.mktemp("pages"), has_console=True) as server,
        server.station("shown", answers=answers) as station,
        server.station("other", "2.0.1"),
        visitor(browser, server.running.http_url, server.running.token) as desk,
    ):
        number = await _charged(station, LONG_AGO)
        running = await _begun(station, NOON)
        stop = {"transactionId": running, "meterStop": 3000.7, "timestamp": NOON}
        server.write(KEPT.format(json.dumps([2, "old", "StopTransaction", stop])))
        server.write(HELD)
        yield Shown(server, station, browser, desk, number)


async def _begun(station: WireStation, at: str) -> int:
    payload = {"connectorId": 1, "idTag": "A", "meterStart": 1000, "timestamp": at}
    return int((await station.ask("StartTransaction", payload))["transactionId"])


async def _charged(station: WireStation, at: str) -> int:
    number = await _begun(station, at)
    now = datetime.now(UTC).isoformat()
    await station.ask("StopTransaction", {"transactionId": number, "meterStop": 1100, "timestamp": now})
    return number


def paths(number: int) -> tuple[str, ...]:
    """Every kind of page."""
    return (
        "/",
        "/stations",
        "/stations?q=nobody",
        "/stations/shown",
        "/stations/other",
        "/stations/nobody",
        "/stations/shown/messages",
        "/stations/shown/messages?view=diagram",
        "/stations/shown/timeline",
        "/stations/shown/files",
        "/stations/shown/commands/reset",
        "/stations/shown/commands/raw",
        "/transactions?state=all",
        f"/transaction?station=shown&id={number}",
        "/tariffs",
        "/tariffs/new",
        "/tariffs/new?ready=night",
        "/attempts",
        "/quarantine",
        "/quarantine/1",
        "/jobs",
        "/jobs/new",
        "/bench",
        "/people",
        "/people/invite",
        "/people/new-person",
        "/people/program/first",
        "/install",
        "/install/claim",
    )


async def opened(context: BrowserContext, path: str) -> Page:
    """A page that has not been loaded again as long as its mark is there. Where it follows news, it does so
    already: what happens before shows ten seconds later.
    """
    page = await context.new_page()
    await page.goto(path)
    if await page.locator("[data-topics]:not([data-topics=''])").count():
        await page.locator("html[data-live]").wait_for(state="attached")
    await page.evaluate("window.mark = 1")
    return page


async def is_the_same(page: Page) -> bool:
    """Whether it was never loaded again."""
    return bool(await page.evaluate("window.mark === 1"))


async def test_a_status_changes_without_a_reload(shown: Shown) -> None:
    page = await opened(shown.desk, "/stations")
    row = page.locator("#station-shown")
    await shown.tell("Faulted", "GroundFailure")
    await expect(row.locator(".badge.faulted")).to_be_visible()
    await shown.tell("Available")
    await expect(row.locator(".badge.faulted")).to_have_count(0)
    assert await is_the_same(page)
    await page.close()


async def test_filters_work_while_one_types_and_stand_in_the_address(shown: Shown) -> None:
    page = await opened(shown.desk, "/stations")
    await expect(page.locator(".station")).to_have_count(2)
    await page.locator("[name=q]").press_sequentially("OTH")
    await expect(page.locator(".station")).to_have_count(1)
    assert page.url.endswith("/stations?q=OTH")
    assert await is_the_same(page)
    await page.locator("[name=q]").fill("nobody")
    await page.locator(".empty a").press("Enter")
    await expect(page.locator(".station")).to_have_count(2)
    await page.close()


async def test_a_dangerous_command_is_confirmed_sent_and_answered(shown: Shown) -> None:
    """By keyboard alone; without the tick nothing is sent."""
    page = await opened(shown.desk, "/stations/shown/commands/reset")
    send = page.locator("form.form button")
    await send.press("Enter")
    assert not [each for each in shown.station.asked if each[2] == "Reset"]
    await page.locator("[name=confirmed]").press("Space")
    await send.press("Enter")
    await expect(page.locator("#outcome .good")).to_contain_text("Accepted")
    assert len([each for each in shown.station.asked if each[2] == "Reset"]) == 1
    assert await is_the_same(page)
    await page.close()


async def test_the_wire_log_is_live_and_stands_still_when_told(shown: Shown) -> None:
    """What is open stays open."""
    page = await opened(shown.desk, "/stations/shown/messages?q=DataTransfer")
    rows = page.locator(".frames > li")
    await expect(rows).to_have_count(0)
    await shown.station.ask("DataTransfer", {"vendorId": "first"})
    await expect(rows).to_have_count(1)
    await rows.first.locator("summary").press("Enter")
    await expect(rows.first.locator("pre").first).to_contain_text('"vendorId": "first"')
    pause = page.locator("[data-pause]")
    await pause.press("Space")
    await expect(pause).to_have_attribute("aria-pressed", "true")
    await shown.station.ask("DataTransfer", {"vendorId": "second"})
    other = await opened(shown.desk, "/stations/shown/messages?q=second")
    await expect(other.locator(".frames > li")).to_have_count(1)
    await expect(rows).to_have_count(1)
    await pause.press("Space")
    await expect(rows).to_have_count(2)
    await expect(rows.last.locator("pre").first).to_be_visible()
    assert await is_the_same(page)
    await page.close()
    await other.close()


async def test_a_person_decides_about_a_transaction(shown: Shown) -> None:
    page = await opened(shown.desk, "/transactions")
    await page.locator(".list a").first.press("Enter")
    await page.locator("[name=decision][value=accept]").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await page.locator("[name=reason]").press_sequentially("the clock was wrong")
    await page.keyboard.press("Enter")
    await expect(page.locator(".done")).to_be_visible()
    found = await shown.server.get(f"/transactions/{shown.number}", station="shown")
    assert found["review"] == "accepted"
    await page.close()


async def test_everybody_can_use_every_page(shown: Shown) -> None:
    """axe finds nothing, light and dark, wide and narrow, in both languages; Tab gets to every control."""
    found: list[str] = []
    for locale, size in (("fr-CA", DESK), ("en-CA", PHONE)):
        token = shown.server.running.token
        async with visitor(shown.browser, shown.url, token, locale=locale, viewport=size) as context:
            await context.add_init_script(AXE)
            page = await context.new_page()
            for path in paths(shown.number):
                await page.goto(path)
                found += await violations(page)
                await page.emulate_media(color_scheme="dark")
                found += await violations(page, runOnly=["color-contrast"])
                await page.emulate_media(color_scheme="light")
                found += [f"{path} out of reach: {each}" for each in await not_reached(page)]
                width = await page.evaluate("document.documentElement.scrollWidth")
                found += [f"{path} is {width} px wide"] if width > size["width"] else []
    assert found == []


async def test_a_tariff_is_looked_at_and_saved(shown: Shown) -> None:
    """By keyboard alone: Enter shows what it costs, never saves; axe finds nothing in the preview."""
    token, found = shown.server.running.token, []
    async with visitor(shown.browser, shown.url, token, locale="fr-CA", viewport=PHONE) as context:
        await context.add_init_script(AXE)
        page = await context.new_page()
        await page.goto("/tariffs/new?ready=idle")
        await page.locator("[name=name]").press_sequentially("Quai")
        await page.locator("[name=name]").press("Enter")
        await expect(page.locator("#preview h2")).to_have_text(re.compile(r"Cela coûte 6,44\s\$"))
        assert await shown.server.get("/tariffs") == []
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            found += await violations(page)
        found += await not_reached(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        await page.locator("#preview [value=save]").press("Enter")
        await expect(page.locator(".done")).to_be_visible()
    assert found == []
    assert [each["name"] for each in await shown.server.get("/tariffs")] == ["Quai"]


async def test_a_message_is_taken_in(shown: Shown) -> None:
    page = await opened(shown.desk, "/quarantine")
    await page.locator(".list a").first.press("Enter")
    await page.locator("[name=reason]").press_sequentially("it reads today")
    await page.locator("[value=take-in]").press("Enter")
    await expect(page.locator(".done")).to_be_visible()
    assert await shown.server.get("/quarantine", state="waiting") == []
    await page.close()


async def test_the_first_view_is_small(shown: Shown) -> None:
    """For somebody who was never here, with the login."""
    answers: list[Response] = []
    context = await shown.browser.new_context(base_url=shown.url)
    context.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - a builtin is refused
    page = await context.new_page()
    await page.goto("/")
    await log_in(page, shown.server.running.token)
    await page.locator(".is-scripted #now").wait_for()
    files = [each for each in answers if "/changes" not in each.url]
    sizes = {each.url: await each.request.sizes() for each in files}
    assert len(sizes) > 5, "both pages with their files"
    weights = {url: each["responseBodySize"] + each["responseHeadersSize"] for url, each in sizes.items()}
    assert sum(weights.values()) <= FIRST_VIEW_BYTES, weights
    await context.close()


async def test_ten_open_tabs_stay_usable(shown: Shown) -> None:
    """A browser opens six connections to a host: a stream for each tab would leave none for the seventh."""
    pages = [await opened(shown.desk, "/stations") for _ in range(TABS)]
    await shown.tell("Faulted", "GroundFailure")
    for page in pages:
        await expect(page.locator("#station-shown .badge.faulted")).to_be_visible()
    await pages[0].locator("#station-shown .who a").press("Enter")
    await expect(pages[0].locator("h1")).to_have_text("shown")
    await shown.tell("Available")
    for page in pages:
        await page.close()


async def test_a_restart_between_two_clicks_is_not_noticed(shown: Shown, tmp_path: Path) -> None:
    """Nothing of a page is in the process, and nobody logs in again."""
    settings: dict[str, Any] = {"var": tmp_path, "ocpp_port": 0, "http_port": 0}
    async with running_server(ServerSettings(**settings)) as server:
        url, token = server.http_url, server.token
        settings["http_port"] = int(url.rpartition(":")[2])
        looking = visitor(shown.browser, url, token)
        context = await looking.__aenter__()
        page = await opened(context, "/")
    async with running_server(ServerSettings(**settings)):
        await page.locator("nav a[href='/transactions']").press("Enter")
        await expect(page.locator("h1")).to_have_text("Transactions")
        await looking.__aexit__(None, None, None)
