"""`borne own-ca`: https on a network of one's own, without a public name."""

import os
import socket
from typing import Annotated

import typer

from access.public_paths import OWN_CA_PATH
from borne.addresses import own_addresses, reachable_hosts
from borne.invocation import this_program
from borne.options import with_settings
from borne.own_ca.authority import FOLDER, OwnCaUnusable, certify
from borne.qr_lines import qr_lines
from borne.settings import ServerSettings
from borne.terminal import here, print_error, print_text
from runtime.clock import SystemClock

CANNOT_RUN = 3
PRIVATE = 0o077
ANYWHERE = "0.0.0.0"  # noqa: S104 - compared with addresses, not bound


@with_settings
def own_ca(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names and addresses by which phones reach this machine; by default its own.",
            show_default=False,
        ),
    ] = None,
    *,
    settings: ServerSettings,
) -> None:
    """Make a certificate authority for this server alone, and the server's certificate, in `var/own-ca`.

    Phones that install it trust https of these names: camera, position and work without signal need that.
    With the same names again the server's certificate is renewed, and phones trust it as before.
    """
    os.umask(PRIVATE)
    wanted = names or [*_own_names()]
    try:
        made = certify(settings.var / FOLDER, wanted, SystemClock().now())
    except OwnCaUnusable as problem:
        print_error(problem)
        raise typer.Exit(CANNOT_RUN) from None
    host = wanted[0]
    print_text(
        here(
            f"Certificat de {', '.join(wanted)} jusqu'au {made.valid_until:%Y-%m-%d}, dans {made.folder}.",
            f"Certificate of {', '.join(wanted)} until {made.valid_until:%Y-%m-%d}, in {made.folder}.",
        )
    )
    if not made.is_new_authority:
        print_text(here("L'autorité est celle d'avant.", "The authority is the one of before."))
    print_text(here("1. Démarrez le serveur avec :", "1. Start the server with:"))
    print_text(
        f"   {this_program()} up --listen {ANYWHERE} --http-tls-certificate {made.chain} "
        f"--http-tls-key {made.key} --public-url https://{host}:{settings.https_port}"
    )
    url = f"http://{host}:{settings.http_port}{OWN_CA_PATH}"
    print_text(
        here(
            f"2. Sur chaque téléphone, ouvrez {url} et installez l'autorité (iPhone : Réglages › Général › "
            "Informations › Réglages des certificats; Android : Sécurité › Installer un certificat › CA).",
            f"2. On each phone, open {url} and install the authority (iPhone: Settings › General › About › "
            "Certificate Trust Settings; Android: Security › Install a certificate › CA certificate).",
        )
    )
    for line in qr_lines(url):
        print_text(line)
    print_text(here("3. Vérifiez : borne doctor --phone", "3. Check: borne doctor --phone"))


def _own_names() -> list[str]:
    """This machine's addresses on its networks, else its name."""
    found = [each for each in reachable_hosts(ANYWHERE, own_addresses()) if not each.startswith("127.")]
    return found or [socket.gethostname()]
