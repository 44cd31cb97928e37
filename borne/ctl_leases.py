"""`borne ctl lease`: have a station of the bench to oneself for a while."""

from typing import Annotated, Any

import typer

from borne.ctl import (
    JsonOption,
    LanguageOption,
    StationArgument,
    print_more,
    run_request,
    speech_of,
    station_path,
)
from borne.terminal import here, print_json, print_text, show_table
from runtime.wording import Phrase

app = typer.Typer(
    name="lease",
    no_args_is_help=True,
    help="Have a station of the bench to oneself for a while; the server ends what nobody renews, and sets "
    "the station's configuration back.",
)
LeaseArgument = Annotated[str, typer.Argument(help="The lease, as `borne ctl lease take` printed it.")]
TagOption = Annotated[list[str] | None, typer.Option("--tag", help="Any station with all of these tags.")]
NO_BENCH = Phrase(
    "Rien : les bornes qui ont une étiquette (borne ctl lease tag) seraient ici.",
    "Nothing: stations that have a tag (borne ctl lease tag) would be here.",
)
ANSWER_MARGIN_S = 60.0
"""An answer waits for the station's configuration too."""


@app.command("take")
def begin_lease(
    station: Annotated[str | None, typer.Argument(help="The station; or give --tag.")] = None,
    *,
    tag: TagOption = None,
    purpose: Annotated[str, typer.Option(help="What for: whoever waits reads it.")] = "borne ctl",
    lasts_s: Annotated[
        int, typer.Option("--for", help="Seconds after the last renewal at which it ends.")
    ] = 600,
    wait_s: Annotated[float, typer.Option("--wait", help="Seconds to wait for one that is free.")] = 0.0,
    as_json: JsonOption = False,
) -> None:
    """Have a station to oneself, by its name or any with these tags; prints the lease and the station."""
    body: dict[str, Any] = {"purpose": purpose, "lasts_s": lasts_s, "wait_s": wait_s}
    body |= {"station": station} if station is not None else {}
    body |= {"tags": tag} if tag else {}
    lease = run_request(lambda api: api.post("/leases", body, timeout_s=wait_s + ANSWER_MARGIN_S))
    _show(lease, as_json=as_json)


@app.command()
def renew(lease_id: LeaseArgument, *, as_json: JsonOption = False) -> None:
    """Keep the station as long again from now on."""
    _show(run_request(lambda api: api.post(f"/leases/{lease_id}/renewal", {})), as_json=as_json)


@app.command()
def end(
    lease_id: LeaseArgument,
    *,
    reason: Annotated[
        str | None, typer.Option(help="Why an administrator takes it away from whoever has it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Give the station back: its configuration is set back to what it was."""
    query = {"reason": reason} if reason is not None else {}
    ended = run_request(lambda api: api.delete(f"/leases/{lease_id}", **query))
    if as_json:
        print_json(ended)
    else:
        station = ended["station_id"]
        print_text(here(f"{station} : prêt terminé", f"{station}: the lease is over"))


@app.command("list")
def bench(*, tag: TagOption = None, as_json: JsonOption = False, lang: LanguageOption = None) -> None:
    """List the stations of the bench: who has each, what for, since when and until when."""
    found, following = run_request(lambda api: api.get_page("/bench", **({"tag": tag} if tag else {})))
    if as_json:
        print_json(found)
    else:
        from borne.bench_table import bench_table

        language = speech_of(lang).language
        show_table(bench_table(found, language), NO_BENCH, language)
    if following is not None:
        print_more(following)


@app.command("tag")
def set_tags(
    station_id: StationArgument,
    tags: Annotated[list[str] | None, typer.Argument(help="Its tags; none: it is not of the bench.")] = None,
) -> None:
    """Say what a station of the bench is, in words such as `ac`, `two-sockets`, `left-rack`."""
    path = station_path(station_id, "/tags")
    print_json(run_request(lambda api: api.put(path, {"tags": tags or []})))


def _show(lease: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(lease)
        return
    from borne.bench_table import lease_line

    print_text(lease_line(lease, speech_of().language))
