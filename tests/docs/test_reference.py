"""What exists is documented: settings, commands, routes, error codes and events; links lead somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer

from borne.cli import app
from borne.settings import ServerSettings
from tests.support.sources import ROOT, project_files
from tools import generate_api_pages

REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    """A page of the reference; empty where it is missing, so that everything on it counts as undocumented."""
    path = REFERENCE / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def commands(command: Any, name: str) -> Iterator[str]:
    """Every command a person can type; groups have `commands`."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name
        return
    for word, each in inner.items():
        yield from commands(each, f"{name} {word}")


def test_every_setting_is_documented() -> None:
    """Its option and its variable."""
    text = page("settings.md")
    missing = [
        name
        for name in ServerSettings.model_fields
        if f"`--{name.replace('_', '-')}`" not in text or f"`BORNE_{name.upper()}`" not in text
    ]
    assert missing == []


def test_every_command_is_documented() -> None:
    """As a person types it."""
    found = list(commands(typer.main.get_command(app), "borne"))
    text = page("commands.md")
    assert "borne ctl token" in found
    assert [name for name in found if f"`{name}`" not in text] == []


def test_every_route_and_error_code_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    """The pages are those that the code gives."""
    assert generate_api_pages.main(["--check"]) == 0, capsys.readouterr().out
    assert "`GET /sites`" in page("api.md")
    assert "`role_required`" in page("errors.md")
    assert "`E_MAC_UNKNOWN`" in page("errors.md")


def test_routes_and_codes_are_found() -> None:
    """With the router's prefix, and with what is filled in left out."""
    code = """
router = ApiRouter(prefix="/orders")

@router.get("/{id}", status_code=200)
async def one(id):
    '''One order.

    More.'''
    raise Problem(404, "order_unknown", f"There is no order {id}.", "See GET /orders.")
"""
    tree = ast.parse(code)
    assert list(generate_api_pages.routes(tree)) == [("GET /orders/{id}", "One order.")]
    assert list(generate_api_pages.problems(tree)) == [
        ("404", "order_unknown", "There is no order ….", "See GET /orders.")
    ]


def test_the_readme_is_short_and_starts_with_the_two_commands() -> None:
    """At most 150 lines, and `make run` and `make test` in them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert "make run" in text
    assert "make test" in text


@pytest.mark.parametrize("path", sorted(project_files(".md")), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link of a page names a file that exists."""
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / unquote(link)).exists()] == []
