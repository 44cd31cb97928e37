"""How whoever reads a hint calls this program: what they can copy works where they are."""

import shutil
import sys
from pathlib import Path

from borne.addresses import local_http_url
from borne.settings import ServerSettings
from runtime.client import DEFAULT_TOKEN_FILE, DEFAULT_URL

NAME = "borne"


def this_program(program: str | None = None) -> str:
    """`borne` where the shell finds this one by that name, else its path (`.venv/bin/borne` in a clone)."""
    path = Path(program or sys.argv[0])
    if path.name != NAME:
        return f"{Path(sys.executable).name} -m {NAME}"
    found = shutil.which(NAME)
    return NAME if found is not None and Path(found).samefile(path) else str(path)


def command_for(settings: ServerSettings, program: str | None = None) -> str:
    """The same, with what it needs to find the server that these settings make."""
    url = local_http_url(settings.listen, settings.http_port)
    needed = {
        "BORNE_API": "" if url == DEFAULT_URL else url,
        "BORNE_VAR": "" if settings.var == DEFAULT_TOKEN_FILE.parent else str(settings.var),
    }
    return " ".join([*(f"{name}={value}" for name, value in needed.items() if value), this_program(program)])
