"""The bench in a real browser: a scenario that fails leads, by one link, to the frame that it failed on."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.console.test_bench_pages import FAILS
from tests.support.browsing import AXE, PHONE, violations, visitor
from tests.support.chromium import chromium
from tests.support.server import live_server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_failing_scenario_leads_to_its_frame(tmp_path: Path) -> None:
    """Started on the page, watched there without a reload, followed into the wire log; on a phone."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "fails.yaml").write_text(FAILS)
    async with (
        chromium() as browser,
        live_server(tmp_path, has_console=True, scenarios=tmp_path / "own") as server,
        visitor(browser, server.running.http_url, server.running.token, viewport=PHONE) as phone,
    ):
        await phone.add_init_script(AXE)
        page = await phone.new_page()
        await page.goto("/bench")
        await page.locator("select[name=scenario]").select_option("never-so")
        await page.locator("select[name=on]").select_option("sim:ac-16")
        await page.get_by_role("button", name="Play it").click()
        await expect(page.locator(".badge.faulted").first).to_be_visible()
        assert await violations(page) == []
        await page.get_by_role("link", name="Its frames in the wire log").click()
        await expect(page.locator(".frames").get_by_text("BootNotification").first).to_be_visible()
