"""Which URLs to type into a station: one per address that the server really listens on."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

import ifaddr

from borne.settings import LOOPBACK

STATION_ID_PLACEHOLDER = "<station id>"


def reachable_hosts(listen: str, own: Iterable[str]) -> list[str]:
    """The hosts, ready for a URL, under which others reach a server listening on `listen`.

    `own` are the machine's addresses. A wildcard stands for those of its own family, but link-local IPv6 (a
    station cannot be given a zone); a name or a plain address stands for itself.
    """
    if listen not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return [_url_host(listen)]
    family = IPv4Address if listen == "0.0.0.0" else IPv6Address  # noqa: S104 - compared, not bound
    addresses = {ip_address(text) for text in own}
    hosts = sorted(a for a in addresses if isinstance(a, family) and not (a.version == 6 and a.is_link_local))
    # People on site type the address of the network, not loopback: it comes last.
    return [_url_host(str(address)) for address in sorted(hosts, key=lambda a: a.is_loopback)]


def own_addresses() -> list[str]:
    """Every IP address of this machine's network adapters."""
    found = (ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips)
    return [ip if isinstance(ip, str) else ip[0] for ip in found]


def station_urls(listen: str, port: int, *, is_secure: bool = False) -> list[str]:
    """`ws://HOST:PORT/ocpp/<station id>` for each reachable host; `wss` where the port speaks TLS."""
    scheme = "wss" if is_secure else "ws"
    hosts = reachable_hosts(listen, own_addresses())
    return [f"{scheme}://{host}:{port}/ocpp/{STATION_ID_PLACEHOLDER}" for host in hosts]


def local_http_url(listen: str, port: int, *, is_secure: bool = False) -> str:
    """The API's address as seen from this machine."""
    return f"{'https' if is_secure else 'http'}://{_local_host(listen)}:{port}"


def local_ocpp_url(listen: str, port: int) -> str:
    """Where stations on this machine connect; a station appends `/<station id>`."""
    return f"ws://{_local_host(listen)}:{port}/ocpp"


def _local_host(listen: str) -> str:
    if listen in {"::", "::1"}:
        return "[::1]"
    if listen in LOOPBACK or listen == "0.0.0.0":  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return _url_host(listen)


def _url_host(host: str) -> str:
    """IPv6 addresses stand in brackets in a URL (RFC 3986 §3.2.2)."""
    return f"[{host}]" if ":" in host else host
