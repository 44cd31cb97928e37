"""What `borne ctl` tells of reservations."""

from typing import Annotated

import typer

from borne.ctl import JsonOption, LanguageOption, ask, say_more, speech_of
from borne.terminal import Terminal, say_json


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
    found, following = ask(lambda api: api.get_page("/reservations", **query))
    if as_json:
        say_json(found)
    else:
        from borne.reservations_table import reservations_table

        Terminal().print(reservations_table(found, speech_of(lang).language))
    if following is not None:
        say_more(following)
