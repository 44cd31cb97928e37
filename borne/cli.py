"""The command line: `borne up`, `station`, `fleet`, `run`, `load`, `doctor`, `own-ca`, `ctl`,
`backup`, `restore`, `new-pepper`, `db`, `certificate`.

Exit codes: 0 done, 1 failed (a scenario, a station, a refused command), 2 wrong usage, 3 cannot run here
(port taken, folder not writable, server not reachable), 130 stopped by Ctrl-C.
"""

import os
import sys
from importlib import metadata
from typing import Annotated

import typer

from borne import ctl, ctl_leases, db_command
from borne.backup.commands import backup, new_pepper, restore
from borne.certificate import commands as certificate_commands
from borne.conform_command import conform
from borne.ctl_access import login, logout, member, members, no_member, organisation, person, program
from borne.ctl_history import connector_states, fleet_history
from borne.ctl_products import products
from borne.ctl_reservations import reservations
from borne.ctl_work import work
from borne.doctor.command import doctor
from borne.environment import known_variables, strange_variables
from borne.fleet_command import fleet
from borne.load_command import load
from borne.options import with_settings
from borne.own_ca.commands import own_ca
from borne.run_command import run
from borne.settings import ServerSettings
from borne.station_command import station
from borne.terminal import print_text
from runtime.lifecycle import loading

ABOUT = (
    "Bring EV charging stations to life: central system, provisioning server and simulator "
    "for OCPP 1.6, 2.0.1 and 2.1."
)

WRONG_USAGE = 2

app = typer.Typer(
    name="borne",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,  # locals hold secrets
)


@app.command()
@with_settings
def up(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Also start three simulated stations and lead them to a charge.")
    ] = False,
    settings: ServerSettings,
) -> None:
    """Start the server: stations on 9000, console and REST API on 8080, files in `var/`.

    It listens on this machine only; `--listen 0.0.0.0` opens it to the network and prints the URLs to type
    into a station. Stop it with Ctrl-C.
    """
    with loading():
        from borne.up import run_up

    raise typer.Exit(run_up(settings, demo=demo))


# In the order of `borne --help`.
app.command()(station)
app.command()(fleet)
app.command()(run)
app.command()(conform)
app.command()(load)
app.command()(doctor)
app.command("own-ca")(own_ca)
ctl.app.command("connector-states")(connector_states)
ctl.app.command("fleet-history")(fleet_history)
ctl.app.command()(products)
ctl.app.command()(reservations)
ctl.app.command()(work)
for each in (login, logout, person, program, organisation, members, member, no_member):
    ctl.app.command()(each)
ctl.app.add_typer(ctl_leases.app)
app.add_typer(ctl.app)
app.command()(backup)
app.command()(restore)
app.command("new-pepper")(new_pepper)
app.add_typer(db_command.app)
app.add_typer(certificate_commands.app)


def _print_version(is_wanted: bool) -> None:  # noqa: FBT001 - a callback has no names
    if is_wanted:
        print_text(f"borne {metadata.version('borne')}")
        raise typer.Exit


@app.callback(help=ABOUT)
def borne(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and leave.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Before any command."""


def main() -> None:
    """Entry point of the `borne` command."""
    strange = strange_variables(os.environ, known_variables(app))
    if strange:
        for text in strange:
            print_text(text, is_trouble=True)
        sys.exit(WRONG_USAGE)
    app()
