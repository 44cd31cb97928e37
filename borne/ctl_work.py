"""What `borne ctl` tells of durable work."""

from typing import Annotated

import typer

from borne.ctl import JsonOption, LanguageOption, print_more, run_request, speech_of
from borne.terminal import print_json, show_table
from runtime.wording import Phrase

NO_WORK = Phrase(
    "Rien : ce que le serveur doit faire plus tard, ou refaire, serait ici.",
    "Nothing: what the server must do later, or again, would be here.",
)


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
    found, following = run_request(lambda api: api.get_page("/work", **query))
    if as_json:
        print_json(found)
    else:
        from borne.work_table import work_table

        language = speech_of(lang).language
        show_table(work_table(found, language), NO_WORK, language)
    if following is not None:
        print_more(following)
