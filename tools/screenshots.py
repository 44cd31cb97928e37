"""`make screenshots`: every page as people see it, phone and desktop, light and dark, French and English.

They go into `var/screenshots/`.

It starts a server of its own with the demo's stations, in a temporary folder and on free ports, and looks at
it with the system's Chromium.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "var" / "screenshots"
WIDTHS = {"phone": (390, 844), "desktop": (1440, 900)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = {"fr": "fr-CA", "en": "en-CA"}
STATION = "a.station-link, .station .who a"
PAGES = {
    "login": "/login",
    "today": "/",
    "stations": "/stations",
    "stations-none": "/stations?q=nobody",
    "station": "{station}",
    "station-unknown": "/stations/nobody",
    "command": "{station}/commands/change-availability",
    "command-raw": "{station}/commands/raw",
    "timeline": "{station}/timeline",
    "wire-log": "{station}/messages",
    "wire-diagram": "{station}/messages?view=diagram",
    "transactions": "/transactions?state=all",
    "transaction": "{transaction}",
    "sites": "/sites",
    "site": "{site}",
    "site-new": "/sites/new",
    "site-hours": "{site}/hours",
    "site-list": "{site}/list",
    "tariffs": "/tariffs",
    "tariff-new": "/tariffs/new",
    "tariff-night": "/tariffs/new?ready=night",
    "orders": "/orders",
    "order-new": "/orders/new",
    "jobs": "/jobs",
    "job-new": "/jobs/new?site={site_id}",
    "bench": "/bench",
    "people": "/people",
    "people-invite": "/people/invite",
    "people-one": "/people/program/first",
    "attempts": "/attempts",
    "quarantine": "/quarantine",
    "install": "/install",
    "install-claim": "/install/claim",
}
WAIT_MS = 60_000


def main() -> None:
    """Take them all, or those whose name contains what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wanted", nargs="?", default="", help="part of a picture's name")
    wanted = parser.parse_args().wanted
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Install Chromium first: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo_server() as (url, token), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"{take_all(browser, url, token, wanted)} pictures in {FOLDER}")
        browser.close()


@contextmanager
def demo_server() -> Iterator[tuple[str, str]]:
    """A server with three simulated stations: its URL, and a token of an administrator."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "borne", "up", "--demo", "--http-port", "0", "--ocpp-port", "0"]
        environment = {**os.environ, "BORNE_VAR": folder, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            yield _url(process), (Path(folder) / "token").read_text(encoding="utf-8").strip()
        finally:
            process.terminate()
            process.wait()


def _url(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"https?://[\d.]+:\d+(?=/?\s|$)", line):
            return found.group()
    raise SystemExit("The server did not start.")


def take_all(browser: Browser, url: str, token: str, wanted: str) -> int:
    """How many were taken."""
    count, places = 0, found_places(browser, url, token)
    for (language, locale), (width, size), theme in product(LANGUAGES.items(), WIDTHS.items(), THEMES):
        context = browser.new_context(
            base_url=url,
            locale=locale,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
        )
        page = context.new_page()
        for name, path in PAGES.items():
            picture = FOLDER / f"{name}-{width}-{theme}-{language}.png"
            if wanted in picture.name:
                if name != "login":
                    log_in(page, token)
                page.goto(path.format_map(places))
                page.screenshot(path=picture, full_page=True)
                count += 1
        context.close()
    return count


def found_places(browser: Browser, url: str, token: str) -> dict[str, str]:
    """Where the first station, transaction and site have their pages, once there are some."""
    page = browser.new_context(base_url=url).new_page()
    log_in(page, token)
    page.goto("/stations")
    page.locator(STATION).first.wait_for(timeout=WAIT_MS)
    station = page.locator(STATION).first.get_attribute("href") or "/"
    page.goto(station)
    page.locator(".transactions a").first.wait_for(timeout=WAIT_MS)
    transaction = page.locator(".transactions a").first.get_attribute("href") or "/"
    page.goto("/sites")
    site = page.locator(".whole").first.get_attribute("href") or "/"
    site_id = site.rpartition("/")[2]
    return {"station": station, "transaction": transaction, "site": site, "site_id": site_id}


def log_in(page: Page, token: str) -> None:
    """Unless that was done."""
    if not any(each.get("name") == "borne_session" for each in page.context.cookies()):
        page.goto("/login")
        page.fill("#password", token)
        page.click("form[method=post] > button")
        page.wait_for_url("**/")


if __name__ == "__main__":
    main()
