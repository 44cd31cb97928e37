"""What `borne ctl` tells of durable work."""

from typing import Annotated

import typer

from borne.ctl import JsonOption, LanguageOption, ask, say_more, speech_of
from borne.terminal import Terminal, say_json


def work(
    *,
    station: Annotated[str | None, typer.Option(help="Of this station.")] = None,
    state: Annotated[
        str | None, typer.Option(help="In this state: waiting, running, done, failed, superseded.")
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """List what the server must do later or again, newest first: when, and why it waits or failed."""
    query = {"station": station, "state": state}
    found, following = ask(lambda api: api.get_page("/work", **query))
    if as_json:
        say_json(found)
    else:
        from borne.work_table import work_table

        Terminal().print(work_table(found, speech_of(lang).language))
    if following is not None:
        say_more(following)
