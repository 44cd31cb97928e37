"""How whoever reads a hint calls this program: what they can copy works where they are."""

import shlex
import shutil
import sys
from pathlib import Path

from borne.addresses import local_http_url
from borne.settings import ServerSettings
from runtime.client import DEFAULT_TOKEN_FILE, DEFAULT_URL

NAME = "borne"
_PLACES = ("ocpp_port", "tls_port", "http_port", "var")
"""Settings that say where a server is to be found: a hint to start it anew keeps them."""


def this_program(program: str | None = None) -> str:
    """`borne` where the shell finds this one by that name, else its path (`.venv/bin/borne` in a clone)."""
    path = Path(program or sys.argv[0])
    if path.name != NAME:
        return f"{Path(sys.executable).name} -m {NAME}"
    found = shutil.which(NAME)
    return NAME if found is not None and Path(found).samefile(path) else str(path)


def command_for(settings: ServerSettings, program: str | None = None) -> str:
    """The same, with what it needs to find the server that these settings make."""
    return command_at(local_http_url(settings.listen, settings.http_port), settings.var, program)


def command_at(url: str, var: Path, program: str | None = None) -> str:
    """The same, with what it needs to ask the server at `url`, whose files are in `var`."""
    needed = {
        "BORNE_API": "" if url == DEFAULT_URL else url,
        "BORNE_VAR": "" if var == DEFAULT_TOKEN_FILE.parent else str(var),
    }
    given = (f"{name}={shlex.quote(value)}" for name, value in needed.items() if value)
    return " ".join([*given, this_program(program)])


def up_command(
    settings: ServerSettings,
    *,
    listen: str | None = None,
    database_url: str | None = None,
    program: str | None = None,
) -> str:
    """How to start the same server, ports, folder and database, on another address or with another database.

    Of a password only the place is shown.
    """
    usual = ServerSettings.model_fields
    given = {name: getattr(settings, name) for name in _PLACES}
    given = {name: value for name, value in given.items() if value != usual[name].default}
    if listen is not None:
        given = {"listen": listen, **given}
    if database_url is None and settings.database_url is not None:
        database_url = settings.database_url.get_secret_value()
    if database_url is not None:
        from runtime.database import url_without_password

        given["database_url"] = url_without_password(database_url)
    options = (f" --{name.replace('_', '-')} {shlex.quote(str(value))}" for name, value in given.items())
    return f"{this_program(program)} up{''.join(options)}"
