"""Writes docs/reference/settings.md, commands.md and messages.md: from the settings, the command line, and
what becomes of what stations send.

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
from csms.gateway.reception import RECEPTIONS
from csms.gateway.refusals import REFUSALS
from ocppj.actions import Sender, actions_of
from ocppj.versions import OcppVersion

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


MESSAGES_HEAD = """# Messages of stations

What becomes of each request that a station can send, by OCPP version.

- **handled**: it has a meaning here; the block is built.
- **kept**: its answer decides nothing (the response has no required field), so it is answered, and stored as
  it came but for its secrets: `GET /api/v1/stations/{id}/kept?action=&request_id=`, `borne ctl kept ID`, the
  event `message.kept` ([events](events.md)). Of each station and action the newest
  `--kept-messages-per-action` stay, and at most 4 MiB; of all stations the newest 500,000. One that is sent
  again is answered again and kept once.
- **refused**: its answer decides something that is not built. It is the refusal that the specification gives,
  named with its clause; the link has the finding `no-handler:` with the action.
- A SEND (2.1) is kept and never answered.

Reports that a request of ours asks for (GetBaseReport, GetMonitoringReport, …) belong to its command by their
request id: `reports` in `GET /api/v1/stations/{id}/command-log` is `awaited`, then `complete`, or
`incomplete` where no part came for ten minutes; the event `command.reported` tells that all parts are there,
`command.unreported` that they stay incomplete.

What we ask stations for is taken before their boot is accepted (2.0.1 B02.FR.09, B03.FR.07). Requests that
only a central system sends get `NotSupported`.

| Action | 1.6 | 2.0.1 | 2.1 |
|---|---|---|---|
"""


def messages_page() -> str:
    """One row per action that a station can send."""
    versions = (OcppVersion.V16, OcppVersion.V201, OcppVersion.V21)
    actions = sorted({name for each in versions for name in sent_by_stations(each)})
    rows = [
        f"| {action} | {' | '.join(_treatment(version, action) for version in versions)} |"
        for action in actions
    ]
    return REMARK + MESSAGES_HEAD + "\n".join(rows) + "\n"


def sent_by_stations(version: OcppVersion) -> list[str]:
    """The actions of a version that a station can send."""
    return [each.name for each in actions_of(version).values() if each.sender is not Sender.CSMS]


def _treatment(version: OcppVersion, action: str) -> str:
    if action not in sent_by_stations(version):
        return ""
    reception, refusal = RECEPTIONS[version], REFUSALS[version].get(action)
    if reception.translation.knows(action):
        return "handled"
    if refusal is not None:
        return f"refused: {refusal.words} ({refusal.clause})"
    is_send = actions_of(version)[action].response is None
    if not reception.keeps(action, is_send=is_send):
        return "refused: `NotSupported`"
    return "kept (SEND)" if is_send else "kept"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "messages.md": messages_page,
}


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
