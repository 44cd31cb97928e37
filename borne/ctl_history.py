"""What `borne ctl` tells of what has been."""

from typing import Annotated

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
from borne.terminal import print_json, show_table
from runtime.wording import Phrase

NO_STATES = Phrase(
    "Rien : les états que la borne dit de ses connecteurs seraient ici.",
    "Nothing: the states that the station tells of its connectors would be here.",
)
NO_FIGURES = Phrase(
    "Rien : le parc est compté une fois par minute tant qu'un serveur tourne; les chiffres seraient ici.",
    "Nothing: stations are counted once a minute while a server runs; the figures would be here.",
)

SinceOption = Annotated[
    str | None, typer.Option(help="From this instant on, with its time zone: 2026-05-01T00:00:00-04:00.")
]
UntilOption = Annotated[str | None, typer.Option(help="Before this instant.")]


def connector_states(
    station_id: StationArgument,
    *,
    evse: Annotated[int | None, typer.Option(help="Of this EVSE; 0 is the station itself.")] = None,
    connector: Annotated[int | None, typer.Option(help="Of the connectors with this number.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the states that a station's connectors were in, newest first: faults, and how long each lasted."""
    path = station_path(station_id, "/connector-states")
    query = {"evse_id": evse, "connector_id": connector, "since": since, "until": until}
    found, following = run_request(lambda api: api.get_page(path, **query))
    if as_json:
        print_json(found)
    else:
        from borne.history_tables import states_table

        speech = speech_of(lang)
        show_table(states_table(found, speech), NO_STATES, speech.language)
    if following is not None:
        print_more(following)


def fleet_history(
    *,
    since: SinceOption = None,
    until: UntilOption = None,
    step: Annotated[
        int | None, typer.Option(help="Seconds from line to line; by default as few as fit into one answer.")
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Show all stations in numbers over time, the last day by default: online, charging, faulted, blocked.

    Of each step the worst is shown: the fewest that were online, the most of all else.
    """
    told = run_request(lambda api: api.get("/fleet/history", since=since, until=until, step=step))
    if as_json:
        print_json(told)
        return
    from borne.history_tables import fleet_table

    speech = speech_of(lang)
    show_table(fleet_table(told["points"], speech), NO_FIGURES, speech.language)
