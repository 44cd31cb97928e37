"""The one URL that somebody opens on a phone."""

from borne.addresses import own_addresses, reachable_hosts
from borne.settings import ServerSettings

INSTALL = "/install"


def phone_url(settings: ServerSettings) -> str:
    """As the settings say, else the first address of this machine, with TLS where there is a certificate."""
    if settings.public_url is not None:
        return f"{settings.public_url.rstrip('/')}{INSTALL}"
    host = reachable_hosts(settings.listen, own_addresses())[0]
    is_secure = settings.http_tls_certificate is not None
    scheme, port = ("https", settings.https_port) if is_secure else ("http", settings.http_port)
    return f"{scheme}://{host}:{port}{INSTALL}"
