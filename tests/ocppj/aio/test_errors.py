"""What the errors of connections say to people."""

import errno

import pytest

from ocppj.aio.errors import ListenError, UpgradeRefusedError


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (
            errno.EADDRINUSE,
            "cannot listen on 0.0.0.0 port 80: another program does; stop it or choose another port",
        ),
        (
            errno.EACCES,
            "cannot listen on 0.0.0.0 port 80: ports below 1024 need privileges; choose a higher one",
        ),
        (errno.EADDRNOTAVAIL, "cannot listen on 0.0.0.0 port 80: this machine has no such address"),
        (errno.ENOBUFS, "cannot listen on 0.0.0.0 port 80: no room"),
    ],
)
def test_a_port_that_cannot_be_opened_says_what_to_do(number: int, text: str) -> None:
    """What the system says, where there is nothing better."""
    error = ListenError("0.0.0.0", 80, OSError(number, "no room"))
    assert (str(error), error.port, error.error.errno) == (text, 80, number)


def test_a_port_of_all_addresses_is_named_so() -> None:
    """There is no host then; and a system that says nothing still says something."""
    assert str(ListenError(None, 80, OSError("x"))) == "cannot listen on all addresses port 80: x"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("unknown station\nask for it", "the server answered HTTP 404: unknown station"),
        ("  \n", "the server answered HTTP 404: no text"),
        ("x" * 300, f"the server answered HTTP 404: {'x' * 200}"),
    ],
)
def test_a_refusal_is_shown_by_its_first_line(body: str, text: str) -> None:
    """The rest is there for who wants it."""
    error = UpgradeRefusedError(404, body, (("Retry-After", "5"),))
    assert (str(error), error.status, error.body) == (text, 404, body)
    assert error.headers == (("Retry-After", "5"),)
