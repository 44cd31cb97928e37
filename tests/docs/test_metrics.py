"""Metrics, alarms and what to do about them agree: alarms ask for what there is, and each has a paragraph."""

import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from tests.support.server import live_server
from tests.support.sources import ROOT
from tests.support.waiting import patient_http

PAGE = ROOT / "docs" / "reference" / "metrics.md"
ON_CALL = ROOT / "docs" / "howto" / "on-call.md"
ALERTS = ROOT / "deploy" / "alerts.yml"
HEADINGS_OF_OTHERS = {"The log"}
LINE = r'"((?:station|connector|command|server)_[a-z_]+)"'
PARTS = ("**What stations feel.**", "**Look", "**Safe.**")


def alerts() -> list[dict[str, Any]]:
    """Every rule of the file."""
    document = YAML(typ="safe").load(ALERTS.read_text(encoding="utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


def plain(name: str) -> str:
    """A series' metric: what Prometheus puts behind a histogram's name left out."""
    return re.sub(r"_(bucket|sum|count)$", "", name)


@pytest.fixture
async def scraped(tmp_path: Path) -> set[str]:
    """The names of all metrics of a server, in the form of its series."""
    async with live_server(tmp_path) as server:
        headers = {"Authorization": f"Bearer {server.running.token}"}
        async with patient_http(headers=headers) as http:
            text = (await http.get(f"{server.running.http_url}/metrics")).text
    return {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in text_string_to_metric_families(text)
    }


async def test_the_page_names_the_metrics_there_are(scraped: set[str]) -> None:
    """Neither more nor fewer."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == scraped


async def test_alarms_ask_for_metrics_there_are(scraped: set[str]) -> None:
    """A misspelt one would never ring."""
    wrong = {}
    for alert in alerts():
        names = set(re.findall(r"\b(?:borne|process)_\w+", alert["expr"]))
        assert names or alert["expr"].startswith("up{"), alert
        if unknown := {plain(name) for name in names} - scraped:
            wrong[alert["alert"]] = unknown
    assert wrong == {}


def test_each_alarm_has_a_paragraph_and_each_paragraph_an_alarm() -> None:
    """The link of the alarm leads to it; it says what stations feel, what to look at, and what is safe."""
    text = ON_CALL.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    names = [alert["alert"] for alert in alerts()]
    assert names == [name for name in sections if name not in HEADINGS_OF_OTHERS]
    for alert in alerts():
        body = " ".join(sections[alert["alert"]].split())
        assert all(part in body for part in PARTS), alert["alert"]
        assert alert["annotations"]["runbook_url"] == f"docs/howto/on-call.md#{alert['alert'].lower()}"
        assert alert["annotations"]["summary"]
        assert alert["labels"]["severity"] in ("page", "ticket")


def test_the_lines_of_the_log_are_named() -> None:
    """Every event that tells of a station, where it is written."""
    text = ON_CALL.read_text(encoding="utf-8")
    sources = ("csms/central/operator_log.py", "csms/gateway/gateway.py", "csms/gateway/registering.py")
    told = {
        name
        for source in sources
        for name in re.findall(
            r'"((?:station|connector|command|server)_[a-z_]+)"', (ROOT / source).read_text()
        )
    }
    told -= {"station_id", "command_id", "error_code", "connector_id"}
    assert {name for name in told if f"`{name}`" not in text} == set()
