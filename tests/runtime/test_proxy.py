"""What a proxy tells is believed of a trusted one, and of nobody else."""

from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from runtime.proxy import TrustedProxies, networks

PROXY, CLIENT, STRANGER = "10.0.0.5", "192.0.2.44", "198.51.100.7"


async def seen_through(
    headers: dict[str, str], *, peer: str = PROXY, trusted: str = "10.0.0.0/8", kind: str = "http"
) -> tuple[str, str]:
    """The address and the scheme that the app sees."""
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    async def nothing(*_: Any) -> Any:
        return {}

    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scheme = "http" if kind == "http" else "ws"
    scope = {"type": kind, "client": (peer, 1234), "scheme": scheme, "headers": pairs}
    await TrustedProxies(app, networks(trusted))(scope, nothing, nothing)
    return seen[0]["client"][0], seen[0]["scheme"]


TOLD = {"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https"}


async def test_a_trusted_proxy_tells_who_asks_and_how() -> None:
    """Of requests and of sockets."""
    assert await seen_through(TOLD) == (CLIENT, "https")
    assert await seen_through(TOLD, kind="websocket") == (CLIENT, "wss")
    assert await seen_through(TOLD, peer="::ffff:10.0.0.5") == (CLIENT, "https")


@pytest.mark.parametrize("trusted", ["", "10.9.0.0/16"])
async def test_nobody_else_may_claim_an_address(trusted: str) -> None:
    """Neither without the setting nor from elsewhere."""
    assert await seen_through(TOLD, trusted=trusted) == (PROXY, "http")


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (f"1.2.3.4, {CLIENT}", CLIENT),
        (f"{CLIENT}, 10.0.0.9", CLIENT),
        (f"{STRANGER}, {CLIENT}, 10.0.0.9, 10.1.1.1", CLIENT),
        (f"{CLIENT}:55123", CLIENT),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("unknown", PROXY),
        ("", PROXY),
        ("10.0.0.7", "10.0.0.7"),
    ],
)
async def test_the_last_address_that_is_no_proxy_counts(chain: str, expected: str) -> None:
    """What stands before it, the client may have written itself."""
    assert (await seen_through({"X-Forwarded-For": chain}))[0] == expected


async def test_a_scheme_nobody_knows_changes_nothing() -> None:
    """Only http and https are schemes."""
    assert (await seen_through({"X-Forwarded-Proto": "gopher"}))[1] == "http"


def test_networks_are_addresses_and_cidr() -> None:
    """Separated by commas or blanks; anything else is refused at the start."""
    assert [str(each) for each in networks("10.0.0.0/8, ::1 192.0.2.1")] == [
        "10.0.0.0/8",
        "::1/128",
        "192.0.2.1/32",
    ]
    with pytest.raises(ValueError, match=r"proxy\.example"):
        networks("proxy.example")
