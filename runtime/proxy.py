"""Requests that come through a proxy: who really asks, and whether the browser spoke TLS.

Both are told in headers that anybody could send: they are believed of trusted proxies only.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
LONGEST_CHAIN = 20
"""Proxies behind each other that are looked at."""
SCHEMES = {"http": {"http": "http", "https": "https"}, "websocket": {"http": "ws", "https": "wss"}}


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks (CIDR), separated by commas or blanks. Raises ValueError."""
    return tuple(ip_network(each) for each in text.replace(",", " ").split())


class TrustedProxies:
    """An ASGI app around another one. Without networks it changes nothing."""

    def __init__(self, app: ASGIApp, trusted: Iterable[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if self._trusted and scope["type"] in SCHEMES and self._is_trusted((scope.get("client") or ("",))[0]):
            headers = Headers(scope=scope)
            scope = {
                **scope,
                "client": (self._client(headers, scope["client"][0]), 0),
                "scheme": _scheme(headers, scope),
            }
        await self._app(scope, receive, send)

    def _client(self, headers: Headers, peer: str) -> str:
        """The last address of X-Forwarded-For that is no proxy of ours: what is before it, anybody said."""
        chain = [each.strip() for each in ",".join(headers.getlist("x-forwarded-for")).split(",")]
        for address in reversed(chain[-LONGEST_CHAIN:]):
            plain = _plain(address)
            if plain is None:
                break
            peer = plain
            if not self._is_trusted(plain):
                break
        return peer

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        return any(parsed in network for network in self._trusted)


def _scheme(headers: Headers, scope: Scope) -> str:
    """What the last proxy says the client spoke."""
    told = ",".join(headers.getlist("x-forwarded-proto")).rpartition(",")[2].strip().lower()
    return SCHEMES[scope["type"]].get(told, str(scope["scheme"]))


def _plain(address: str) -> str | None:
    """An address without port and brackets; None where it is none."""
    text = address.partition("]")[0].removeprefix("[") if address.startswith("[") else address
    if text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None
