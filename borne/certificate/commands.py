"""`borne certificate`: verify what a power-up run was certified to have found; keys of the issuer."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from borne.certificate.evidence import EvidenceUnusable, keys_of, photo_hashes
from borne.certificate.local_issuer import issuer_keys
from borne.certificate.verification_view import shown_json, shown_lines
from borne.options import with_settings
from borne.settings import ServerSettings
from borne.terminal import Terminal, here, language_of, print_error, print_json, print_lines, print_text
from charging.certificate.document import canonical
from charging.certificate.page_words import PaperSize
from charging.certificate.verifying import CertificateEvidence, Trust, verify
from provisioning.issuer import ISSUER_KEY
from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.errors import RuntimeProblem
from runtime.lifecycle import EXIT_CANNOT_RUN

T = TypeVar("T")
WRONG_USAGE = 2
EXIT_CODES = {Trust.VALID: 0, Trust.REFUSED: 1, Trust.UNKNOWN_ISSUER: 4}
PRIVATE = 0o077

app = typer.Typer(
    name="certificate",
    no_args_is_help=True,
    help="Power-up certificates: verify one, and the keys that sign them.",
)


@app.command("verify")
def verify_certificate(
    file: Annotated[
        Path, typer.Argument(help="The certificate: its JSON, or the PDF that carries it.", dir_okay=False)
    ],
    *,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|URL",
            help="The issuer's public keys: the file that it published, one key as PEM, or its server's URL.",
        ),
    ] = None,
    frames: Annotated[
        Path | None, typer.Option(help="The frames of the run (JSON Lines).", dir_okay=False)
    ] = None,
    photos: Annotated[
        Path | None, typer.Option(help="The folder with the photos of the run.", file_okay=False)
    ] = None,
    lang: Annotated[str | None, typer.Option(help="fr or en; by default the terminal's language.")] = None,
    prints_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Is this certificate what was signed, by whom, and do the frames and photos belong to it?

    Works without a network, but for a URL as `--key`. Exit code 0 valid, 1 refused, 2 wrong usage, 3 the URL
    does not answer, 4 whole, but its issuer is unknown because no `--key` was given.
    """
    language = _language(lang)
    try:
        content = _read(file)
        given = CertificateEvidence(
            _read(frames) if frames is not None else None,
            photo_hashes(photos) if photos is not None else None,
        )
        keys = keys_of(key) if key is not None else None
    except EvidenceUnusable as problem:
        print_error(problem)
        raise typer.Exit(EXIT_CANNOT_RUN if problem.is_elsewhere else WRONG_USAGE) from None
    found = verify(content, keys, given)
    if prints_json:
        print_json(shown_json(found))
    else:
        terminal = Terminal()
        for line in shown_lines(found, keys, language):
            terminal.print(line, soft_wrap=True)
    raise typer.Exit(EXIT_CODES[found.trust])


@app.command()
@with_settings
def pdf(
    file: Annotated[Path, typer.Argument(help="The certificate, as JSON.", dir_okay=False)],
    target: Annotated[Path, typer.Argument(help="The PDF to write.", dir_okay=False)],
    *,
    paper: Annotated[PaperSize, typer.Option(help="A4 or Letter.")] = "Letter",
    lang: Annotated[str | None, typer.Option(help="fr or en; by default the terminal's language.")] = None,
    signing_key: Annotated[
        Path | None,
        typer.Option(help="The key that seals it; var/certificate-key.pem by default.", dir_okay=False),
    ] = None,
    settings: ServerSettings,
) -> None:
    """Make the page of a certificate for people, in French or English, sealed with the key of this machine.

    What is refused by its own signature is not printed (exit code 1).
    """
    language = _language(lang)
    store = issuer_keys(signing_key or settings.var / ISSUER_KEY, SystemChance())
    try:
        found = verify(_read(file), None)
    except EvidenceUnusable as problem:
        print_error(problem)
        raise typer.Exit(WRONG_USAGE) from None
    if found.signed is None or found.refused:
        for line in shown_lines(found, None, language):
            Terminal().print(line, soft_wrap=True)
        raise typer.Exit(EXIT_CODES[Trust.REFUSED])
    from charging.certificate.page import certificate_pdf  # what draws takes long to load

    now = SystemClock().now()
    key = _or_exit(lambda: store.issuer(now)).key
    page = certificate_pdf(found.signed, language=language, paper=paper, at=now, key=key)
    _or_exit(lambda: target.write_bytes(page))


@app.command()
@with_settings
def keys(*, settings: ServerSettings) -> None:
    """Print the public keys that sign certificates here, for `borne certificate verify --key`."""
    found = _or_exit(issuer_keys(settings.var / ISSUER_KEY, SystemChance()).published)
    print_lines(canonical(found).decode())


@app.command("rotate-key")
@with_settings
def rotate_key(
    *,
    issuer: Annotated[
        str | None, typer.Option(help="The name that certificates give to whoever issues them.")
    ] = None,
    settings: ServerSettings,
) -> None:
    """Sign with a new key from now on. Certificates of before stay valid: the old public key stays published.

    The old private key is overwritten. A server that runs takes the new one with its next certificate.
    """
    os.umask(PRIVATE)
    store = issuer_keys(settings.var / ISSUER_KEY, SystemChance())
    made = _or_exit(lambda: store.rotate(SystemClock().now(), issuer))
    key_id, count = made.keys.keys[-1].key_id, len(made.keys.keys)
    print_text(
        here(
            f"{made.name} signe désormais avec la clé {key_id}; {count} clés sont publiées.",
            f"{made.name} signs with the key {key_id} from now on; keys published: {count}.",
        )
    )


def _language(wish: str | None) -> str:
    if wish not in (None, "fr", "en"):
        raise typer.BadParameter(f"--lang is fr or en, not {wish}")
    return wish or language_of(os.environ)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceUnusable.of_file(path, error) from error


def _or_exit(work: Callable[[], T]) -> T:
    try:
        return work()
    except (RuntimeProblem, OSError) as problem:
        print_error(problem)
        raise typer.Exit(EXIT_CANNOT_RUN) from None
