"""Is this machine fit for a server? Ports, addresses, clock, folder, database, disk: no server needed."""

import ctypes
import os
import resource
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from borne.addresses import station_urls
from borne.doctor.certificate import examine_certificates
from borne.doctor.database_server import examine_server
from borne.doctor.holders import port_holder
from borne.doctor.remarks import Remark, good, note, problem
from borne.doctor.words import LISTEN, address_remark
from borne.migrations import MIGRATIONS
from borne.settings import ServerSettings
from provisioning.errors import PepperUnreadable
from provisioning.pepper import trouble_with
from runtime.clock import Clock
from runtime.database import database_path, is_postgres_url
from runtime.database.migration import history
from runtime.database.sqlite import FileLock, explain
from runtime.database.sqlite_file import open_read_only
from runtime.errors import DatabaseLocked, DatabaseProblem, PortInUse, RuntimeProblem
from runtime.serving import listen
from runtime.texts import number_text
from runtime.wording import Phrase

MIB = 1 << 20
TIGHT_BYTES, SCARCE_BYTES = 2048 * MIB, 256 * MIB
FEW_FILES = 4096
TIME_ERROR = 5
"""adjtimex(2): the clock is not synchronised."""
PURPOSES = {
    "--ocpp-port": Phrase("bornes", "stations"),
    "--http-port": Phrase("console et API", "console and API"),
    "--tls-port": Phrase("bornes avec TLS", "stations with TLS"),
    "--https-port": Phrase("console et API avec TLS", "console and API with TLS"),
}
OTHER_FOLDER = Phrase(
    "Prenez un autre dossier : borne up --var DOSSIER", "Choose another folder: borne up --var FOLDER"
)
TIMEX_BYTES = 512
"""More than any `struct timex` has; all zero means: only tell."""
BACKWARDS = timedelta(minutes=1)


def examine_machine(settings: ServerSettings, clock: Clock, *, is_serving: bool) -> list[Remark]:
    """Everything. While a server is running, ports and database are its own, and nobody else's problem."""
    found = [*_clock(settings, clock), *_folder(settings.var)]
    if not is_serving:
        found += [*_ports(settings), *_addresses(settings), *_database(settings)]
    found += [*_space(settings.var), *_descriptors()]
    return [*found, *examine_certificates(settings, clock)]


def _ports(settings: ServerSettings) -> Iterator[Remark]:
    ports = {"--ocpp-port": settings.ocpp_port, "--http-port": settings.http_port}
    if settings.tls_certificate is not None:
        ports["--tls-port"] = settings.tls_port
    if settings.http_tls_certificate is not None:
        ports["--https-port"] = settings.https_port
    free: list[Phrase] = []
    for option, port in ports.items():
        purpose = PURPOSES[option]
        try:
            listen(settings.listen, port).close()
            free.append(Phrase(f"{port} ({purpose.fr})", f"{port} ({purpose.en})"))
        except PortInUse:
            holder = port_holder(port)
            other = f"borne up {option} {port + 1}"
            yield problem(
                Phrase(
                    f"Le port {port} ({purpose.fr}) est pris par {holder or 'un autre programme'}.",
                    f"Port {port}, for {purpose.en}, is taken by {holder or 'another program'}.",
                ),
                Phrase(
                    f"Arrêtez-le, ou donnez un autre port au serveur : {other}",
                    f"Stop it, or give the server another port: {other}",
                ),
            )
        except RuntimeProblem as error:
            yield problem(error.words)
    if free:
        french, english = (", ".join(each.in_(language) for each in free) for language in ("fr", "en"))
        yield good(Phrase(f"ports libres : {french}", f"free ports: {english}"))


