"""Writes docs/reference/settings.md and docs/reference/commands.md from the settings and the command line.

Run: python -m tools.generate_reference [--check]. With --check nothing is written, and a stale page is named
with exit code 1.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import typer
from typer.cli import get_docs_for_click

from borne.cli import app
from borne.options import ENV_PREFIX
from borne.settings import ServerSettings

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
REMARK = "<!-- Written by tools/generate_reference.py; change the code, then run it. -->\n\n"


def settings_page() -> str:
    """One row per setting: its option, its variable, its default and what it does."""
    lines = [
        "# Settings of `borne up`",
        "",
        "The command line wins over the environment, and that over the default.",
        "",
        "| Option | Variable | Default | What it does |",
        "|---|---|---|---|",
    ]
    for name, field in ServerSettings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        option, variable = f"--{name.replace('_', '-')}", f"{ENV_PREFIX}{name.upper()}"
        lines.append(f"| `{option}` | `{variable}` | {default} | {field.description} |")
    return REMARK + "\n".join(lines) + "\n"


def commands_page() -> str:
    """What `--help` says, of every command."""
    command = typer.main.get_command(app)
    context = typer.Context(command, info_name="borne")
    text = get_docs_for_click(obj=command, ctx=context, name="borne", title="Commands")
    return REMARK + "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


PAGES: dict[str, Callable[[], str]] = {"settings.md": settings_page, "commands.md": commands_page}


def main(arguments: list[str]) -> int:
    """Write or check every page; the exit code."""
    stale = [name for name, render in PAGES.items() if _read(REFERENCE / name) != render()]
    if "--check" in arguments:
        for name in stale:
            print(f"docs/reference/{name} is not fresh: run python -m tools.generate_reference")
        return 1 if stale else 0
    for name in stale:
        (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/reference/{name}")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
