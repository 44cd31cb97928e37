"""The commands `borne backup`, `borne restore` and `borne new-pepper`."""

import asyncio
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from borne.backup.manifest import PEPPER, unknown_in
from borne.db_command import CopyProgress, print_start
from borne.invocation import up_command
from borne.options import with_settings
from borne.settings import ServerSettings
from borne.terminal import here, print_error, print_text
from runtime.clock import SystemClock
from runtime.errors import RuntimeProblem
from runtime.lifecycle import EXIT_CANNOT_RUN
from runtime.wording import Phrase, counted

if TYPE_CHECKING:
    from borne.backup.content import Content

T = TypeVar("T")
PRIVATE = 0o077


@with_settings
def backup(
    target: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    *,
    settings: ServerSettings,
) -> None:
    """Copy the database and all that matters in `var/` into a new folder, while the server runs.

    Give it the options that `borne up` was given, a PostgreSQL's URL too. The copy is examined before it gets
    its name: its files, the database and its rows, and that the pepper is the one its secrets need. Keep it
    as secret as `var/`.
    """
    from borne.backup.copying import back_up

    clock = SystemClock()
    content = _or_exit(
        lambda: back_up(
            settings.effective_database_url,
            settings.var,
            target,
            version=metadata.version("borne"),
            at=clock.now(),
            watch=CopyProgress(clock),
        )
    )
    held, var = _summary(content), settings.var
    _print(
        f"{target} contient {held.fr}. Gardez-le aussi secret que {var}.",
        f"{target} holds {held.en}. Keep it as secret as {var}.",
    )
    if left := ", ".join(map(str, unknown_in(var)[:10])):
        _print(
            f"Pas de borne, et pas copié : {left}", f"Not borne's, and not copied: {left}", is_trouble=True
        )


@with_settings
def restore(
    source: Annotated[Path, typer.Argument(help="The folder that `borne backup` made.")],
    *,
    settings: ServerSettings,
) -> None:
    """Put a backup into an empty `var/`, from where `borne up` goes on. Nothing is ever overwritten.

    With the URL of an empty PostgreSQL its tables go there, whichever database the backup is of.
    """
    from borne.backup.copying import restore as restore_files
    from borne.doctor.words import short_time

    watch = CopyProgress(SystemClock())
    content = _or_exit(
        lambda: restore_files(source, settings.var, settings.effective_database_url, watch=watch)
    )
    held, at = _summary(content), short_time(content.made_at)
    _print(
        f"{settings.var} contient {held.fr}, du {at}. Pour démarrer :",
        f"{settings.var} holds {held.en} of {at}. Start it:",
    )
    print_start(up_command(settings))


@with_settings
def new_pepper(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    settings: ServerSettings,
) -> None:
    """Give up all stations' secrets and claim codes, because `var/pepper` is lost for good.

    Restore the file from the backup if there is any. Else every station is let in without a secret until its
    activation has given it a new one, which begins when it connects, and labels need new claim codes
    (POST /api/v1/stations/{id}/claim-code). The server must not run.
    """
    if not yes:
        question = here(
            "Chaque borne sera admise sans preuve jusqu'à ce qu'elle ait un nouveau secret, et les codes "
            "d'installation des étiquettes ne vaudront plus rien. Continuer?",
            "Every station will be let in without proof until it has a new secret, and claim codes on labels "
            "will be worth nothing. Go on?",
        )
        typer.confirm(question, abort=True)
    from borne.backup.renewal import renew_pepper

    sealed = _or_exit(lambda: asyncio.run(renew_pepper(settings)))
    stations = counted(
        sealed.secrets,
        Phrase("{count} borne reçoit un nouveau secret", "{count} station gets a new secret"),
        Phrase("{count} bornes reçoivent un nouveau secret", "{count} stations get a new secret"),
    )
    labels = counted(
        sealed.claim_codes,
        Phrase("{count} étiquette", "{count} label needs a new claim code"),
        Phrase("{count} étiquettes", "{count} labels need new claim codes"),
    )
    path = settings.var / PEPPER
    _print(
        f"{path} est neuf. {stations.fr} à la prochaine connexion; nouveau code d'installation à faire pour "
        f"{labels.fr}.",
        f"{path} is new. {stations.en} on connecting; {labels.en}.",
    )


def _summary(content: "Content") -> Phrase:
    rows = content.rows
    held = [
        counted(
            rows.get("stations", 0),
            Phrase("{count} borne", "{count} station"),
            Phrase("{count} bornes", "{count} stations"),
        ),
        counted(
            rows.get("transactions", 0),
            Phrase("{count} recharge", "{count} transaction"),
            Phrase("{count} recharges", "{count} transactions"),
        ),
        counted(
            len(content.files),
            Phrase("{count} fichier", "{count} file"),
            Phrase("{count} fichiers", "{count} files"),
        ),
    ]
    return Phrase(
        f"{held[0].fr}, {held[1].fr} et {held[2].fr}", f"{held[0].en}, {held[1].en} and {held[2].en}"
    )


def _print(french: str, english: str, *, is_trouble: bool = False) -> None:
    print_text(here(french, english), is_trouble=is_trouble)


def _or_exit(work: Callable[[], T]) -> T:
    """What stands in the way is one line and exit code 3."""
    os.umask(PRIVATE)
    try:
        return work()
    except (RuntimeProblem, OSError) as problem:
        print_error(problem)
        raise typer.Exit(EXIT_CANNOT_RUN) from None