def _addresses(settings: ServerSettings) -> Iterator[Remark]:
    if settings.is_loopback:
        yield note(
            Phrase(
                f"borne up écouterait sur {settings.listen} : seule cette machine pourrait se connecter.",
                f"borne up would listen on {settings.listen}: only programs on this machine could connect.",
            ),
            LISTEN,
        )
        return
    urls = station_urls(settings.listen, settings.ocpp_port)
    if not urls:
        yield problem(
            Phrase(
                f"Cette machine n'a aucune adresse qui réponde à {settings.listen}.",
                f"This machine has no address that {settings.listen} stands for.",
            ),
            Phrase("Connectez-la au réseau.", "Connect it to the network."),
        )
    for url in urls:
        yield address_remark(url)


def _clock(settings: ServerSettings, clock: Clock) -> Iterator[Remark]:
    """Stations take their time from the server: meter values and certificates go wrong with it."""
    now = clock.now()
    newest = max((path.stat().st_mtime for path in _files(settings.var)), default=0.0)
    ahead = datetime.fromtimestamp(newest, UTC) - now
    way_out = Phrase(
        "Réglez-la, et faites-la tenir à l'heure : timedatectl set-ntp true",
        "Set it, and let it be kept right: timedatectl set-ntp true",
    )
    at = f"{now:%Y-%m-%d %H:%M} UTC"
    if ahead > BACKWARDS:
        yield problem(
            Phrase(
                f"L'horloge dit {at}, mais des fichiers de {settings.var} sont plus récents : elle a reculé.",
                f"The clock says {at}, but files in {settings.var} are newer: it went back.",
            ),
            way_out,
        )
    match _is_clock_kept():
        case False:
            yield note(
                Phrase(
                    f"Aucun serveur de temps ne tient cette machine à l'heure ({at}).",
                    f"This machine's clock ({at}) is not kept right by a time server.",
                ),
                way_out,
            )
        case True:
            yield good(
                Phrase(
                    f"un serveur de temps tient l'horloge à l'heure : {at}",
                    f"the clock is kept right by a time server: {at}",
                )
            )
        case None:
            yield good(Phrase(f"l'horloge dit {at}", f"the clock says {at}"))


