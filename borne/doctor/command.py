"""The command `borne doctor`."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borne.options import with_settings
from borne.settings import ServerSettings
from borne.terminal import Terminal, complain, print_text
from runtime.clock import SystemClock

if TYPE_CHECKING:
    from borne.doctor.remarks import Chapter

CANNOT_RUN = 3


@with_settings
def doctor(
    station: Annotated[
        str | None, typer.Argument(help="Station id or MAC, to look into one station.", show_default=False)
    ] = None,
    *,
    phone: Annotated[
        bool,
        typer.Option("--phone", help="Look at the way of a phone to the server: URL, name, certificate."),
    ] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle",
            help="Also write what is known of the station into this new zip, for a bug report: without "
            "secrets, places and people.",
            show_default=False,
        ),
    ] = None,
    settings: ServerSettings,
) -> None:
    """Say why a station does not connect or charge, and whether this machine is fit for a server.

    Give it the options that `borne up` was given. It asks the server on this machine, or the one in
    BORNE_API; without any it looks at this machine alone. Exit code 0 if nothing is in the way, 1 if
    something is, 3 if no server could be asked.
    """
    from borne.doctor.examination import examine, server_url
    from borne.doctor.remarks import print_chapters
    from borne.invocation import command_at
    from borne.language import speech_of

    console = Terminal()
    if phone:
        _examine_phone(settings, console)
    url = server_url(settings, os.environ.get("BORNE_API"))
    code, chapters = asyncio.run(examine(settings, station, url))
    print_chapters(console, chapters, speech_of().language, command_at(url, settings.var))
    if bundle is not None:
        _write(bundle, settings, station, chapters)
    raise typer.Exit(code)


def _examine_phone(settings: ServerSettings, console: Terminal) -> None:
    """Its way alone. Raises typer.Exit."""
    from borne.doctor.phone import examine_phone
    from borne.doctor.remarks import Chapter, exit_code, print_chapters
    from borne.invocation import this_program
    from borne.language import speech_of
    from runtime.wording import Phrase

    chapters = [Chapter(Phrase("Chemin d'un téléphone", "Way of a phone"), examine_phone(settings))]
    print_chapters(console, chapters, speech_of().language, this_program())
    raise typer.Exit(exit_code(chapters, is_server_there=True))


def _write(path: Path, settings: ServerSettings, station: str | None, chapters: "list[Chapter]") -> None:
    """The file for a bug report, and what is in it. Raises typer.Exit."""
    from borne.doctor.bundle import BundleExists, write_bundle
    from borne.doctor.examination import bundle
    from borne.language import speech_of
    from runtime.client import ApiError
    from runtime.wording import Phrase

    language = speech_of().language
    if station is None:
        raise typer.BadParameter("a bundle is of one station: borne doctor STATION --bundle FILE")
    try:
        documents = asyncio.run(bundle(settings, station, os.environ.get("BORNE_API"), chapters))
        lines = write_bundle(path, documents, SystemClock().now())
    except (ApiError, BundleExists) as error:
        complain(error.words.in_(language))
        raise typer.Exit(CANNOT_RUN) from None
    except OSError as error:
        complain(str(error))
        raise typer.Exit(CANNOT_RUN) from None
    print_text(Phrase(f"{path} contient :", f"{path} holds:").in_(language))
    for text in lines:
        print_text(f"  {text}")
    taken_out = Phrase(
        "Les secrets, les lieux et les personnes en sont retirés. Regardez-le avant de l'envoyer.",
        "Secrets, places and people were taken out. Look into it before you send it.",
    )
    print_text(taken_out.in_(language))
