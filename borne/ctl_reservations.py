"""What `borne ctl` tells of reservations."""

from typing import Annotated

import typer

from borne.ctl import JsonOption, LanguageOption, print_more, run_request, speech_of
from borne.terminal import print_json, show_table
from runtime.wording import Phrase

NO_RESERVATIONS = Phrase(
    "Rien : les réservations demandées aux bornes seraient ici.",
    "Nothing: reservations that stations were asked for would be here.",
)


def reservations(
    *,
    station: Annotated[str | None, typer.Option(help="Of this station.")] = None,
    state: Annotated[str | None, typer.Option(help="In this state: active, used, expired, …")] = None,
    id_token: Annotated[str | None, typer.Option(help="For this id token.")] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """List reservations, latest first: where, for whom, until when, and what became of them.

    `borne ctl command ID reserve` makes one, `borne ctl delete /reservations/NUMBER` cancels it.
    """
    query = {"station": station, "state": state, "id_token": id_token}
    found, following = run_request(lambda api: api.get_page("/reservations", **query))
    if as_json:
        print_json(found)
    else:
        from borne.reservations_table import reservations_table

        language = speech_of(lang).language
        show_table(reservations_table(found, language), NO_RESERVATIONS, language)
    if following is not None:
        print_more(following)
