"""`borne ctl`: ask a running server, or tell it to do something, through its REST API."""

import asyncio
import json
import os
import shlex
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from borne.settings import ServerSettings
from borne.terminal import Terminal, complain, here, here_of, one_line, print_json, print_text, show_table
from ocppj.model.catalogue import COMMANDS
from runtime.client import (
    DEFAULT_TOKEN_FILE,
    ApiClient,
    ApiError,
    ApiRefused,
    api_url,
    find_token,
    token_in,
)
from runtime.logins import saved_login
from runtime.near import guess
from runtime.wording import Phrase

if TYPE_CHECKING:
    from borne.language import Speech

API_PREFIX = "/api/v1"
UNAUTHENTICATED = 401
NOT_FOUND = 404
TIMEOUT = "timeout_s"
"""What every command takes: it says how long to wait, and is none of its parameters."""
FAILED = 1
WRONG_USAGE = 2
CANNOT_RUN = 3

app = typer.Typer(
    name="ctl",
    no_args_is_help=True,
    help="Ask a running server, or tell it to do something. Address and token come from BORNE_API and "
    "BORNE_TOKEN, by default this machine's server and the token in var/token.",
)

StationArgument = Annotated[str, typer.Argument(help="Station id, or its MAC in any spelling.")]
PathArgument = Annotated[str, typer.Argument(help="Path below /api/v1, such as /sites.")]
PayloadArgument = Annotated[str, typer.Argument(help="JSON object, as in the API's documentation.")]
LanguageOption = Annotated[
    Literal["en", "fr"] | None, typer.Option(help="Language of the table; by default that of LC_ALL or LANG.")
]
RoleArgument = Annotated[
    Literal["admin", "manager", "installer", "viewer"], typer.Argument(help="What they may do.")
]
_ATTEMPT_COLUMNS = (
    Phrase("quand", "when"),
    Phrase("d'où", "from"),
    Phrase("borne", "station"),
    Phrase("ce qui n'allait pas, et ce qu'il faut changer", "what was wrong, and what to change"),
)
NO_STATIONS = Phrase(
    "Rien : les bornes qui se connectent, ou qu'on commande, seraient ici.",
    "Nothing: stations that connect, or are ordered, would be here.",
)
NO_ATTEMPTS = Phrase(
    "Rien : les connexions qui échouent seraient ici, depuis le démarrage du serveur.",
    "Nothing: connections that fail would be here, since the server started.",
)
NO_ACTS = Phrase(
    "Rien : ce que des gens et des programmes font à cette borne serait ici.",
    "Nothing: what people and programs do to this station would be here.",
)
NO_REPORTS = Phrase(
    "Rien : les rapports de cette borne dont rien ici ne décide seraient ici.",
    "Nothing: reports of this station that nothing here decides would be here.",
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def run_request(work: Callable[[ApiClient], Awaitable[Any]], *, token_file: Path | None = None) -> Any:
    """Run `work` against the API; its errors become a line and an exit code (1 refused, 3 not reachable)."""

    async def session() -> Any:
        async with ApiClient(
            token=find_token(token_file or ServerSettings().var / DEFAULT_TOKEN_FILE.name)
        ) as api:
            return await work(api)

    try:
        return asyncio.run(session())
    except ApiError as error:
        is_token = isinstance(error, ApiRefused) and error.status == UNAUTHENTICATED
        complain(here_of(error.words), *([_token_advice()] if is_token else ()))
        raise typer.Exit(FAILED if isinstance(error, ApiRefused) else CANNOT_RUN) from None


def speech_of(lang: str | None = None) -> "Speech":
    """The words of this terminal; imported only by who says something."""
    from borne import language

    return language.speech_of(lang)


def _token_advice() -> str:
    if os.environ.get("BORNE_TOKEN"):
        return here(
            "BORNE_TOKEN est défini, et ce serveur ne le connaît pas : retirez-le, ou donnez le bon.",
            "BORNE_TOKEN is set, and this server does not know it: unset it, or set the right one.",
        )
    if saved_login(api_url()):
        return here(
            "Votre session a pris fin : « borne ctl login » ; ou « borne ctl logout » pour le jeton d'ici.",
            "Your session has ended: borne ctl login; or borne ctl logout for the token of this machine.",
        )
    return here(
        "Le serveur a écrit un jeton dans var/token : lancez ceci dans ce dossier, ou donnez BORNE_TOKEN.",
        "The server wrote a token to var/token: run this in the same folder, or set BORNE_TOKEN.",
    )


def api_path(text: str) -> str:
    """A path below /api/v1, also where somebody copied it with that in front."""
    return "/" + text.removeprefix(API_PREFIX).lstrip("/")


def station_path(station_id: str, rest: str = "") -> str:
    """The station's path in the API; an id may hold any character."""
    return f"/stations/{quote(station_id, safe='')}{rest}"


@app.command()
def token() -> None:
    """Print the API token that this machine's server made on its first run."""
    found = token_in(ServerSettings().var / DEFAULT_TOKEN_FILE.name)
    if found is None:
        none = here(
            "pas de jeton ici; lancez ceci dans le dossier du serveur, ou lancez-en un avec « borne up »",
            "no token here; run this in the server's folder, or start one with `borne up`",
        )
        complain(none)
        raise typer.Exit(CANNOT_RUN)
    print_text(found)


@app.command()
def stations(*, as_json: JsonOption = False, lang: LanguageOption = None) -> None:
    """List the stations: link, lifecycle, what blocks each one and who clears it."""
    found = run_request(lambda api: api.get_all("/stations"))
    if as_json:
        print_json(found)
        return
    from borne.station_table import station_row, stations_table

    speech = speech_of(lang)
    rows = [station_row(each, speech) for each in found]
    show_table(stations_table(rows, speech, Terminal().width), NO_STATIONS, speech.language)


@app.command()
def watch(*, lang: LanguageOption = None) -> None:
    """Show the stations live, until Ctrl-C; one line per change where the output is no terminal."""
    from borne.watch import run_watch

    token = find_token(ServerSettings().var / DEFAULT_TOKEN_FILE.name)
    raise typer.Exit(run_watch(token, speech_of(lang)))


@app.command()
def station(station_id: StationArgument) -> None:
    """Print all that is known of a station, as JSON."""
    print_json(run_request(lambda api: api.get(station_path(station_id))))


@app.command()
def adopt(
    station_id: StationArgument,
    *,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Also one that never connected: it is let in when it comes.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Let a station in quarantine in: nobody ordered it, an administrator vouches for it."""
    if not unseen:
        run_request(lambda api: _seen(api, station_id))
    body = {"station_id": station_id}
    adopted = run_request(lambda api: api.post("/adoptions", body))
    if as_json:
        print_json(adopted)
        return

    speech, name = speech_of(), adopted.get("mac") or adopted["station_id"]
    print_text(speech("adopt.done", name=name))
    if code := adopted.get("claim_code"):
        print_text(speech.text("claim_code", code=code))
    for blocker in adopted.get("blocked_by", ())[:1]:
        who = speech.of("clearer", blocker["who_clears"])
        print_text(speech.text("next", who=who, way_out=speech.way_out_here(blocker)))


@app.command()
def call(
    station_id: StationArgument,
    action: Annotated[str, typer.Argument(help="OCPP action, such as GetConfiguration.")],
    payload: PayloadArgument = "{}",
    *,
    timeout_s: Annotated[float, typer.Option(help="How long the station may take to answer.")] = 30.0,
) -> None:
    """Send any CALL to a station and print its answer. Exit code 1 unless the station answered."""
    body = {"action": action, "payload": _json_object(payload), "timeout_s": timeout_s}
    path = station_path(station_id, "/calls")
    outcome = run_request(lambda api: api.post(path, body, timeout_s=timeout_s + 10))
    print_json(outcome)
    raise typer.Exit(0 if outcome.get("outcome") == "result" else FAILED)


@app.command()
def command(
    station_id: StationArgument,
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(COMMANDS)}.")],
    payload: PayloadArgument = "{}",
) -> None:
    """Send a command in words that suit every OCPP version. Exit code 1 unless the station agreed."""
    if name not in COMMANDS:
        hint = guess(name, COMMANDS)
        complain(here(f"pas de commande {name}; {hint.fr}", f"there is no command {name}; {hint.en}"))
        raise typer.Exit(WRONG_USAGE)
    path = station_path(station_id, f"/commands/{name}")
    body = _json_object(payload)
    if body.keys() - {TIMEOUT} and not COMMANDS[name].__struct_fields__:
        complain(here(f"{name} ne prend aucun paramètre", f"{name} takes no parameters"))
        raise typer.Exit(WRONG_USAGE)
    outcome = run_request(lambda api: api.post(path, body))
    print_json(outcome)
    is_accepted = (outcome.get("answer") or {}).get("is_accepted", False)
    raise typer.Exit(0 if is_accepted else FAILED)


@app.command()
def attempts(*, as_json: JsonOption = False) -> None:
    """List the last connections that failed, with the reason of each."""
    found = run_request(lambda api: api.get("/connection-attempts"))
    if as_json:
        print_json(found)
        return
    from borne.doctor.words import attempt_words, short_time

    speech = speech_of()
    table = Table(*(each.in_(speech.language) for each in _ATTEMPT_COLUMNS), box=box.SIMPLE_HEAD)
    for attempt in found:
        why, way_out = attempt_words(attempt, speech)
        cells = (short_time(attempt["at"]), attempt["peer"].rpartition(":")[0], attempt["identity"] or "")
        table.add_row(*map(one_line, cells), _two_lines(why, f"→ {way_out}" if way_out else ""))
    show_table(table, NO_ATTEMPTS, speech.language)


@app.command()
def audit(station_id: StationArgument, *, as_json: JsonOption = False) -> None:
    """List what people and programs did to a station, newest first: who, what, when and why."""
    found, following = run_request(lambda api: api.get_page(station_path(station_id, "/audit")))
    if as_json:
        print_json(found)
    else:
        from borne.audit_table import audit_table

        language = speech_of().language
        show_table(audit_table(found, language), NO_ACTS, language)
    if following is not None:
        print_more(following)


@app.command()
def kept(
    station_id: StationArgument,
    *,
    action: Annotated[str | None, typer.Option(help="Of one OCPP action, such as NotifyEvent.")] = None,
    request_id: Annotated[int | None, typer.Option(help="Of one request that asked for them.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List what a station reports and nothing here decides, newest first: NotifyEvent, …"""
    path = station_path(station_id, "/kept")
    found, following = run_request(lambda api: api.get_page(path, action=action, request_id=request_id))
    if as_json:
        print_json(found)
    else:
        from borne.kept_table import kept_table

        language = speech_of().language
        show_table(kept_table(found, language), NO_REPORTS, language)
    if following is not None:
        print_more(following)


@app.command()
def get(path: PathArgument) -> None:
    """Read anything of the API: borne ctl get /sites."""
    found, following = run_request(lambda api: api.get_page(api_path(path)))
    print_json(found)
    if following is not None:
        print_more(following)


@app.command()
def post(path: PathArgument, payload: PayloadArgument = "{}") -> None:
    """Add something, or do it: borne ctl post /orders '{"reference": "A-1", "lines": [{"mac": "…"}]}'."""
    body = _json_object(payload)
    print_json(run_request(lambda api: api.post(api_path(path), body)))


@app.command()
def put(path: PathArgument, payload: PayloadArgument) -> None:
    """Replace something: borne ctl put /sites/SITE/tokens '{"tokens": [{"value": "04A1B2C3"}]}'."""
    body = _json_object(payload)
    print_json(run_request(lambda api: api.put(api_path(path), body)))


@app.command()
def patch(path: PathArgument, payload: PayloadArgument) -> None:
    """Change some of something: borne ctl patch /sites/SITE '{"name": "Quai nord"}'."""
    body = _json_object(payload)
    print_json(run_request(lambda api: api.patch(api_path(path), body)))


@app.command()
def delete(path: PathArgument) -> None:
    """Take something away: borne ctl delete /stations/ID/credential, for a station that lost its secret."""
    gone = run_request(lambda api: api.delete(api_path(path)))
    if gone is None:
        print_done()
    else:
        print_json(gone)


def print_done() -> None:
    """What was asked for has no answer but that it is so."""
    print_text(here("C'est fait.", "Done."))


def print_more(following: str) -> None:
    """Where the list goes on; beside what programs read."""
    command = f"borne ctl get {shlex.quote(following)}"
    print_text(
        here(f"borne : il y en a plus; la suite : {command}", f"borne: there is more; go on with: {command}"),
        is_trouble=True,
    )


async def _seen(api: ApiClient, station_id: str) -> None:
    """A typing error would make a station that never comes. Raises ApiError, or exits: nobody has seen it."""
    try:
        await api.get(station_path(station_id))
    except ApiRefused as refused:
        if refused.status != NOT_FOUND:
            raise
        again = f"borne ctl adopt --unseen {station_id}"
        later = here(
            f"Si c'est juste et qu'elle vient plus tard : {again}",
            f"If it is right, and comes later: {again}",
        )
        complain(here_of(refused.words), later)
        raise typer.Exit(FAILED) from None


def _two_lines(first: str, second: str) -> Text:
    return Text("\n").join(one_line(each) for each in (first, second) if each)


def _json_object(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"the payload is not JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise typer.BadParameter('the payload must be a JSON object, such as {"key": []}')
    return parsed
