"""`borne station`: one simulated station against any central system."""

import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from borne.terminal import Terminal, complain, one_line
from runtime.chance import SystemChance
from runtime.clock import Clock, ScaledClock, SystemClock
from runtime.lifecycle import run_process
from simulator.connection.address import split_address
from simulator.errors import AddressError, SimulatorError, StateFileError, TemplateError
from simulator.model.template import StationTemplate, identify, load_template, shipped_templates

if TYPE_CHECKING:
    from simulator.station.station import Station

CANNOT_RUN = 3
DEFAULT_URL = "ws://127.0.0.1:9000/ocpp"

Address = Annotated[
    str | None,
    typer.Argument(
        help="The whole address, station id included: ws://HOST:9000/ocpp/ID.", show_default=False
    ),
]
Url = Annotated[str, typer.Option(help="Where stations connect, without a station id.")]
Template = Annotated[
    str, typer.Option("--template", "-t", help="What kind of station: see --list, or a .yaml file.")
]
Listing = Annotated[bool, typer.Option("--list", help="Show the templates and leave.")]
StationName = Annotated[
    str | None, typer.Option("--id", help="Station id; by default its MAC.", show_default=False)
]
MacOption = Annotated[str | None, typer.Option(help="MAC; by default one is made up.", show_default=False)]
Vendor = Annotated[str | None, typer.Option(help="Instead of the template's.", show_default=False)]
Model = Annotated[str | None, typer.Option(help="Instead of the template's.", show_default=False)]
Serial = Annotated[str | None, typer.Option(help="By default made from the MAC.", show_default=False)]
Firmware = Annotated[str | None, typer.Option(help="Instead of the template's.", show_default=False)]
Password = Annotated[
    str | None,
    typer.Option(
        envvar="BORNE_STATION_PASSWORD",
        help="Basic auth password; one that the server has changed since is in --state.",
        show_default=False,
    ),
]
Plugged = Annotated[bool, typer.Option("--plug", help="Put a car's cable in once it is accepted.")]
Token = Annotated[
    str | None, typer.Option(help="Hold this token to the reader once it is accepted.", show_default=False)
]
Fast = Annotated[float, typer.Option(min=0.01, help="How many times as fast its clock runs.")]
StatePath = Annotated[
    Path | None,
    typer.Option("--state", help="Where it keeps what outlives a power cut.", show_default=False),
]
CaFile = Annotated[
    Path | None, typer.Option("--ca", help="Certificate to trust, for wss://.", show_default=False)
]
Seconds = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        help="Leave after so long, the start of some 2 s included; by default never.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
Frames = Annotated[bool, typer.Option("--frames/--no-frames", help="Show the messages on the wire.")]


def station(
    address: Address = None,
    *,
    url: Url = DEFAULT_URL,
    template: Template = "ac-16",
    is_listing: Listing = False,
    station_id: StationName = None,
    mac: MacOption = None,
    vendor: Vendor = None,
    model: Model = None,
    serial: Serial = None,
    firmware: Firmware = None,
    password: Password = None,
    is_plugged: Plugged = False,
    token: Token = None,
    fast: Fast = 1.0,
    state: StatePath = None,
    ca: CaFile = None,
    seconds: Seconds = None,
    as_json: AsJson = False,
    frames: Frames = True,
) -> None:
    """Run one simulated station against any central system, and show what it says and hears.

    On a terminal it takes commands while it runs: `plug`, `token TAG`, `unplug`, `fault`, `reset`,
    `power off`, `call ACTION JSON`, `help`.

    Exit code 0 after `quit`, or --seconds with the station accepted (and the token, if one was given); 1 if
    not; 2 for wrong usage; 3 if it never connected; 130 after Ctrl-C.
    """
    from borne.station_cli.log_lines import JsonLines, PeopleLines
    from borne.station_cli.one_station import StationRun, StationRunOptions

    if is_listing:
        Terminal().print(templates_table())
        return
    if address is not None:
        url, station_id = split_or_refuse(address, station_id)
    names = {"vendor": vendor, "model": model, "serial": serial, "firmware": firmware}
    identity = {"station_id": station_id, "mac": mac} | names
    made = _station(
        template_or_refuse(template),
        identity,
        url,
        clock=clock_of(fast),
        state=state,
        password=password,
        tls=trust(ca),
    )
    console = Terminal()
    lines = JsonLines(console) if as_json else PeopleLines(console, shows_frames=frames)
    if not as_json and sys.stdin.isatty():
        lines.print_text("Type help for what you can do to the station; quit or Ctrl-C leaves.")
    run_options = StationRunOptions(is_plugged=is_plugged, id_token=token, seconds=seconds)
    raise typer.Exit(run_process(StationRun(made, lines, run_options).run))


def _station(
    kind: StationTemplate,
    identity: dict[str, str | None],
    url: str,
    *,
    clock: Clock,
    state: Path | None,
    password: str | None,
    tls: ssl.SSLContext | None,
) -> "Station":
    """The station that was asked for. Raises typer.BadParameter, typer.Exit."""
    from simulator.model.stored_state import StateFile
    from simulator.station.station import Station

    chance = SystemChance()
    try:
        return Station(
            kind,
            identify(kind, chance=chance, **identity),
            url=url,
            clock=clock,
            chance=chance,
            state_file=StateFile(state) if state is not None else None,
            password=password,
            tls=tls,
        )
    except StateFileError as error:
        raise cannot_run(str(error)) from None
    except SimulatorError as error:
        raise typer.BadParameter(str(error)) from None


def split_or_refuse(address: str, station_id: str | None) -> tuple[str, str]:
    """(endpoint, station id) of a whole address. Raises typer.BadParameter."""
    try:
        url, named = split_address(address)
    except AddressError as error:
        raise typer.BadParameter(str(error)) from None
    if station_id not in (None, named):
        raise typer.BadParameter(f"the address names station {named}, --id names {station_id}: give one")
    return url, named


def template_or_refuse(name: str) -> StationTemplate:
    """A template. Raises typer.BadParameter."""
    try:
        return load_template(name)
    except TemplateError as error:
        raise typer.BadParameter(str(error)) from None


def clock_of(fast: float) -> Clock:
    """The machine's clock, or one that runs `fast` times as fast."""
    return SystemClock() if fast == 1.0 else ScaledClock(fast)


def trust(ca: Path | None) -> ssl.SSLContext | None:
    """A TLS context that trusts the certificates in a file. Raises typer.BadParameter."""
    if ca is None:
        return None
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        raise typer.BadParameter(f"--ca {ca}: {error}") from None


def cannot_run(text: str) -> typer.Exit:
    """The error in red, and the exit to raise."""
    complain(text)
    return typer.Exit(CANNOT_RUN)


def templates_table() -> Table:
    """The templates that ship with the program."""
    table = Table("template", "OCPP", "vendor", "model", "EVSEs", "what it is", title="Station templates")
    for name, kind in shipped_templates().items():
        cells = (name, kind.version, kind.vendor, kind.model, str(len(kind.evses)), kind.description)
        table.add_row(*(one_line(cell) for cell in cells))
    return table
