"""The URLs that `borne up` prints are those that something listens on."""

import pytest

from borne import addresses

OWN = ["127.0.0.1", "192.168.1.20", "10.0.0.4", "::1", "fe80::1", "2001:db8::7"]


def test_wildcard_names_each_address_of_its_family_with_loopback_last() -> None:
    """0.0.0.0 listens on IPv4 only, so no IPv6 address is promised."""
    assert addresses.reachable_hosts("0.0.0.0", OWN) == ["10.0.0.4", "192.168.1.20", "127.0.0.1"]


def test_ipv6_wildcard_leaves_link_local_out() -> None:
    """A link-local address needs a zone that a station cannot be given."""
    assert addresses.reachable_hosts("::", OWN) == ["[2001:db8::7]", "[::1]"]


@pytest.mark.parametrize(("listen", "host"), [("127.0.0.1", "127.0.0.1"), ("2001:db8::7", "[2001:db8::7]")])
def test_plain_address_stands_for_itself(listen: str, host: str) -> None:
    """One address, one URL; IPv6 in brackets."""
    assert addresses.station_urls(listen, 9000) == [f"ws://{host}:9000/ocpp/<station id>"]


def test_tls_port_is_printed_as_wss() -> None:
    """The scheme says whether the port speaks TLS."""
    assert addresses.station_urls("127.0.0.1", 9443, is_secure=True) == [
        "wss://127.0.0.1:9443/ocpp/<station id>"
    ]


@pytest.mark.parametrize(
    ("listen", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("::1", "http://[::1]:8080"),
        ("10.0.0.4", "http://10.0.0.4:8080"),
    ],
)
def test_local_url_of_the_api(listen: str, url: str) -> None:
    """The machine itself reaches the API by loopback where that is listened on."""
    assert addresses.local_http_url(listen, 8080) == url
