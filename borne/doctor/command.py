"""The command `borne doctor`."""

import asyncio
import os
from typing import Annotated

import typer

from borne.options import with_settings
from borne.settings import ServerSettings
from borne.terminal import Terminal


@with_settings
def doctor(
    station: Annotated[
        str | None, typer.Argument(help="Station id or MAC, to look into one station.", show_default=False)
    ] = None,
    *,
    settings: ServerSettings,
) -> None:
    """Say why a station does not connect or charge, and whether this machine is fit for a server.

    Give it the options that `borne up` was given. It asks the server on this machine, or the one in
    BORNE_API; without any it looks at this machine alone. Exit code 0 if nothing is in the way, 1 if
    something is, 3 if no server could be asked.
    """
    from borne.doctor.examination import examine
    from borne.doctor.remarks import print_chapters
    from borne.language import speech_of

    console = Terminal()
    code, chapters = asyncio.run(examine(settings, station, os.environ.get("BORNE_API")))
    print_chapters(console, chapters, speech_of().language)
    raise typer.Exit(code)