def _is_clock_kept() -> bool | None:
    """What the kernel says; None where it does not."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != TIME_ERROR


def _folder(var: Path) -> Iterator[Remark]:
    there = _nearest(var)
    if not there.is_dir():
        yield problem(
            Phrase(f"{there} est un fichier, pas un dossier.", f"{there} is a file, not a folder."),
            OTHER_FOLDER,
        )
    elif not os.access(there, os.W_OK | os.X_OK):
        yield problem(
            Phrase(
                f"Cet utilisateur ne peut pas écrire dans le dossier {there}.",
                f"The folder {there} cannot be written by this user.",
            ),
            Phrase(
                f"Prenez-le (sudo chown $USER {there}), ou un autre : borne up --var DOSSIER",
                f"Own it (sudo chown $USER {there}), or choose another one: borne up --var FOLDER",
            ),
        )
    elif locked := [path for path in _files(var) if not os.access(path, os.R_OK | os.W_OK)]:
        names = ", ".join(path.name for path in locked)
        yield problem(
            Phrase(
                f"Des fichiers de {var} sont à quelqu'un d'autre : {names}.",
                f"Files in {var} belong to somebody else: {names}.",
            ),
            Phrase(f"Prenez-les : sudo chown -R $USER {var}", f"Own them: sudo chown -R $USER {var}"),
        )
    elif there == var:
        yield good(Phrase(f"on peut écrire dans le dossier {var}", f"the folder {var} can be written"))
    else:
        yield good(
            Phrase(
                f"le dossier {var} n'existe pas encore : « borne up » le crée",
                f"the folder {var} is not there yet: `borne up` makes it",
            )
        )


def _database(settings: ServerSettings) -> Iterator[Remark]:
    """The file as it lies there: nothing is changed or brought up to date."""
    try:
        url = settings.effective_database_url
        if is_postgres_url(url):
            yield from examine_server(url, settings.var / "pepper")
            return
        path = database_path(url)
        if not path.exists() or not os.access(path, os.R_OK | os.W_OK):
            return
        FileLock(path).release()
        yield _stored_version(path)
        yield from _pepper(path, settings.var / "pepper")
    except DatabaseLocked as error:
        way_out = Phrase(
            "Un serveur tourne peut-être sur d'autres ports : donnez le sien avec --http-port.",
            "A server with other ports may be running: name its port with --http-port.",
        )
        yield note(error.words, way_out)
    except DatabaseProblem as error:
        yield problem(error.words)


def _stored_version(path: Path) -> Remark:
    try:
        with closing(open_read_only(path)) as connection:
            revisions = [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error as error:
        if found := explain(path, error):
            raise found from error
        return problem(
            Phrase(
                f"{path} est la base de données d'un autre programme.",
                f"{path} is a database of another program.",
            ),
            OTHER_FOLDER,
        )
    scripts = history(MIGRATIONS)
    for revision in revisions:
        try:
            scripts.get_revision(revision)
        except CommandError:
            return problem(
                Phrase(
                    f"{path} vient d'une version plus récente de ce programme (révision {revision}).",
                    f"{path} was written by a newer version of this program (revision {revision}).",
                ),
                Phrase(
                    "Installez cette version, ou prenez un autre dossier : borne up --var DOSSIER",
                    "Install that version, or choose another folder: borne up --var FOLDER",
                ),
            )
    size = path.stat().st_size / MIB
    return good(
        Phrase(
            f"la base de données {path} est lisible ({number_text(size, 1, 'fr')} Mio)",
            f"the database {path} can be read ({size:.1f} MiB)",
        )
    )


def _pepper(database: Path, pepper: Path) -> Iterator[Remark]:
    """Without the pepper of its secrets a server does not start."""
    engine = create_engine(f"sqlite:///file:{database.absolute()}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            trouble = trouble_with(connection, pepper)
    except PepperUnreadable as error:
        trouble = error.words
    except SQLAlchemyError:  # a database of another version, or none: said already
        return
    finally:
        engine.dispose()
    if trouble is not None:
        yield problem(trouble)


def _space(var: Path) -> Iterator[Remark]:
    free = shutil.disk_usage(_nearest(var)).free
    gib, mib = free / MIB / 1024, f"{free / MIB:.0f}"
    french, english = (
        f"{number_text(gib, 1, 'fr')} Gio libres sous {var}",
        f"{gib:.1f} GiB free where {var} is",
    )
    way_out = Phrase(
        "Libérez de l'espace : sans lui, les bornes sont renvoyées plutôt qu'oubliées.",
        "Free some space: without any, stations are turned away rather than forgotten.",
    )
    if free < SCARCE_BYTES:
        yield problem(
            Phrase(f"Seulement {mib} Mio libres sous {var}.", f"Only {mib} MiB free where {var} is."), way_out
        )
    elif free < TIGHT_BYTES:
        yield note(Phrase(f"Seulement {french}.", f"Only {english}."), way_out)
    else:
        yield good(Phrase(french, english))


def _descriptors() -> Iterator[Remark]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FEW_FILES:
        yield note(
            Phrase(
                f"Un processus peut ouvrir {hard} fichiers ici : autant de bornes à la fois, environ.",
                f"A process here may have {hard} open files: about as many stations at once.",
            ),
            Phrase(
                "Relevez la limite : LimitNOFILE=65536 dans l'unité systemd, ou ulimit -Hn.",
                "Raise it: LimitNOFILE=65536 in the systemd unit, or ulimit -Hn.",
            ),
        )


def _nearest(path: Path) -> Path:
    """The path itself, or what is there of the way to it."""
    return next((each for each in (path, *path.absolute().parents) if each.exists()), Path("/"))


def _files(var: Path) -> list[Path]:
    try:
        return [path for path in var.iterdir() if path.is_file()]
    except OSError:
        return []
