"""The way of a phone to this server: the URL it is given, the name, the certificate."""

import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import httpx

from borne.addresses import own_addresses
from borne.doctor.remarks import Remark, good, note, problem
from borne.own_ca.authority import AUTHORITY, FOLDER
from borne.phone_url import phone_url
from borne.settings import ServerSettings
from runtime.wording import Phrase

WITHIN_S = 10.0
EXPIRED, WRONG_NAME = 10, 62
"""OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED and X509_V_ERR_HOSTNAME_MISMATCH; 64 is that of an address."""
WRONG_ADDRESS = 64
THREE_WAYS = Phrase(
    "Trois façons : docs/howto/open-to-the-network.md; sans nom public : borne own-ca",
    "Three ways: docs/howto/open-to-the-network.md; without a public name: borne own-ca",
)
BAD_CERTIFICATES = {
    EXPIRED: Phrase("son certificat a expiré", "its certificate has expired"),
    WRONG_NAME: Phrase("son certificat est pour un autre nom", "its certificate is for another name"),
    WRONG_ADDRESS: Phrase(
        "son certificat est pour une autre adresse", "its certificate is for another address"
    ),
}


def examine_phone(settings: ServerSettings) -> list[Remark]:
    """What a phone meets, from its link on; the first thing in the way ends it."""
    return list(_way(settings))


def _way(settings: ServerSettings) -> Iterator[Remark]:
    url = phone_url(settings)
    parts = urlsplit(url)
    host = parts.hostname or ""
    if settings.public_url is None:
        yield note(
            Phrase(
                f"Personne n'a dit par où passent les téléphones; les codes QR porteraient {url}.",
                f"Nobody said how phones get here; QR codes would carry {url}.",
            ),
            Phrase("Dites-le : --public-url https://NOM", "Say it: --public-url https://NAME"),
        )
    else:
        yield good(Phrase(f"liens et codes QR portent {url}", f"links and QR codes carry {url}"))
    addresses = _addresses(host)
    if not addresses:
        yield problem(
            Phrase(f"Le nom {host} ne mène nulle part d'ici.", f"The name {host} leads nowhere from here."),
            Phrase(
                "Inscrivez-le au DNS, ou donnez une adresse.", "Enter it into the DNS, or give an address."
            ),
        )
        return
    if all(ip_address(each).is_loopback for each in addresses):
        yield problem(
            Phrase(
                f"{host} est cette machine même : aucun téléphone n'y arrive.",
                f"{host} is this very machine: no phone gets there.",
            ),
            Phrase(
                "borne up --listen 0.0.0.0, et un nom ou une adresse du réseau",
                "borne up --listen 0.0.0.0, and a name or an address of the network",
            ),
        )
    is_here = bool(set(addresses) & set(own_addresses()))
    where = (
        Phrase("cette machine", "this machine")
        if is_here
        else Phrase("un mandataire, ou une autre machine", "a proxy, or another machine")
    )
    shown = ", ".join(addresses)
    yield good(Phrase(f"{host} mène à {shown} : {where.fr}", f"{host} leads to {shown}: {where.en}"))
    yield from _secure(parts, settings) if parts.scheme == "https" else _plain(parts)


def _plain(parts: SplitResult) -> Iterator[Remark]:
    yield problem(
        Phrase(
            "Ce n'est pas du https : ni caméra, ni position, ni travail sans réseau. La photo de "
            "l'étiquette et la saisie restent.",
            "This is not https: no camera, no position, no work without signal. The photo of the label and "
            "typing remain.",
        ),
        THREE_WAYS,
    )
    yield from _answer(parts, ssl.create_default_context())


def _secure(parts: SplitResult, settings: ServerSettings) -> Iterator[Remark]:
    """By what every phone trusts, else by the own authority."""
    trouble = _untrusted(parts, ssl.create_default_context())
    context = ssl.create_default_context()
    if trouble is None:
        yield good(
            Phrase("tous les téléphones font confiance au certificat", "every phone trusts the certificate")
        )
    else:
        own = settings.var / FOLDER / AUTHORITY
        context = ssl.create_default_context(cafile=str(own)) if own.is_file() else context
        if not own.is_file() or _untrusted(parts, context) is not None:
            yield problem(
                Phrase(f"Un téléphone refuse : {trouble.fr}.", f"A phone refuses: {trouble.en}."), THREE_WAYS
            )
            return
        yield note(
            Phrase(
                "Le certificat est de votre propre autorité : il vaut là où elle est installée.",
                "The certificate is of your own authority: it counts on phones that have installed it.",
            ),
            Phrase(
                f"Sur le téléphone : http://{parts.hostname}:{settings.http_port}/own-ca.crt",
                f"On the phone: http://{parts.hostname}:{settings.http_port}/own-ca.crt",
            ),
        )
    yield from _answer(parts, context)
    yield good(
        Phrase(
            "contexte sûr : caméra, position et travail sans réseau",
            "secure context: camera, position, work without signal",
        )
    )
    yield from _redirect(parts)


def _answer(parts: SplitResult, context: ssl.SSLContext) -> Iterator[Remark]:
    """Whether this server is at the end of the way."""
    try:
        answer = httpx.get(f"{parts.scheme}://{parts.netloc}/healthz", verify=context, timeout=WITHIN_S)
    except httpx.HTTPError as error:
        yield problem(
            Phrase(
                f"Personne ne répond à {parts.netloc} ({error}).",
                f"Nobody answers at {parts.netloc} ({error}).",
            ),
            Phrase(
                "Démarrez le serveur, ouvrez le port dans le pare-feu.",
                "Start the server, open the port in the firewall.",
            ),
        )
        return
    if answer.is_success:
        yield good(Phrase("borne répond", "borne answers"))
    else:
        yield problem(
            Phrase(
                f"Ce qui répond à {parts.netloc} n'est pas borne ({answer.status_code}).",
                f"What answers at {parts.netloc} is not borne ({answer.status_code}).",
            ),
            Phrase(
                "Menez le mandataire au port 8080 : proxy_pass", "Lead the proxy to port 8080: proxy_pass"
            ),
        )


def _redirect(parts: SplitResult) -> Iterator[Remark]:
    """Whoever types the name without https:// gets there too; of a port of one's own nobody expects it."""
    if parts.port not in (None, 443):
        return
    try:
        answer = httpx.get(f"http://{parts.hostname}/install", timeout=WITHIN_S)
    except httpx.HTTPError:
        return
    if not answer.headers.get("location", "").startswith("https://"):
        yield note(
            Phrase(
                f"http://{parts.hostname} ne mène pas à https.",
                f"http://{parts.hostname} does not lead to https.",
            ),
            Phrase(
                "Faites-le faire par le mandataire : return 301 https://…",
                "Have the proxy do it: return 301 https://…",
            ),
        )


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return sorted({str(each[4][0]).partition("%")[0] for each in found})


def _untrusted(parts: SplitResult, context: ssl.SSLContext) -> Phrase | None:
    """Why a browser that trusts what `context` does refuses the certificate; None: it does not, or nobody is
    there to show one.
    """
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((host, port), WITHIN_S) as raw,
            context.wrap_socket(raw, server_hostname=host),
        ):
            return None
    except ssl.SSLCertVerificationError as error:
        told = Phrase(
            f"son certificat n'est d'aucune autorité connue ({error.verify_message})",
            f"its certificate is of no known authority ({error.verify_message})",
        )
        return BAD_CERTIFICATES.get(error.verify_code, told)
    except OSError:
        return None
